import { newBulkUpdate } from '../archive/bulk-update.ts';
import { badRequest, ServiceError } from '../http/service-error.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { isUid } from '../validation/minimum-rules.ts';
import { changesOf, faultsOf } from './bulk-update-changes.ts';
import { answerJson, invalidUid, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { JsonBodyError, member, readJson } from './json-body.ts';
import { answerAccepted, operationConflict } from './operations.ts';

const MAX_STUDIES = 50;

/**
 * Begins to change attributes of all instances of some studies; the first version of each is kept.
 * Only v2 has it.
 *
 * @see reference 4, Bulk update
 */
export async function startBulkUpdate(exchange: Exchange): Promise<void> {
  const { version, response, archive, partition } = exchange;
  if (version < 2) {
    exchange.request.resume();
    throw new ServiceError(404, '');
  }
  const body = await bodyOf(exchange);
  requireForAll(exchange, 'write');
  const studies = studiesOf(member(body, 'studyInstanceUids'));
  const dataSet = dataSetOf(member(body, 'changeDataset'));
  const faults = faultsOf(dataSet);
  if (faults.length > 0) {
    const items = faults.map(fault => ({ '00000902': { vr: 'LO', Value: [fault] } }));
    answerJson(response, 400, JSON.stringify({ '00741048': { vr: 'SQ', Value: items } }));
    return;
  }
  const active = archive.operations.active('update');
  if (active) throw operationConflict(exchange, active, 'update');
  const update = newBulkUpdate(partition.name, studies, changesOf(dataSet));
  const operation = await archive.startBulkUpdate(update);
  answerAccepted(exchange, operation);
}

async function bodyOf({ request }: Exchange): Promise<unknown> {
  try {
    return await readJson(request);
  } catch (error) {
    if (!(error instanceof JsonBodyError)) throw error;
    throw badRequest("Value can not be null. (Parameter 'updateSpecification')");
  }
}

function studiesOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw badRequest("The required field 'StudyInstanceUids' is missing or empty.");
  }
  if (value.length > MAX_STUDIES) {
    throw badRequest(`StudyInstanceUids count exceeded maximum length '${MAX_STUDIES}'`);
  }
  return value.map((uid: unknown) => {
    if (typeof uid !== 'string' || !isUid(uid)) throw invalidUid('StudyInstanceUid');
    return uid.trimEnd();
  });
}

function dataSetOf(value: unknown): JsonDataSet {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonDataSet;
  }
  throw badRequest("Value can not be null. (Parameter 'dataset')");
}
