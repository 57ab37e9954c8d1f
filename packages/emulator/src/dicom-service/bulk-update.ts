import type { Archive } from '../archive/archive.ts';
import type { Partition } from '../archive/partitions.ts';
import { badRequest, ServiceError } from '../http/service-error.ts';
import { changeElements } from '../part10/change-elements.ts';
import type { TextChange } from '../part10/change-elements.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { readHeader, withFile } from '../part10/part10-file.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
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
  const changes = changesOf(dataSet);
  const operation = archive.operations.start('update', () =>
    updateStudies(archive, partition, studies, changes)
  );
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

async function updateStudies(
  archive: Archive,
  partition: Partition,
  studies: readonly string[],
  changes: readonly TextChange[]
): Promise<Record<string, unknown>> {
  const errors: string[] = [];
  let studyUpdated = 0;
  let instanceUpdated = 0;
  for (const studyInstanceUID of studies) {
    const instances = [...partition.store.index.find({ studyInstanceUID })];
    try {
      for (const instance of instances) {
        await updateInstance(archive, partition, instance, changes);
        instanceUpdated += 1;
      }
      if (instances.length > 0) studyUpdated += 1;
    } catch {
      errors.push(`Failed to update instances for study ${studyInstanceUID}`);
    }
  }
  return {
    studyProcessed: studies.length,
    studyUpdated,
    studyFailed: errors.length,
    instanceUpdated,
    ...(errors.length > 0 && { errors }),
  };
}

async function updateInstance(
  archive: Archive,
  partition: Partition,
  instance: StoredInstance,
  changes: readonly TextChange[]
): Promise<void> {
  const { store } = partition;
  const path = store.temporaryPath();
  try {
    await changeElements(instance.path, path, changes);
    const header = await withFile(path, readHeader);
    // Deleted meanwhile: it must not come back.
    if (!store.index.has(instance)) return;
    await archive.add(partition, path, header, instance.version, { replace: 'keepOriginal' });
  } finally {
    await store.discard(path);
  }
}
