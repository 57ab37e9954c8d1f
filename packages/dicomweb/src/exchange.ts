import { parseRetryAfter, sleep } from '@ohif-azure/core';
import type { Clock } from '@ohif-azure/core';
import { isThrottled, nextWaitMs } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import type { RequestBody, Transport, TransportRequest, TransportResponse } from './transport.ts';
import { TransportError } from './transport.ts';

/** What a request does; the access token is chosen by it. */
export type Operation = 'search' | 'retrieve' | 'store' | 'delete';

/**
 * Supplies the value of the Authorization header for one request. Called for each request; `renew` is true after a 401 (one retry).
 * Gives undefined to send none. May throw a ProjectError (sign-in required, say), which is passed through unchanged.
 */
export type AuthorizationSource = (request: {
  readonly operation: Operation;
  readonly studyInstanceUID?: string;
  readonly renew: boolean;
  readonly signal?: AbortSignal;
}) => Promise<string | undefined>;

/** A pause before a throttled request is sent again. */
export interface Waiting {
  /** When it is sent again, in milliseconds since 1970. */
  readonly untilMs: number;
  /** 1 for the first repetition. */
  readonly attempt: number;
  /** 429 or 503. */
  readonly httpStatus: number;
}

/** Options of every transaction. */
export interface RequestOptions {
  /** Ends the transaction; it is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of each pause before a repetition. */
  readonly onWaiting?: (waiting: Waiting) => void;
}

/** What all transactions of a client share. */
export interface ExchangeContext {
  /** Without a slash at its end. */
  readonly serviceUrl: string;
  readonly dialect: 'azure' | 'standard';
  readonly transport: Transport;
  readonly authorization?: AuthorizationSource;
  readonly clock: Clock;
  readonly retry: RetryPolicy;
  /** 0 to below 1, for the jitter. */
  readonly random: () => number;
}

/** One request of a transaction. */
export interface ExchangeRequest extends RequestOptions {
  readonly operation: Operation;
  readonly studyInstanceUID?: string;
  readonly method: TransportRequest['method'];
  /** Below the service's root, with a slash at its beginning; with the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  /** `stream`: the body of an answer with status 200 is left to the caller, as {@link Answer.stream}. Default: `whole`. */
  readonly answer?: 'whole' | 'stream';
  readonly onUploadProgress?: (sentBytes: number) => void;
}

/** A final answer: any status but a 429 or 503 that was worth another try. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Whole; empty where there is a `stream`. */
  readonly body: Uint8Array;
  /** The body of a 200 that was asked for as a stream. Its errors are {@link TransportError}. */
  readonly stream?: AsyncIterable<Uint8Array>;
  /** Set for 429 and 503, in milliseconds, when the server said so. */
  readonly retryAfterMs?: number;
  /** The request was sent again with a renewed access token. */
  readonly renewed: boolean;
}

/** Whether the body of an answer with this status decides what became of the request. */
function isBodyNeeded(status: number): boolean {
  return (status >= 200 && status < 300) || status === 409;
}

/** Transports that have whole bodies only give one piece. */
function streamOf(response: TransportResponse): AsyncIterable<Uint8Array> {
  if (response.stream) return response.stream();
  return (async function* () {
    yield await response.bytes();
  })();
}

async function sendOnce(
  context: ExchangeContext,
  request: ExchangeRequest,
  authorization: string | undefined
): Promise<Omit<Answer, 'renewed'>> {
  const { method, body, signal, onUploadProgress } = request;
  const sent: TransportRequest = {
    method,
    url: context.serviceUrl + request.path,
    headers:
      authorization === undefined
        ? request.headers
        : { ...request.headers, Authorization: authorization },
    body,
    signal,
    onUploadProgress,
  };
  try {
    const response = await context.transport.send(sent);
    const { status, headers } = response;
    if (request.answer === 'stream' && status === 200) {
      return { status, headers, body: new Uint8Array(0), stream: streamOf(response) };
    }
    try {
      return { status, headers, body: await response.bytes() };
    } catch (error) {
      if (isBodyNeeded(status)) {
        throw error instanceof TransportError
          ? error
          : new TransportError(sent, 'yes', { cause: error, httpStatus: status });
      }
      // The status alone says enough.
      return { status, headers, body: new Uint8Array(0) };
    }
  } catch (error) {
    if (error instanceof TransportError) throw error;
    const { bodySent } = error as { bodySent?: unknown };
    throw new TransportError(
      sent,
      !body ? 'no' : bodySent === 'yes' || bodySent === 'no' ? bodySent : 'unknown',
      { cause: error }
    );
  }
}

async function authorize(
  context: ExchangeContext,
  request: ExchangeRequest,
  renew: boolean
): Promise<string | undefined> {
  const { operation, studyInstanceUID, signal } = request;
  const value = await context.authorization?.({ operation, studyInstanceUID, renew, signal });
  // Checked here, because fetch's own complaint would quote the value.
  if (value !== undefined && !/^[\x21-\x7e]+( [\x20-\x7e]+)?$/.test(value)) {
    throw new TypeError('authorization source: expected the value of an Authorization header');
  }
  return value;
}

/**
 * Sends a request and gives the final answer. 401: once more with a renewed access token. 429 and 503: again after a pause, by Retry-After
 * or back-off, within the policy. A lost line is not repeated here.
 * @throws {TransportError} ERR_DICOMWEB_TRANSPORT when there is no answer, or a cut one whose body matters.
 * @throws the signal's reason when it is aborted before a request or in a pause; what the authorization source throws.
 */
export async function exchange(
  context: ExchangeContext,
  request: ExchangeRequest
): Promise<Answer> {
  const { clock, retry, random } = context;
  const { signal, onWaiting } = request;
  let renewed = false;
  let attempt = 0;
  let waitedMs = 0;
  signal?.throwIfAborted();
  let authorization = await authorize(context, request, false);
  for (;;) {
    signal?.throwIfAborted();
    const answer = await sendOnce(context, request, authorization);
    if (answer.status === 401 && context.authorization && !renewed) {
      authorization = await authorize(context, request, true);
      if (authorization === undefined) return { ...answer, renewed };
      renewed = true;
      continue;
    }
    if (!isThrottled(answer.status)) return { ...answer, renewed };
    const retryAfterMs = parseRetryAfter(answer.headers.get('retry-after'), clock.now());
    const waitMs = nextWaitMs(retry, attempt, waitedMs, retryAfterMs, random);
    if (waitMs === undefined) return { ...answer, retryAfterMs, renewed };
    attempt += 1;
    waitedMs += waitMs;
    onWaiting?.({ untilMs: clock.now() + waitMs, attempt, httpStatus: answer.status });
    await sleep(clock, waitMs, signal);
    // The access token may have expired in the pause.
    authorization = await authorize(context, request, false);
  }
}

/** A transport failure that is the caller's own doing is the signal's reason; any other stays what it is. */
export function abortReasonOr(error: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted ? signal.reason : error;
}
