import type { WorkItem } from '../archive/work-items.ts';
import { isUid } from '../validation/minimum-rules.ts';
import { invalidUid, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import {
  answerMessage,
  dateTimeOf,
  firstParameter,
  readWorkItem,
  TAG,
  warning,
  workItemUid,
} from './work-item-body.ts';
import { checkWorkItem, WorkItemFault } from './work-item-requirements.ts';

const NOT_CLAIMED = 'The target URI did not reference a claimed Workitem.';
const INCONSISTENT =
  'The submitted request is inconsistent with the current state of the Workitem.';

/**
 * Changes attributes of a work item. One that is in progress is changed by whoever knows its
 * Transaction UID, which is the name of the first query parameter.
 *
 * @see PS3.18 11.6; reference 4, UPS-RS
 */
export async function updateWorkItem(exchange: Exchange): Promise<void> {
  const { archive, partition, dataRoot } = exchange;
  const changes = await readWorkItem(exchange);
  requireForAll(exchange, 'write');
  const uid = workItemUid(exchange);
  const transactionUID = firstParameter(exchange);
  if (transactionUID !== undefined && !isUid(transactionUID)) throw invalidUid('TransactionUid');
  const item = archive.workItems.get(partition.name, uid);
  // 400, also for one which is not there. [source WorkitemResponseBuilder]
  if (!item) return refuse(exchange, 400, NOT_CLAIMED);
  changes[TAG.modificationDateTime] = { vr: 'DT', Value: [dateTimeOf(archive.now())] };
  const refusal = refusalOf(item, transactionUID);
  if (refusal) return refuse(exchange, refusal.status, refusal.message);
  try {
    checkWorkItem(changes, 'update');
  } catch (error) {
    if (!(error instanceof WorkItemFault)) throw error;
    return refuse(exchange, 400, error.message);
  }
  const { [TAG.transactionUID]: left, ...kept } = changes;
  void left;
  await archive.workItems.put({ ...item, dataSet: { ...item.dataSet, ...kept } });
  answerMessage(exchange, 200, '', { 'Content-Location': `${dataRoot}/workitems/${uid}` });
}

function refuse(exchange: Exchange, status: number, message: string): void {
  answerMessage(exchange, status, message, warning(exchange, message));
}

/** Why a work item may not be changed as it stands. [source UpdateWorkitemDatasetValidator] */
function refusalOf(
  item: WorkItem,
  transactionUID: string | undefined
): { status: number; message: string } | undefined {
  switch (item.state) {
    case 'SCHEDULED':
      return transactionUID === undefined
        ? undefined
        : {
            status: 400,
            message: 'Invalid TransactionUID for the specified Workitem Instance UID.',
          };
    case 'IN PROGRESS':
      return transactionUID === item.transactionUID
        ? undefined
        : { status: 400, message: NOT_CLAIMED };
    case 'COMPLETED':
      return { status: 400, message: `${INCONSISTENT} The UPS is already COMPLETED.` };
    case 'CANCELED':
      return {
        status: 409,
        message: `${INCONSISTENT} The UPS is already in the requested state of CANCELED.`,
      };
  }
}
