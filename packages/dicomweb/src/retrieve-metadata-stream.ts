import { contextOf } from './client-context.ts';
import type { DicomwebClient, StudyResource } from './client.ts';
import { isDicomJson } from './dicom-json.ts';
import type { DicomJson } from './dicom-json.ts';
import type { RequestOptions } from './exchange.ts';
import { JsonArrayError, readJsonArray } from './json-array-stream.ts';
import { Pace, type YieldToTasks } from './pace.ts';
import { resourcePath } from './resource.ts';
import { get, unreadable } from './retrieve.ts';
import { failureOf } from './retrieve-stream.ts';

/** Options of {@link streamMetadata}. */
export interface StreamMetadataOptions extends RequestOptions {
  /** Called during long work, so that a page stays responsive; default: by a message. */
  readonly yieldToTasks?: YieldToTasks;
}

/**
 * The metadata of a study or series, instance by instance as they come: all attributes but the large ones. With a transport that streams,
 * thousands of instances are never one text and one long parse.
 * @throws as {@link retrieveInstances}.
 * @see PS3.18 10.4.1.1.2; Azure DICOM service conformance statement v2, Retrieve metadata
 */
export async function* streamMetadata(
  client: DicomwebClient,
  uids: StudyResource,
  options: StreamMetadataOptions = {}
): AsyncGenerator<DicomJson, void> {
  const context = contextOf(client);
  const path = `${resourcePath(uids)}/metadata`;
  const accept = 'application/dicom+json';
  const { stream } = await get(context, uids.studyInstanceUID, path, accept, options, 'stream');
  try {
    const pace = new Pace(options.yieldToTasks);
    for await (const dataset of readJsonArray(stream ?? empty(), pace)) {
      if (isDicomJson(dataset)) yield dataset;
    }
  } catch (error) {
    if (error instanceof JsonArrayError) throw unreadable(context, path, error.message);
    throw failureOf(error, context, path, options.signal);
  }
}

async function* empty(): AsyncGenerator<Uint8Array, void> {
  // Nothing.
}
