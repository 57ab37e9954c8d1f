import type { ProcedureStepState, WorkItem } from '../archive/work-items.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import {
  answerMessage,
  answerQuoted,
  dateTimeOf,
  readWorkItem,
  TAG,
  valueOf,
  warning,
  workItemUid,
} from './work-item-body.ts';
import { checkFinalState } from './work-item-final-state.ts';
import { requireValue, WorkItemFault } from './work-item-requirements.ts';
import { NO_WORK_ITEM } from './work-item-retrieve.ts';

const REASON_FOR_CANCELLATION = '00741238';
const DISCONTINUATION_REASON = '0074100E';
const COMMUNICATIONS_URI = '00741008';
const CONTACT_URI = '0074100A';
const CONTACT_DISPLAY_NAME = '0074100C';
const TARGETS: readonly string[] = ['IN PROGRESS', 'CANCELED', 'COMPLETED'];

/** Claims, completes or cancels a work item. @see PS3.18 11.7; reference 4, UPS-RS */
export async function changeWorkItemState(exchange: Exchange): Promise<void> {
  const { archive, partition } = exchange;
  const request = await readWorkItem(exchange);
  requireForAll(exchange, 'write');
  const uid = workItemUid(exchange);
  try {
    requireValue(request, TAG.transactionUID);
    requireValue(request, TAG.state);
    const target = valueOf(request, TAG.state);
    if (!TARGETS.includes(target)) {
      throw new WorkItemFault(
        `Expected value '(0074,1000)' to be one of the following values: [${TARGETS.join(',')}]`
      );
    }
    const item = archive.workItems.get(partition.name, uid);
    if (!item) return answerMessage(exchange, 404, NO_WORK_ITEM, warning(exchange, NO_WORK_ITEM));
    const transactionUID = valueOf(request, TAG.transactionUID);
    const state = target as ProcedureStepState;
    const { error, note } = transition(item, state, transactionUID);
    if (error) throw notPossible(state, error);
    const dataSet = { ...item.dataSet, [TAG.state]: { vr: 'CS', Value: [state] } };
    checkFinalState(dataSet);
    if (note) {
      const message = `The workitem instance is already in the final state '${item.state}'. ${note}.`;
      return answerMessage(exchange, 200, message, warning(exchange, message));
    }
    await archive.workItems.put({ ...item, state, transactionUID, dataSet });
    answerMessage(exchange, 200, '');
  } catch (error) {
    if (!(error instanceof WorkItemFault)) throw error;
    answerMessage(exchange, 400, error.message, warning(exchange, error.message));
  }
}

/** Requests that a work item be canceled; only one that nobody claimed is. @see PS3.18 11.8 */
export async function cancelWorkItem(exchange: Exchange): Promise<void> {
  const { archive, partition, response } = exchange;
  const request = await readWorkItem(exchange);
  requireForAll(exchange, 'write');
  const item = archive.workItems.get(partition.name, workItemUid(exchange));
  if (!item) return answerQuoted(response, 404, NO_WORK_ITEM);
  if (item.state === 'CANCELED') {
    const message = 'The UPS is already in the requested state of CANCELED.';
    return answerQuoted(response, 409, message, warning(exchange, message));
  }
  if (item.state !== 'SCHEDULED') {
    const { message } = notPossible('Canceled', item.state === 'COMPLETED' ? 'C311' : 'C312');
    return answerQuoted(response, 400, message);
  }
  const dataSet = canceled(item.dataSet, request, archive.now());
  try {
    checkFinalState(dataSet);
  } catch (error) {
    if (!(error instanceof WorkItemFault)) throw error;
    return answerQuoted(response, 400, error.message);
  }
  await archive.workItems.put({ ...item, state: 'CANCELED', dataSet });
  answerQuoted(response, 202, 'The workitem instance has been cancelled.');
}

const notPossible = (state: string, code: string) =>
  new WorkItemFault(`The workitem instance can not transition to '${state}' state: ${code}.`);

/** The transition table, with the codes of the service. @see PS3.4 table CC.1.1-2 */
function transition(
  item: WorkItem,
  target: ProcedureStepState,
  transactionUID: string
): { error?: string; note?: string } {
  const claiming = item.transactionUID === undefined && target === 'IN PROGRESS';
  if (!claiming && item.transactionUID !== transactionUID) return { error: 'C301' };
  switch (item.state) {
    case 'SCHEDULED':
      return target === 'IN PROGRESS' ? {} : { error: 'C310' };
    case 'IN PROGRESS':
      return target === 'IN PROGRESS' ? { error: 'C302' } : {};
    case 'COMPLETED':
      return target === 'COMPLETED' ? { note: 'B306' } : { error: 'C300' };
    case 'CANCELED':
      return target === 'CANCELED' ? { note: 'B304' } : { error: 'C300' };
    default:
      return { error: 'C307' };
  }
}

function canceled(dataSet: JsonDataSet, request: JsonDataSet, nowMs: number): JsonDataSet {
  const now = { vr: 'DT', Value: [dateTimeOf(nowMs)] };
  const reason = {
    vr: 'SQ',
    Value: [{ [REASON_FOR_CANCELLATION]: text('LT', valueOf(request, REASON_FOR_CANCELLATION)) }],
  };
  const contact = {
    [CONTACT_URI]: text('UR', valueOf(request, CONTACT_URI)),
    [CONTACT_DISPLAY_NAME]: text('LO', valueOf(request, CONTACT_DISPLAY_NAME)),
  };
  const progress = {
    [TAG.cancellationDateTime]: now,
    [DISCONTINUATION_REASON]: reason,
    [COMMUNICATIONS_URI]: { vr: 'SQ', Value: [contact] },
  };
  const performed = request[TAG.performedProcedure];
  return {
    ...dataSet,
    [TAG.cancellationDateTime]: now,
    [TAG.state]: { vr: 'CS', Value: ['CANCELED'] },
    [DISCONTINUATION_REASON]: reason,
    [TAG.progressInformation]: { vr: 'SQ', Value: [progress] },
    ...(performed && { [TAG.performedProcedure]: performed }),
  };
}

const text = (vr: string, value: string) => (value === '' ? { vr } : { vr, Value: [value] });
