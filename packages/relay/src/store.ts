import type { IncomingMessage, ServerResponse } from 'node:http';
import { ByteQueue } from './byte-queue.ts';
import type { StoreBody } from './content-type.ts';
import { storeBodyOf } from './content-type.ts';
import { responseHeaders } from './headers.ts';
import { MalformedBodyError, PartScanner } from './part-scanner.ts';
import { Refusal } from './refusal.ts';
import type { Answer } from './respond.ts';
import { RetryBudget } from './retry-budget.ts';
import type { Service } from './service.ts';
import type { FailedInstance, SaidToCaller, StoreCounts } from './store-answer.ts';
import { readStoreAnswer, storeAnswerFor } from './store-answer.ts';
import type { StoreContext } from './store-request.ts';
import type { AnsweredRequest } from './store-session.ts';
import { StoreSession } from './store-session.ts';
import { refuseRedirect } from './upstream.ts';
import { doubtfulDuplicates } from './verify-duplicates.ts';

const NONE_DOUBTFUL: SaidToCaller['doubtful'] = new Map();

const UNKNOWN_FATE =
  'What was stored is not known. Send the study again: instances that are there already count as stored.';

const EMPTY_BODY =
  'Nothing was sent: the request has no instances. (Orthanc sends such a request when a failed job is resubmitted: send the study anew.)';

/** One request of a caller. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** For the DICOM service; see `Route`. */
  readonly path: string;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  /** The caller has gone away. */
  readonly isGone: boolean;
  /**
   * Calls `listener` once, when the caller goes away.
   * @returns forgets it.
   */
  onGone(listener: () => void): () => void;
}

/** What the log says of a Store, also of one that is refused. */
export interface StoreProgress {
  requestBytes?: number;
  /** Parts of the caller's body. */
  instances?: number;
  /** Requests to the service that were answered. */
  upstreamRequests?: number;
  upstreamStatus?: number;
  counts?: StoreCounts;
  failedInstances?: readonly FailedInstance[];
}

/** The answer to a Store request. */
export interface StoreResult {
  readonly answer: Answer;
  /** Every instance is in the service, and the answer says so. */
  readonly isSuccess: boolean;
}

/** @throws {Refusal} 400 or 415 for a request whose headers show that it cannot be stored. */
export function bodyOf({ headers }: IncomingMessage): StoreBody {
  const body = storeBodyOf(headers);
  if (typeof body === 'string') throw new Refusal(415, 'bad-request', body);
  if (headers['content-length'] === '0') throw new Refusal(400, 'empty-body', EMPTY_BODY);
  return body;
}

/** Reads one part: all of the body. */
async function readSingle(queue: ByteQueue, session: StoreSession, length?: number): Promise<void> {
  let isBegun = false;
  const next = () => queue.next(() => session.isStopped);
  for (let bytes = await next(); bytes; bytes = await next()) {
    if (!isBegun) await session.beginPart(length);
    isBegun = true;
    await session.write(bytes);
  }
  if (isBegun) await session.endPart();
}

/** Reads part after part. */
async function readParts(queue: ByteQueue, session: StoreSession, boundary: string): Promise<void> {
  const scanner = new PartScanner(boundary);
  while (!session.isStopped) {
    const chunk = await queue.next(() => session.isStopped);
    if (!chunk) {
      if (!session.isStopped) scanner.end();
      return;
    }
    for (const event of scanner.push(chunk)) {
      // Waits only where there is something to wait for: most chunks find room.
      let room: Promise<void> | undefined;
      if (event.kind === 'part') {
        room = session.beginPart(event.headers.contentLength, event.headers.contentType);
      } else if (event.kind === 'data') room = session.write(event.bytes);
      else if (event.kind === 'partEnd') room = session.endPart();
      if (room) await room;
    }
  }
}

/** @throws {Refusal} 400 for a body that is cut within, or is not what it says. */
async function readBody(
  queue: ByteQueue,
  session: StoreSession,
  body: StoreBody,
  length: number | undefined
): Promise<void> {
  try {
    if (body.kind === 'single') await readSingle(queue, session, length);
    else await readParts(queue, session, body.boundary);
  } catch (error) {
    if (!(error instanceof MalformedBodyError)) throw error;
    if (session.records.length === 0 && queue.bytes === 0) return;
    throw new Refusal(
      400,
      'malformed-body',
      `The body of the request cannot be read: ${error.message}. Nothing of the request to the DICOM service that was under way is stored.`
    );
  }
}

