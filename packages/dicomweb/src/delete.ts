import { DeleteError, failureKind } from './errors.ts';
import { abortReasonOr, exchange } from './exchange.ts';
import type { Answer, ExchangeContext, RequestOptions } from './exchange.ts';
import { describeStatus, transactionMessage } from './message.ts';
import { resourcePath } from './resource.ts';
import type { ResourceUIDs } from './resource.ts';
import { serverText } from './server-text.ts';
import { TransportError } from './transport.ts';

/**
 * Deletes a study, a series or an instance, with all that is below it.
 * @throws {DeleteError} ERR_DELETE_NOT_FOUND (also for a second time), _UNAUTHORIZED, _FORBIDDEN, _THROTTLED, _UNREACHABLE, _REFUSED. After
 *   ERR_DELETE_UNREACHABLE it may be deleted; doing it again is safe.
 * @throws the signal's reason when it is aborted; what the authorization source throws; TypeError for a UID that is none.
 * @see Azure DICOM service conformance statement v2, Delete. Not part of PS3.18.
 */
export async function deleteResource(
  context: ExchangeContext,
  uids: ResourceUIDs & { readonly studyInstanceUID: string },
  options: RequestOptions = {}
): Promise<void> {
  const { signal, onWaiting } = options;
  const { studyInstanceUID } = uids;
  if (studyInstanceUID === undefined) throw new TypeError('delete: expected a studyInstanceUID');
  const path = resourcePath(uids);
  const message = (what: string): string =>
    transactionMessage('Delete', 'DELETE', context.serviceUrl + path, what);
  let answer: Answer;
  try {
    answer = await exchange(context, {
      operation: 'delete',
      studyInstanceUID,
      method: 'DELETE',
      path,
      headers: { Accept: '*/*' },
      signal,
      onWaiting,
    });
  } catch (error) {
    if (!(error instanceof TransportError) || signal?.aborted) throw abortReasonOr(error, signal);
    // A cut answer of success is success: there is nothing in it to read.
    if (error.httpStatus !== undefined && error.httpStatus < 300) return;
    throw new DeleteError('ERR_DELETE_UNREACHABLE', message('no answer'), { cause: error });
  }
  const { status, body, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return;
  throw new DeleteError(
    `ERR_DELETE_${status === 404 ? 'NOT_FOUND' : failureKind(status)}`,
    message(describeStatus(status)),
    { httpStatus: status, serverText: serverText(body), retryAfterMs }
  );
}
