import type { DicomwebClient, StudyResource } from '../client.ts';
import { stringOf } from '../dicom-json.ts';
import { RetrieveError } from '../errors.ts';
import type { RequestOptions } from '../exchange.ts';
import { transactionMessage } from '../message.ts';
import { isPathUID, resourcePath } from '../resource.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import type { Layout } from './layout.ts';
import { LAYOUT_KEYWORDS } from './layout.ts';

/** An instance that is to come, and where it goes. */
export interface InstanceToRetrieve extends InstanceUIDs {
  /** Relative to the folder; undefined when its UIDs are none. */
  readonly path: string | undefined;
}

/**
 * Lists the instances of a study, a series, or one, page after page, by the Search transaction.
 * @throws {RetrieveError} ERR_RETRIEVE_NOT_FOUND when there are none; {SearchError}; TypeError for a UID that is none.
 */
export async function* instancesToRetrieve(
  client: DicomwebClient,
  uids: StudyResource,
  layout: Layout,
  options: RequestOptions
): AsyncGenerator<InstanceToRetrieve, void> {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  const resource = resourcePath(uids);
  const includefield = layout.keywords.map(keyword => LAYOUT_KEYWORDS[keyword]);
  let count = 0;
  const found = client.allInstances({
    ...options,
    studyInstanceUID,
    seriesInstanceUID,
    filters: sopInstanceUID === undefined ? {} : { SOPInstanceUID: sopInstanceUID },
    includefield: includefield.length > 0 ? includefield : undefined,
  });
  for await (const dataset of found) {
    const series = seriesInstanceUID ?? stringOf(dataset, 'SeriesInstanceUID') ?? '';
    const instance = stringOf(dataset, 'SOPInstanceUID') ?? '';
    // Who ignores the filter must not have more retrieved than was asked for.
    if (sopInstanceUID !== undefined && instance !== sopInstanceUID) continue;
    const named = { studyInstanceUID, seriesInstanceUID: series, sopInstanceUID: instance };
    count += 1;
    const isSafe = isPathUID(series) && isPathUID(instance);
    yield { ...named, path: isSafe ? layout.pathOf(named, dataset) : undefined };
  }
  if (count > 0) return;
  throw new RetrieveError(
    'ERR_RETRIEVE_NOT_FOUND',
    transactionMessage('WADO-RS', 'GET', client.serviceUrl + resource, 'no instances')
  );
}
