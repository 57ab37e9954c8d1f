import type { Retry } from '@ohif-azure/core';
import type { RefusalReason } from './refusal.ts';
import type { AccessState } from './service-access.ts';

/** One SOP Instance to store. */
export interface InstanceToStore {
  /** Size of the Part 10 stream in bytes, when it is known: requests are split by it. */
  readonly bytes?: number;
  /**
   * Opens the Part 10 stream when it is this instance's turn. It is read once and with back-pressure. An error of it (or of opening it) cuts the request
   * under way: nothing of that request is stored.
   */
  open(signal: AbortSignal): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/**
 * What became of one instance. `notSent`: the Store ended before its turn, or in its request and before the body was complete; the service has
 * not got it by this Store. `unknown`: the line broke after the request was sent, or the answer does not name it.
 */
export type StoredOutcome =
  'stored' | 'storedWithWarnings' | 'alreadyStored' | 'rejected' | 'unknown' | 'notSent';

/**
 * Why an instance that the service has already (45070) does not count as stored: what is there is `different`; or it is `notCompared`, since it could not be
 * found or read (no role to read, a broken line), or what was sent is no Part 10 stream.
 */
export type DuplicateDoubt = 'different' | 'notCompared';

export interface InstanceReport {
  readonly outcome: StoredOutcome;
  /** From the File Meta Information; undefined when it cannot be read. */
  readonly sopInstanceUID?: string;
  /** FailureReason (0008,1197) of the service. */
  readonly failureReason?: number;
  /** WarningReason (0008,1196) of the service. */
  readonly warningReason?: number;
  /** With `rejected` and 45070, where duplicates are compared. */
  readonly duplicate?: DuplicateDoubt;
}

/** Why a Store did not go through as a whole (the service was not reached, throttled, refused, broke). */
export interface StoreFailure {
  readonly reason: RefusalReason;
  /** HTTP status of the service, when it answered. */
  readonly upstreamStatus?: number;
  /** In words; without secrets and patient data. */
  readonly message: string;
  readonly retry: Retry;
  /** The service's wish (Retry-After), in milliseconds. */
  readonly retryAfterMs?: number;
}

/** The outcome of {@link StoreServer.storeInstances}. */
export interface StoreReport {
  /** One for each instance, in order. */
  readonly instances: readonly InstanceReport[];
  /** Absent: every request was answered with an outcome for each instance (which may be `rejected`). */
  readonly failure?: StoreFailure;
}

/** A DICOM service of the settings, with its access tokens. */
export interface StoreServer {
  /** Its name in the routes. */
  readonly name: string;
  /** Without secrets. */
  readonly serviceUrl: string;
  /**
   * Stores instances: one after the other, in as few requests as the limit of the server allows; with a fresh access token, Explicit VR and
   * verified duplicates where the settings ask for it. Bodies are streamed. Sending again what may be stored is safe: it comes back as `alreadyStored`.
   * @param options - `signal`: aborted, the request under way is cut.
   * @returns never rejects for a failure of the service; that is `failure`.
   * @throws the signal's reason when aborted; the error of an instance's stream.
   * @see PS3.18 10.5
   */
  storeInstances(
    instances: Iterable<InstanceToStore> | AsyncIterable<InstanceToStore>,
    options?: { readonly signal?: AbortSignal }
  ): Promise<StoreReport>;
  /**
   * Whether the service has an instance with this UID, by a search.
   * @throws when it does not answer; the signal's reason.
   * @see PS3.18 10.6
   */
  has(sopInstanceUID: string, signal: AbortSignal): Promise<boolean>;
  /** What the last request met of the access token; for `/ui`. Absent: the server needs none. */
  accessState?(): AccessState;
}
