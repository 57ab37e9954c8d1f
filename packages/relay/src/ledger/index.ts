export { openFileLedger, type FileLedger, type FileLedgerOptions } from './file-ledger.ts';
export { LedgerError, systemCode, type LedgerErrorCode } from './ledger-error.ts';
export * from './ledger.ts';
export { openPostgresLedger, type PostgresLedgerOptions } from './postgres-ledger.ts';
