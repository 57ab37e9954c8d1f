import { acceptsDicomJson } from '../http/media-type.ts';
import { notAcceptableFilter } from '../http/service-error.ts';
import { acceptLines, answerJson, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { answerQuoted, workItemUid } from './work-item-body.ts';

/** The service's words for a work item which is not there. */
export const NO_WORK_ITEM = 'The workitem instance is not found.';

/** Retrieves a work item, without its Transaction UID. @see PS3.18 11.5 */
export async function retrieveWorkItem(exchange: Exchange): Promise<void> {
  const { request, response, archive, partition } = exchange;
  if (!acceptsDicomJson(acceptLines(request))) throw notAcceptableFilter();
  requireForAll(exchange, 'read');
  const item = archive.workItems.get(partition.name, workItemUid(exchange));
  if (item) answerJson(response, 200, JSON.stringify(item.dataSet));
  else answerQuoted(response, 404, NO_WORK_ITEM);
}
