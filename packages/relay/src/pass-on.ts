import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { requestHeaders, responseHeaders } from './headers.ts';
import { ownAddressOf } from './own-address.ts';
import { ACCESS_TOKEN_NOT_TAKEN } from './refusal.ts';
import { RetryBudget } from './retry-budget.ts';
import type { Service } from './service.ts';
import type { Exchange } from './store.ts';
import { answerTo, connectionRefusal, refuseRedirect } from './upstream.ts';

/** What the log says of a request that was passed on. */
export interface PassedOn {
  readonly upstreamStatus: number;
  /** Of the answer's body. */
  readonly bytes: number;
  /** The line broke within the answer, and was cut to the caller as well. */
  readonly isCut: boolean;
}

async function ask(service: Service, caller: Exchange): Promise<IncomingMessage> {
  const { access, upstream, clock, settings, metrics } = service;
  const budget = new RetryBudget(clock, settings.retrySeconds);
  const { request, path, signal } = caller;
  const { method = 'GET' } = request;
  let isRenewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const accessToken = await access.accessToken(caller);
    const headers = requestHeaders(request.headers, accessToken);
    const outgoing = upstream.open({ method, path, headers, signal });
    outgoing.end();
    const answer = await answerTo(outgoing).catch((error: unknown) => {
      throw connectionRefusal(
        error,
        method === 'GET' ? 'Try again.' : 'Whether it was carried out is not known.'
      );
    });
    const { statusCode: status } = answer;
    if (status === 401 && accessToken !== undefined) {
      access.refused(accessToken);
      answer.destroy();
      // 401 says that nothing was done, so it is sent once more with a new access token.
      if (isRenewed) throw ACCESS_TOKEN_NOT_TAKEN;
      isRenewed = true;
      metrics.retry('401');
      continue;
    }
    if (accessToken !== undefined && (status ?? 500) < 300) access.taken(accessToken);
    // Both methods are idempotent (RFC 9110 9.2.2).
    if (status !== 429 && status !== 503) return answer;
    if (!(await budget.waits(attempt, answer.headers['retry-after'], signal))) return answer;
    answer.destroy();
    metrics.retry(status === 429 ? '429' : '503');
  }
}

/**
 * Passes GET and DELETE on, and the answer back as it comes, with back-pressure. Addresses in it are the relay's, see {@link ownAddressOf}.
 * @throws {Refusal} when the caller is to be answered in plain words instead.
 */
export async function passOn(service: Service, caller: Exchange): Promise<PassedOn> {
  const { request, response, signal } = caller;
  request.resume(); // a body has no meaning here (RFC 9110 9.3.1, 9.3.5)
  const answer = await ask(service, caller);
  try {
    refuseRedirect(answer.statusCode);
  } catch (error) {
    answer.destroy();
    throw error;
  }
  const { statusCode: upstreamStatus = 502 } = answer;
  const own = ownAddressOf(service.settings, request.headers);
  const isChanged = own.isFor(upstreamStatus, answer.headers);
  const { 'content-length': length, ...kept } = own.headers(responseHeaders(answer.headers));
  const headers = isChanged || length === undefined ? kept : { ...kept, 'content-length': length };
  response.writeHead(upstreamStatus, headers);
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => (bytes += chunk.length));
  try {
    // Cuts the caller's line when the service's breaks, and the other way round.
    if (isChanged) await pipeline(answer, own.stream(), response);
    else await pipeline(answer, response);
  } catch (error) {
    if (signal.aborted) throw error;
    return { upstreamStatus, bytes, isCut: true };
  }
  return { upstreamStatus, bytes, isCut: false };
}
