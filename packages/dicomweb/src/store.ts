import { exchange } from './exchange.ts';
import type { Answer, ExchangeContext, RequestOptions } from './exchange.ts';
import { failureKind, StoreError } from './errors.ts';
import type { FailureDetails, StoreErrorCode } from './errors.ts';
import { describeStatus, transactionMessage } from './message.ts';
import { encodeMultipart, encodeMultipartStream } from './multipart.ts';
import { readIdentity } from './part10.ts';
import type { InstanceIdentity } from './part10.ts';
import { resourcePath } from './resource.ts';
import { serverText } from './server-text.ts';
import { settleInstances } from './settle.ts';
import type { InstanceOutcome } from './store-outcome.ts';
import { countStored, outcomesOf, situationOutcome } from './store-outcome.ts';
import { readStoreResponse } from './store-response.ts';
import { settleAlreadyExisting, settledOutcomes, settleUnknown } from './store-settlement.ts';
import { bodyLength, TransportError } from './transport.ts';
import type { RequestBody, StreamBody } from './transport.ts';

/** What names an instance to store. */
interface InstanceNames {
  readonly sopClassUID?: string;
  readonly sopInstanceUID?: string;
  readonly studyInstanceUID?: string;
  readonly seriesInstanceUID?: string;
}

/** An instance in memory. UIDs that are not given are read from the bytes. */
export interface InstanceBytes extends InstanceNames {
  /** Part 10, whole; must not change before the transaction ends. */
  readonly bytes: Uint8Array;
}

/**
 * An instance that is read when it is sent, from its beginning each time. Its UIDs must be given: without them an outcome that was lost
 * cannot be asked for.
 */
export interface InstanceStream extends InstanceNames, StreamBody {}

/** One instance to store. */
export type InstanceToStore = InstanceBytes | InstanceStream;

/** How much of the request's body was sent, in bytes. */
export interface StoreProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** Options of {@link store}. */
export interface StoreOptions extends RequestOptions {
  /** Stores to `/studies/{study}`, so that the server refuses what belongs to another study. */
  readonly studyInstanceUID?: string;
  readonly onProgress?: (progress: StoreProgress) => void;
}

/** What became of the instances. */
export interface StoreResult {
  /** 200, 202, 204 or 409, or the status behind which the outcomes were asked for; absent when the line was lost. */
  readonly httpStatus?: number;
  /** One for each instance given, in order. */
  readonly instances: readonly InstanceOutcome[];
  /** For a log: `STOW-RS POST https://h/v2/studies: 409 Conflict, 0 of 1 SOP Instances stored`. */
  readonly message: string;
}

/** A server which had the whole body may still be at work when the line is lost; how long it is given, in milliseconds. */
const LATE_STORE_PAUSE_MS = 1000;

function identify(instance: InstanceToStore): InstanceIdentity {
  if (!('bytes' in instance)) {
    const { sopClassUID, sopInstanceUID, studyInstanceUID, seriesInstanceUID } = instance;
    return { sopClassUID, sopInstanceUID, studyInstanceUID, seriesInstanceUID };
  }
  const read = readIdentity(instance.bytes);
  return {
    ...read,
    sopClassUID: instance.sopClassUID ?? read.sopClassUID,
    sopInstanceUID: instance.sopInstanceUID ?? read.sopInstanceUID,
    studyInstanceUID: instance.studyInstanceUID ?? read.studyInstanceUID,
    seriesInstanceUID: instance.seriesInstanceUID ?? read.seriesInstanceUID,
  };
}

/** The request's body: of bytes alone in pieces, which the boundary is checked against. */
function encode(instances: readonly InstanceToStore[]): { contentType: string; body: RequestBody } {
  const parts = instances.map(instance => ('bytes' in instance ? instance.bytes : instance));
  if (parts.some(part => !(part instanceof Uint8Array))) return encodeMultipartStream(parts);
  const { contentType, pieces } = encodeMultipart(parts as Uint8Array[]);
  return { contentType, body: pieces };
}

/** The study that all instances are of. */
function commonStudy(identities: readonly InstanceIdentity[]): string | undefined {
  const first = identities[0]?.studyInstanceUID;
  return identities.every(({ studyInstanceUID }) => studyInstanceUID === first) ? first : undefined;
}

/** 5xx without a promise that nothing was done. 501 and 505 are such promises, 503 is handled before. */
function isServerFailure(status: number): boolean {
  return status >= 500 && status !== 501 && status !== 505;
}

/** One Store transaction at work: what all its ends need. */
class StoreTransaction {
  readonly #context: ExchangeContext;
  readonly #identities: readonly InstanceIdentity[];
  readonly #options: StoreOptions;
  readonly #url: string;

  constructor(
    context: ExchangeContext,
    identities: readonly InstanceIdentity[],
    options: StoreOptions,
    path: string
  ) {
    this.#context = context;
    this.#identities = identities;
    this.#options = options;
    this.#url = context.serviceUrl + path;
  }

  #message(what: string, stored: number): string {
    const count = `${stored} of ${this.#identities.length} SOP Instances stored`;
    return transactionMessage('STOW-RS', 'POST', this.#url, `${what}, ${count}`);
  }

  #error(code: StoreErrorCode, what: string, details?: FailureDetails): StoreError {
    const message =
      code === 'ERR_STORE_OUTCOME_UNKNOWN'
        ? transactionMessage('STOW-RS', 'POST', this.#url, `${what}, outcome not known`)
        : this.#message(what, 0);
    return new StoreError(code, message, details);
  }

  #result(instances: readonly InstanceOutcome[], httpStatus?: number): StoreResult {
    const what = httpStatus === undefined ? 'the connection was lost' : describeStatus(httpStatus);
    return { httpStatus, instances, message: this.#message(what, countStored(instances)) };
  }

