import type { Clock } from '@ohif-azure/core';
import type { DicomwebClient } from '../client.ts';
import type { Waiting } from '../exchange.ts';

/** What retrieving to a folder needs of a client made by `createDicomwebClient` or {@link createNodeClient}. */
export type RetrievingClient = DicomwebClient;

/** The layout of the folder unless another is given. */
export const DEFAULT_LAYOUT = '{study}/{series}/{instance}.dcm';
/** Requests in flight at once. */
export const DEFAULT_RETRIEVE_CONCURRENCY = 6;

/**
 * What became of one instance.
 * - `retrieved`: it is on the disk, whole, and it is the one that was asked for.
 * - `alreadyThere`: it was there before, with these UIDs, and was not fetched.
 * - `failed`: it is not there; the reason is in words.
 * - `notRetrieved`: the run was stopped before.
 */
export type RetrievalKind = 'retrieved' | 'alreadyThere' | 'failed' | 'notRetrieved';

/** What became of one instance of a retrieval. */
export interface RetrievalOutcome {
  readonly outcome: RetrievalKind;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  /** Its file: the folder as it was given, and the path in it. */
  readonly file?: string;
  readonly bytes?: number;
  /** The status of the request that failed. */
  readonly httpStatus?: number;
  /** In words, one line. */
  readonly message?: string;
  readonly remedy?: string;
}

/** How far a retrieval is. */
export interface RetrieveProgress {
  /** How many instances there are; final when `isTotalKnown`. */
  readonly totalInstances: number;
  readonly isTotalKnown: boolean;
  readonly doneInstances: number;
  /** Bytes written in this run. */
  readonly receivedBytes: number;
  readonly counts: Readonly<Record<RetrievalKind, number>>;
  /** Set while all requests wait: until when (milliseconds since 1970), and for what. */
  readonly waiting?: { readonly untilMs: number; readonly why: 'throttled' | 'unreachable' };
}

/** Options of {@link retrieveToFolder}. */
export interface RetrieveToFolderOptions {
  /**
   * Path of each file in the folder. Between braces: `study`, `series`, `instance` (the UIDs), or one of the keywords of
   * {@link LAYOUT_KEYWORDS}; must have `{instance}`, so that no two instances share a file. Values are reduced to letters, digits, `.`,
   * `-` and `_`. Default {@link DEFAULT_LAYOUT}.
   */
  readonly layout?: string;
  /** Told of each instance, once. */
  readonly onOutcome?: (outcome: RetrievalOutcome) => void;
  /** Told often; draw it at your own pace. */
  readonly onProgress?: (progress: RetrieveProgress) => void;
  /** Told of each pause that the service asked for (429, 503). */
  readonly onWaiting?: (waiting: Waiting) => void;
  /** Stops the run; the promise is resolved, with `stoppedBy`. What is whole stays. */
  readonly signal?: AbortSignal;
  /** Requests in flight at once, 1 to 64. Default {@link DEFAULT_RETRIEVE_CONCURRENCY}. */
  readonly concurrency?: number;
  /** How long to wait, in milliseconds, for a service that cannot be reached or is overloaded. Default: ten minutes. */
  readonly patienceMs?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** For the jitter of the pauses: 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/** What became of a retrieval. */
export interface RetrieveToFolderResult {
  readonly summary: Readonly<Record<RetrievalKind, number>>;
  readonly receivedBytes: number;
  readonly durationMs: number;
  /** Why the run ended before its end: the signal's reason, or the error that every other request would have met too (401, 403, unreachable, full disk). */
  readonly stoppedBy?: unknown;
}
