import type { Clock } from '@ohif-azure/core';
import type { DicomwebClient } from '../client.ts';
import type { Waiting } from '../exchange.ts';
import type { FileOutcome, FileOutcomeCounts } from './file-outcome.ts';
import type { StoreJournal } from './store-journal.ts';

/** What storing files needs of a client: {@link createNodeClient}, `createDicomwebClient`, or a double. */
export type StoringClient = Pick<DicomwebClient, 'store' | 'settle' | 'serviceUrl'>;

/** The bytes of parts in one request, together, unless a single file has more. 20 MB: a fifth of a second at 100 MB/s. */
export const DEFAULT_MAX_REQUEST_BYTES = 20_000_000;
/** The instances of one request. */
export const DEFAULT_MAX_REQUEST_INSTANCES = 100;
/** Requests in flight at once. */
export const DEFAULT_CONCURRENCY = 4;
/** How long a run waits for a service that cannot be reached or is overloaded before it gives up: ten minutes. */
export const DEFAULT_PATIENCE_MS = 600_000;
/** The most a request may have: what the published service takes (2^31 - 1 bytes). @see Azure DICOM service conformance statement v2, Store */
export const MAX_REQUEST_BYTES = 2_147_483_647;

/** How far a run is. All counts are of files, all sizes in bytes. */
export interface StoreFilesProgress {
  /** Files and bytes that there are, as far as the folders have been walked. */
  readonly totalFiles: number;
  readonly totalBytes: number;
  /** The folders have been walked to their end: the totals are final. */
  readonly isTotalKnown: boolean;
  /** Files with an outcome, and their bytes (also those that were not sent). */
  readonly doneFiles: number;
  readonly doneBytes: number;
  /** Bytes of request bodies that were sent in this run, what was sent twice counted twice. */
  readonly sentBytes: number;
  readonly counts: FileOutcomeCounts;
  readonly requestsInFlight: number;
  /** Set while all requests wait: until when (milliseconds since 1970), and for what. */
  readonly waiting?: { readonly untilMs: number; readonly why: 'throttled' | 'unreachable' };
}

/** Options of {@link storeFiles}. */
export interface StoreFilesOptions {
  /** Keeps what was done, so that a run that was interrupted goes on: {@link openStoreJournal}. Default: none. */
  readonly journal?: StoreJournal;
  /** Told of each file, once, in the order in which they end; with a journal only after its line is on the disk. */
  readonly onOutcome?: (outcome: FileOutcome) => void;
  /** Told often; draw it at your own pace. */
  readonly onProgress?: (progress: StoreFilesProgress) => void;
  /** Told of each pause that the service asked for (429, 503). */
  readonly onWaiting?: (waiting: Waiting) => void;
  /**
   * Stops the run: nothing more is sent, requests in flight are cut, and each file gets its outcome (`notSent`; `unknown` for those whose
   * request was cut, which a run with the same journal asks for). The promise is resolved, with `stoppedBy`.
   */
  readonly signal?: AbortSignal;
  /** Requests in flight at once, 1 to 64; fewer while the service is overloaded. Default {@link DEFAULT_CONCURRENCY}. */
  readonly concurrency?: number;
  /** Bytes of one request, 1 to {@link MAX_REQUEST_BYTES}; a larger file goes alone. Default {@link DEFAULT_MAX_REQUEST_BYTES}. */
  readonly maxRequestBytes?: number;
  /** Instances of one request, 1 to 1000. Default {@link DEFAULT_MAX_REQUEST_INSTANCES}. */
  readonly maxRequestInstances?: number;
  /** How long to wait, in milliseconds, for a service that cannot be reached or is overloaded. Default {@link DEFAULT_PATIENCE_MS}. */
  readonly patienceMs?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** For the jitter of the pauses: 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number;
}

/** What became of a run. */
export interface StoreFilesResult {
  /** How many files had which outcome. Each was told to `onOutcome`. */
  readonly summary: FileOutcomeCounts;
  /** Request bodies that were sent, and their bytes. */
  readonly requests: number;
  readonly sentBytes: number;
  readonly durationMs: number;
  /** Why the run ended before its end: the signal's reason, or the `StoreError` that every other request would have met too (401, 403, unreachable). */
  readonly stoppedBy?: unknown;
}
