import { ProjectError } from '@ohif-azure/core';
import type { Retry } from '@ohif-azure/core';

/** Facts of a failed transaction. None holds a query string, a header value or patient data. */
export interface FailureDetails extends ErrorOptions {
  /** The status of the answer, when there was one. */
  readonly httpStatus?: number;
  /** What the server said: redacted, without quoted values, at most 500 characters. */
  readonly serverText?: string;
  /** How long the server asked to wait, in milliseconds, when it said so. */
  readonly retryAfterMs?: number;
}

/** Kinds of failure that all transactions share. */
export type FailureKind = 'UNAUTHORIZED' | 'FORBIDDEN' | 'THROTTLED' | 'UNREACHABLE' | 'REFUSED';

/** Codes of {@link StoreError}. */
export type StoreErrorCode = `ERR_STORE_${FailureKind | 'OUTCOME_UNKNOWN'}`;
/** Codes of {@link SearchError}. */
export type SearchErrorCode = `ERR_SEARCH_${FailureKind | 'UNSUPPORTED' | 'UNREADABLE'}`;
/** Codes of {@link RetrieveError}. */
export type RetrieveErrorCode = `ERR_RETRIEVE_${FailureKind | 'NOT_FOUND' | 'UNREADABLE'}`;
/** Codes of {@link DeleteError}. */
export type DeleteErrorCode = `ERR_DELETE_${FailureKind | 'NOT_FOUND'}`;

type AnyCode = StoreErrorCode | SearchErrorCode | RetrieveErrorCode | DeleteErrorCode;

/** Statuses which say that the same request may succeed later. @see RFC 9110 15 */
const TRANSIENT_STATUSES = new Set([408, 425, 500, 502, 504]);

function retryOf(code: AnyCode, details: FailureDetails | undefined): Retry {
  if (code.endsWith('_OUTCOME_UNKNOWN')) return 'ambiguous';
  if (/_(THROTTLED|UNREACHABLE|UNREADABLE)$/.test(code)) return 'transient';
  return TRANSIENT_STATUSES.has(details?.httpStatus ?? 0) ? 'transient' : 'permanent';
}

/** A transaction that failed as a whole. */
abstract class TransactionError<Code extends AnyCode> extends ProjectError {
  override readonly code: Code;
  override readonly retry: Retry;
  readonly httpStatus: number | undefined;
  readonly serverText: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: Code, message: string, details?: FailureDetails) {
    super(message, details?.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retry = retryOf(code, details);
    this.httpStatus = details?.httpStatus;
    this.serverText = details?.serverText;
    this.retryAfterMs = details?.retryAfterMs;
  }
}

/**
 * The Store transaction failed as a whole.
 * - ERR_STORE_UNAUTHORIZED: 401, also after one renewed access token. Nothing is stored.
 * - ERR_STORE_FORBIDDEN: 403. Nothing is stored.
 * - ERR_STORE_THROTTLED: 429 or 503 after the retries, or a Retry-After longer than we wait. Nothing is stored.
 * - ERR_STORE_UNREACHABLE: no answer; the body was not sent whole, or the server was asked and has none of the instances.
 * - ERR_STORE_OUTCOME_UNKNOWN: the body was or may have been sent, and the server could not be asked what became of it.
 * - ERR_STORE_REFUSED: any other status that is not a Store response; see `httpStatus` and `serverText`. Nothing is stored.
 */
export class StoreError extends TransactionError<StoreErrorCode> {}

/**
 * The Search transaction failed.
 * ERR_SEARCH_UNAUTHORIZED, _FORBIDDEN, _THROTTLED, _UNREACHABLE, _REFUSED as for Store;
 * ERR_SEARCH_UNSUPPORTED: the service cannot serve this filter, and nothing was sent;
 * ERR_SEARCH_UNREADABLE: the answer is not a DICOM JSON array.
 */
export class SearchError extends TransactionError<SearchErrorCode> {}

/**
 * The Retrieve transaction failed. Codes as for Search, and ERR_RETRIEVE_NOT_FOUND (404).
 * ERR_RETRIEVE_UNREADABLE: the answer is not what was asked for, or is cut.
 */
export class RetrieveError extends TransactionError<RetrieveErrorCode> {}

/** The Delete transaction failed. Codes as for Search, and ERR_DELETE_NOT_FOUND (404). */
export class DeleteError extends TransactionError<DeleteErrorCode> {}

/** The kind of failure that a status stands for. */
export function failureKind(status: number): Exclude<FailureKind, 'UNREACHABLE'> {
  switch (status) {
    case 401:
      return 'UNAUTHORIZED';
    case 403:
      return 'FORBIDDEN';
    case 429:
    case 503:
      return 'THROTTLED';
    default:
      return 'REFUSED';
  }
}
