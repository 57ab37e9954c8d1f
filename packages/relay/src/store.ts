import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { responseHeaders, storeHeaders } from './headers.ts';
import { Refusal } from './refusal.ts';
import type { Answer } from './respond.ts';
import type { Sending } from './send-body.ts';
import { sendBody } from './send-body.ts';
import type { ServiceAccess } from './service-access.ts';
import type { StoreCounts } from './store-answer.ts';
import { storeAnswerFor } from './store-answer.ts';
import type { OpeningReader } from './store-body.ts';
import { openingReaderFor, readOpening } from './store-body.ts';
import type { Upstream } from './upstream.ts';
import { answerTo, connectionRefusal, refuseRedirect } from './upstream.ts';

/** A longer answer to a Store request is not read, in bytes. 4 GB of small instances give about a tenth of this. */
export const MAX_STORE_ANSWER_BYTES = 67_108_864;

const UNKNOWN_FATE =
  'What was stored is not known. Send the study again: instances that are there already count as stored.';

const EMPTY_BODY =
  'Nothing was sent: the request has no instances. (Orthanc sends such a request when a failed job is resubmitted: send the study anew.)';

/** What the parts of the relay share. */
export interface Service {
  readonly access: ServiceAccess;
  readonly upstream: Upstream;
}

/** One request of a caller. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** For the DICOM service; see `Route`. */
  readonly path: string;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** The answer to a Store request, and what the log says of it. */
export interface StoreResult {
  readonly answer: Answer;
  readonly upstreamStatus: number;
  readonly counts?: StoreCounts;
}

async function readAnswer(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_STORE_ANSWER_BYTES) {
      throw new Refusal(
        502,
        'unreadable-answer',
        `The DICOM service's answer is too long. ${UNKNOWN_FATE}`
      );
    }
  }
  return Buffer.concat(chunks);
}

/** @throws {Refusal} 400 or 415 for a request whose headers show that it cannot be stored. */
function readerFor({ headers }: IncomingMessage): OpeningReader {
  const reader = openingReaderFor(headers);
  if (typeof reader === 'string') throw new Refusal(415, 'bad-request', reader);
  if (headers['content-length'] === '0') throw new Refusal(400, 'empty-body', EMPTY_BODY);
  return reader;
}

/** @throws {Refusal} 400 for a body without parts. */
async function checkOpening({ request, response }: Exchange, reader: OpeningReader): Promise<void> {
  if (request.headers.expect !== undefined) response.writeContinue();
  const opening = await readOpening(request, reader);
  if (opening === 'empty') throw new Refusal(400, 'empty-body', EMPTY_BODY);
  if (opening === 'noDelimiter') {
    throw new Refusal(
      400,
      'bad-request',
      'Nothing was sent: the body does not begin with the boundary of its Content-Type.'
    );
  }
}

/** Sends the body and reads the answer; only an answer to the whole body may be a success. */
async function exchange(
  upstream: ClientRequest,
  sending: Sending
): Promise<{ answer: IncomingMessage; body: Buffer }> {
  try {
    const answer = await answerTo(upstream);
    const { statusCode = 0 } = answer;
    if (statusCode >= 300 && !sending.isWhole()) sending.discardRest();
    const body = await readAnswer(answer);
    if (statusCode < 300 && !sending.isWhole()) {
      throw new Refusal(
        502,
        'unreadable-answer',
        `The DICOM service answered ${statusCode} before it had the whole body. ${UNKNOWN_FATE}`
      );
    }
    return { answer, body };
  } catch (error) {
    throw connectionRefusal(error, UNKNOWN_FATE);
  } finally {
    // Nothing more goes to the service, and a body that is not complete stays cut.
    if (!upstream.writableEnded) upstream.destroy();
    sending.discardRest();
  }
}

/**
 * Passes a Store request on and gives the answer that the caller needs (see {@link storeAnswerFor}).
 * @param onSending - is given the body on its way, for the log.
 * @throws {Refusal} when the caller is to be answered in plain words instead.
 * @see PS3.18 10.5
 */
export async function store(
  { access, upstream }: Service,
  caller: Exchange,
  onSending: (sending: Sending) => void
): Promise<StoreResult> {
  const { request, path, signal } = caller;
  const reader = readerFor(request);
  // Before the body, which cannot be sent twice.
  const accessToken = await access.accessToken(signal);
  await checkOpening(caller, reader);
  const headers = storeHeaders(request.headers, accessToken);
  const outgoing = upstream.open({ method: 'POST', path, headers, signal });
  const sending = sendBody(request, outgoing);
  onSending(sending);
  const { answer, body } = await exchange(outgoing, sending);
  const { statusCode: upstreamStatus = 0 } = answer;
  if (upstreamStatus === 401) {
    access.refused(accessToken);
    throw new Refusal(
      502,
      'access-token-refused',
      'The DICOM service did not take the access token of the relay (401), and nothing was stored. The next request gets a new one: send the study again.'
    );
  }
  refuseRedirect(answer);
  const verdict = storeAnswerFor(upstreamStatus, body);
  if (verdict.kind === 'unreadable') {
    throw new Refusal(
      502,
      'unreadable-answer',
      `The DICOM service answered ${upstreamStatus} without saying what it stored. ${UNKNOWN_FATE}`
    );
  }
  const kept = responseHeaders(answer.headers);
  if (verdict.kind === 'pass') {
    const { counts } = verdict;
    return { answer: { status: upstreamStatus, headers: kept, body }, upstreamStatus, counts };
  }
  const { status, counts } = verdict;
  const rewritten = { ...kept, 'content-type': 'application/dicom+json; charset=utf-8' };
  return { answer: { status, headers: rewritten, body: verdict.body }, upstreamStatus, counts };
}
