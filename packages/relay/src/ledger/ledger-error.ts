import type { Retry } from '@ohif-azure/core';
import { ProjectError } from '@ohif-azure/core';

/**
 * Codes of {@link LedgerError}:
 * - `ERR_RELAY_LEDGER_LOCKED`: another relay works with this folder;
 * - `ERR_RELAY_LEDGER_CORRUPT`: the file is damaged before its end, or was written by a newer relay; nothing was changed;
 * - `ERR_RELAY_LEDGER_WRITE`: the folder cannot be written to (full, read only, failing disk); what was asked for is not recorded;
 * - `ERR_RELAY_LEDGER_DATABASE`: PostgreSQL cannot be reached or refuses.
 */
export type LedgerErrorCode =
  | 'ERR_RELAY_LEDGER_LOCKED'
  | 'ERR_RELAY_LEDGER_CORRUPT'
  | 'ERR_RELAY_LEDGER_WRITE'
  | 'ERR_RELAY_LEDGER_DATABASE';

const RETRY: Readonly<Record<LedgerErrorCode, Retry>> = {
  ERR_RELAY_LEDGER_LOCKED: 'permanent',
  ERR_RELAY_LEDGER_CORRUPT: 'permanent',
  ERR_RELAY_LEDGER_WRITE: 'transient',
  ERR_RELAY_LEDGER_DATABASE: 'transient',
};

/** The ledger cannot do what was asked for. */
export class LedgerError extends ProjectError {
  readonly code: LedgerErrorCode;
  readonly retry: Retry;

  constructor(code: LedgerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retry = RETRY[code];
  }
}

/** What a system call failed with (`ENOSPC`), or `unknown`. */
export function systemCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'unknown';
}