/** What the caller is told when the service refuses, or does not say what it stored. */
function requireOutcome({ answer: { status }, isWhole }: AnsweredRequest): void {
  if (status === 401) {
    // 403, not 401: it is not about the caller's credentials. Orthanc shows "Bad credentials" for it.
    throw new Refusal(
      403,
      'access-token-refused',
      'The DICOM service did not take the access token of the relay (401); nothing of this request was stored. The next one gets a new access token: send the study anew (in Orthanc not by "Resubmit").'
    );
  }
  refuseRedirect(status);
  if (status >= 200 && status < 300 && !isWhole) {
    throw new Refusal(
      502,
      'unreadable-answer',
      `The DICOM service answered ${status} before it had the whole body. ${UNKNOWN_FATE}`
    );
  }
}

async function said(
  context: StoreContext,
  session: StoreSession,
  { answer, first, count }: AnsweredRequest
): Promise<SaidToCaller | undefined> {
  const { status, headers, body } = answer;
  const says = status < 300 || status === 409 ? readStoreAnswer(status, body) : undefined;
  if (!says) return undefined;
  const records = session.records.slice(first, first + count);
  const doubtful =
    says.already.length === 0
      ? NONE_DOUBTFUL
      : await doubtfulDuplicates(context.service, says.already, records, context.caller.signal);
  return { says, headers, body, sent: count, doubtful };
}

const unreadable = (status: number): Refusal =>
  new Refusal(
    502,
    'unreadable-answer',
    `The DICOM service answered ${status} without saying what it stored. ${UNKNOWN_FATE}`
  );

/** A status that is a failure of the whole request, as the service gave it. */
function passedFailure(session: StoreSession, last: AnsweredRequest): Answer {
  const { status, headers, body } = last.answer;
  const kept = responseHeaders(headers);
  if (session.answered.length === 1) return { status, headers: kept, body };
  const text = `Instances ${last.first + 1} and following were not stored: the DICOM service answered ${status}. Those before went in requests of their own, and may be stored.\n`;
  return {
    status,
    headers: { ...kept, 'content-type': 'text/plain; charset=utf-8' },
    body: text,
  };
}

async function answerOf(
  context: StoreContext,
  session: StoreSession,
  progress: StoreProgress
): Promise<StoreResult> {
  const last = session.answered.at(-1);
  if (!last) throw new Refusal(400, 'empty-body', EMPTY_BODY);
  progress.upstreamStatus = last.answer.status;
  requireOutcome(last);
  const all: SaidToCaller[] = [];
  for (const answered of session.answered) {
    const one = await said(context, session, answered);
    if (one) all.push(one);
    else if (answered.answer.status < 300) throw unreadable(answered.answer.status);
    else return { answer: passedFailure(session, answered), isSuccess: false };
  }
  const result = storeAnswerFor(all);
  if (!result) throw unreadable(last.answer.status);
  const { status, body, isRewritten, counts, isSuccess, failedInstances } = result;
  progress.counts = counts;
  progress.failedInstances = failedInstances;
  const kept = responseHeaders(last.answer.headers);
  const headers = isRewritten
    ? { ...kept, 'content-type': 'application/dicom+json; charset=utf-8' }
    : kept;
  return { answer: { status, headers, body }, isSuccess };
}

/**
 * Passes a Store request on and gives the answer that the caller needs (see {@link storeAnswerFor}).
 * @param body - see {@link bodyOf}.
 * @param progress - is told how far it came, for the log.
 * @throws {Refusal} when the caller is to be answered in plain words instead.
 * @see PS3.18 10.5
 */
export async function store(
  service: Service,
  caller: Exchange,
  body: StoreBody,
  progress: StoreProgress
): Promise<StoreResult> {
  const { request, response, path } = caller;
  const { headers } = request;
  // Without one there is no use in reading the body.
  await service.access.accessToken(caller);
  if (headers.expect !== undefined) response.writeContinue();
  const budget = new RetryBudget(service.clock, service.settings.retrySeconds);
  const { 'user-agent': userAgent } = headers;
  const queue = new ByteQueue(request);
  const onOver = (): void => queue.wake();
  const context: StoreContext = { service, path, userAgent, caller, budget, onOver };
  const session = await StoreSession.begin(context);
  const forget = caller.onGone(() => session.cut());
  try {
    const length = Number(headers['content-length'] ?? NaN);
    await readBody(queue, session, body, Number.isNaN(length) ? undefined : length);
    await session.end();
    return await answerOf(context, session, progress);
  } catch (error) {
    session.cut();
    throw error;
  } finally {
    forget();
    queue.discard();
    progress.requestBytes = queue.bytes;
    progress.instances = session.records.length;
    progress.upstreamRequests = session.answered.length;
    service.metrics.bytes('toService', session.sentBytes);
    // Without an outcome for each, none is known to be stored.
    progress.failedInstances ??= session.records.map(({ sopInstanceUID }) => ({ sopInstanceUID }));
  }
}