  /** No answer, or a cut one. */
  async lineLost(error: TransportError): Promise<StoreResult> {
    const { bodySent, httpStatus, sentBytes } = error;
    const { signal } = this.#options;
    // Of several instances the first ones may be stored when the rest did not arrive [Azure: AspNetCoreMultipartReader]; a cut single
    // one never is.
    const isNothingStored = bodySent === 'no' && (this.#identities.length === 1 || sentBytes === 0);
    if (signal?.aborted && isNothingStored) throw signal.reason;
    if (isNothingStored) throw this.#error('ERR_STORE_UNREACHABLE', 'no answer', { cause: error });
    if (signal?.aborted) {
      throw this.#error('ERR_STORE_OUTCOME_UNKNOWN', 'cancelled while sending', { cause: error });
    }
    const what = httpStatus === undefined ? 'the connection was lost' : 'the answer was cut';
    const failure = this.#error('ERR_STORE_UNREACHABLE', what, { cause: error, httpStatus });
    return this.#settleAll(failure, what, { cause: error, httpStatus });
  }

  /** Asks for every instance; throws `failure` when the server has none of them. */
  async #settleAll(
    failure: StoreError,
    what: string,
    details: FailureDetails
  ): Promise<StoreResult> {
    const settlements = await settleInstances(
      this.#context,
      this.#identities,
      [LATE_STORE_PAUSE_MS],
      this.#options
    );
    if (settlements.every(settlement => settlement === 'absent')) throw failure;
    if (settlements.every(settlement => settlement === 'unknown')) {
      throw this.#error('ERR_STORE_OUTCOME_UNKNOWN', what, details);
    }
    return this.#result(settledOutcomes(this.#identities, settlements), details.httpStatus);
  }

  /** A whole answer. */
  async answered(answer: Answer): Promise<StoreResult> {
    const { status, body, retryAfterMs, renewed } = answer;
    if (status === 204) {
      return this.#result(
        this.#identities.map(identity => situationOutcome(identity, 'rejected', 'nothingStored')),
        status
      );
    }
    if ((status >= 200 && status < 300) || status === 409) return this.#responded(status, body);

    const details = { httpStatus: status, serverText: serverText(body), retryAfterMs };
    const what = `${describeStatus(status)}${status === 401 && renewed ? ' after renewing the access token' : ''}`;
    const failure = this.#error(`ERR_STORE_${failureKind(status)}`, what, details);
    if (failure.code === 'ERR_STORE_REFUSED' && isServerFailure(status)) {
      return this.#settleAll(failure, what, details);
    }
    throw failure;
  }

  /** 200, 202 or 409: the body tells what became of each instance. */
  async #responded(status: number, body: Uint8Array): Promise<StoreResult> {
    const response = readStoreResponse(body);
    // What is no Store response may at least say something: it goes with each instance.
    const text = response ? undefined : serverText(body);
    const comments = text === undefined ? [] : [text];
    const read = response
      ? outcomesOf(this.#identities, response)
      : this.#identities.map(identity =>
          situationOutcome(identity, 'unknown', 'notSettled', comments)
        );
    const settled = await settleAlreadyExisting(
      this.#context,
      this.#identities,
      await settleUnknown(this.#context, this.#identities, read, this.#options),
      this.#options
    );
    if (settled.every(({ outcome }) => outcome === 'unknown')) {
      throw this.#error('ERR_STORE_OUTCOME_UNKNOWN', describeStatus(status), {
        httpStatus: status,
        serverText: text,
      });
    }
    return this.#result(settled, status);
  }
}

/**
 * Stores instances with one Store transaction, and says what became of each. Nothing is ever sent twice without asking the server first: a line
 * lost after the body was or may have been sent is settled by retrieving the instance's metadata. 45070 (already exists) is `alreadyStored`
 * only for our own instance; 45071 (being created) is asked for again after a pause.
 *
 * @param instances - at least one.
 * @returns one outcome for each instance, in order; a failure of single instances never rejects.
 * @throws {StoreError} when the transaction failed as a whole, or no outcome can be known; codes there. A transaction that is aborted after
 *   its body was or may have been sent ends with ERR_STORE_OUTCOME_UNKNOWN.
 * @throws the signal's reason when it is aborted before; what the authorization source throws, unchanged.
 * @throws TypeError when there is no instance, or `studyInstanceUID` is not a UID.
 * @see PS3.18 10.5 Store Transaction; Azure DICOM service conformance statement v2, Store
 */
export async function store(
  context: ExchangeContext,
  instances: readonly InstanceToStore[],
  options: StoreOptions = {}
): Promise<StoreResult> {
  if (instances.length === 0) throw new TypeError('store: expected at least one instance');
  const { studyInstanceUID, signal, onProgress, onWaiting } = options;
  const path = resourcePath({ studyInstanceUID });
  const identities = instances.map(identify);
  const { contentType, body } = encode(instances);
  const totalBytes = bodyLength(body);
  const transaction = new StoreTransaction(context, identities, options, path);
  let answer: Answer;
  try {
    answer = await exchange(context, {
      operation: 'store',
      studyInstanceUID: studyInstanceUID ?? commonStudy(identities),
      method: 'POST',
      path,
      headers: { Accept: 'application/dicom+json', 'Content-Type': contentType },
      body,
      signal,
      onWaiting,
      onUploadProgress:
        onProgress &&
        (sentBytes => onProgress({ sentBytes: Math.min(sentBytes, totalBytes), totalBytes })),
    });
  } catch (error) {
    if (error instanceof TransportError) return transaction.lineLost(error);
    throw error;
  }
  return transaction.answered(answer);
}
