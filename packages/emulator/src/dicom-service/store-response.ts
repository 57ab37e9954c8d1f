import type { JsonDataSet } from '../part10/dicom-json.ts';
import type { ApiVersion } from '../storage/stored-instance.ts';
import type { PartOutcome } from './store-part.ts';

/**
 * The answer of Store: status and data set.
 *
 * @param outcomes - of each part; at least one.
 * @param request - the API version, and the URL below which studies are.
 * @param pathStudyInstanceUID - the study named in the path, if any.
 * @see reference 1.2, 1.3
 */
export function storeResponse(
  outcomes: readonly PartOutcome[],
  request: { version: ApiVersion; dataRoot: string },
  pathStudyInstanceUID?: string
): { status: 200 | 202 | 409; dataSet: JsonDataSet } {
  const { version, dataRoot } = request;
  const root = `${dataRoot}/studies`;
  const failed = outcomes.filter(outcome => outcome.failureReason !== undefined);
  const stored = outcomes.filter(outcome => outcome.failureReason === undefined);
  const dataSet: JsonDataSet = {};
  if (pathStudyInstanceUID !== undefined && stored.length > 0) {
    dataSet['00081190'] = { vr: 'UR', Value: [`${root}/${pathStudyInstanceUID}`] };
  }
  if (failed.length > 0) dataSet['00081198'] = { vr: 'SQ', Value: failed.map(failedItem) };
  if (stored.length > 0) {
    dataSet['00081199'] = {
      vr: 'SQ',
      Value: stored.map(outcome => storedItem(outcome, root, version)),
    };
  }
  return { status: statusOf(stored, failed, version), dataSet };
}

function statusOf(
  stored: readonly PartOutcome[],
  failed: readonly PartOutcome[],
  version: ApiVersion
): 200 | 202 | 409 {
  if (stored.length === 0) return 409;
  if (failed.length > 0) return 202;
  const warned = stored.some(outcome => outcome.warningReason !== undefined);
  return version === 2 && warned ? 202 : 200;
}

function failedItem(outcome: PartOutcome): JsonDataSet {
  const item = references(outcome);
  item['00081197'] = { vr: 'US', Value: [outcome.failureReason ?? 0] };
  if (outcome.comments.length > 0) item['00741048'] = commentSequence(outcome.comments);
  return item;
}

function storedItem(outcome: PartOutcome, root: string, version: ApiVersion): JsonDataSet {
  const item = references(outcome);
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = outcome.instance ?? {};
  const url = `${root}/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`;
  item['00081190'] = { vr: 'UR', Value: [url] };
  if (outcome.warningReason !== undefined) {
    item['00081196'] = { vr: 'US', Value: [outcome.warningReason] };
  }
  if (version === 2) item['00741048'] = commentSequence(outcome.comments);
  return item;
}

/** ReferencedSOPClassUID and ReferencedSOPInstanceUID, as far as they could be read. */
function references({ instance }: PartOutcome): JsonDataSet {
  const item: JsonDataSet = {};
  if (instance?.sopClassUID) item['00081150'] = { vr: 'UI', Value: [instance.sopClassUID] };
  if (instance?.sopInstanceUID) item['00081155'] = { vr: 'UI', Value: [instance.sopInstanceUID] };
  return item;
}

/** FailedAttributesSequence with one ErrorComment an item. */
function commentSequence(comments: readonly string[]): JsonDataSet[string] {
  if (comments.length === 0) return { vr: 'SQ' };
  return {
    vr: 'SQ',
    Value: comments.map(comment => ({ '00000902': { vr: 'LO', Value: [comment] } })),
  };
}
