import { acceptsDicomJson } from '../http/media-type.ts';
import { badRequest, notAcceptableFilter } from '../http/service-error.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import { isUid } from '../validation/minimum-rules.ts';
import { acceptLines, invalidUid, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import {
  answerQuoted,
  dateTimeOf,
  firstParameter,
  readWorkItem,
  TAG,
  valueOf,
} from './work-item-body.ts';
import { checkWorkItem, WorkItemFault } from './work-item-requirements.ts';

const UNIFIED_PROCEDURE_STEP_PUSH = '1.2.840.10008.5.1.4.34.6.1';
/** All work items of the service lie in one worklist. [source WorkitemService.Add] */
const WORKLIST = 'worklist';

/** Creates a work item. @see PS3.18 11.4; reference 4, UPS-RS */
export async function addWorkItem(exchange: Exchange): Promise<void> {
  const { request, response, archive, partition, dataRoot } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  const dataSet = await readWorkItem(exchange);
  requireForAll(exchange, 'write');
  const named = firstParameter(exchange);
  if (named !== undefined && !isUid(named)) throw invalidUid('WorkitemInstanceUid');
  if (named !== undefined) {
    if (dataSet[TAG.sopInstanceUID] && valueOf(dataSet, TAG.sopInstanceUID) !== named) {
      throw badRequest(
        'SOPInstanceUID in the payload does not match the workitem query parameter.'
      );
    }
    dataSet[TAG.sopInstanceUID] = { vr: 'UI', Value: [named] };
  }
  complete(dataSet, archive.now());
  try {
    checkWorkItem(dataSet, 'add');
  } catch (error) {
    if (!(error instanceof WorkItemFault)) throw error;
    answerQuoted(response, 400, error.message);
    return;
  }
  const uid = withoutPadding(valueOf(dataSet, TAG.sopInstanceUID));
  if (!isUid(uid)) throw invalidUid('SOPInstanceUID');
  if (archive.workItems.get(partition.name, uid)) {
    const message = 'The workitem instance already exists. Try creating using a different UID.';
    answerQuoted(response, 409, message);
    return;
  }
  const { [TAG.transactionUID]: left, ...kept } = dataSet;
  void left;
  const partitionName = partition.name;
  await archive.workItems.put({ partitionName, uid, state: 'SCHEDULED', dataSet: kept });
  const url = `${dataRoot}/workitems/${uid}`;
  response.writeHead(201, { 'Content-Location': url, Location: url, 'Content-Length': '0' });
  response.end();
}

/** Sets what the service itself decides. */
function complete(dataSet: JsonDataSet, nowMs: number): void {
  dataSet[TAG.sopClassUID] = { vr: 'UI', Value: [UNIFIED_PROCEDURE_STEP_PUSH] };
  dataSet[TAG.modificationDateTime] = { vr: 'DT', Value: [dateTimeOf(nowMs)] };
  dataSet[TAG.worklistLabel] = { vr: 'LO', Value: [WORKLIST] };
  dataSet[TAG.state] = { vr: 'CS', Value: ['SCHEDULED'] };
}
