import { ProjectError } from '@ohif-azure/core';
import type { Retry } from '@ohif-azure/core';

/** Codes of {@link JournalError}. */
export type JournalErrorCode = `ERR_STORE_JOURNAL_${
  'LOCKED' | 'EXISTS' | 'MISSING' | 'OTHER_SERVICE' | 'UNREADABLE' | 'NOT_WRITABLE'}`;

/**
 * The journal of a store run cannot be used.
 * - ERR_STORE_JOURNAL_LOCKED: another process has it.
 * - ERR_STORE_JOURNAL_EXISTS: it was to be new, and there is one.
 * - ERR_STORE_JOURNAL_MISSING: there is none to go on with.
 * - ERR_STORE_JOURNAL_OTHER_SERVICE: it is of a run to another service.
 * - ERR_STORE_JOURNAL_UNREADABLE: it is no journal of ours, or is damaged other than at its end.
 * - ERR_STORE_JOURNAL_NOT_WRITABLE: it cannot be opened or written (a full disk, say).
 */
export class JournalError extends ProjectError {
  override readonly code: JournalErrorCode;
  override readonly retry: Retry;

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retry = code === 'ERR_STORE_JOURNAL_LOCKED' ? 'transient' : 'permanent';
  }
}
