/** The Node entry: what needs a file system or sockets. Nothing of it is reachable from the package's main entry. */
export type { FileOutcome, FileOutcomeCounts, FileOutcomeKind } from './file-outcome.ts';
export { FILE_OUTCOME_KINDS } from './file-outcome.ts';
export type {
  StoreFilesOptions,
  StoreFilesProgress,
  StoreFilesResult,
  StoringClient,
} from './store-files-options.ts';
export {
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_MAX_REQUEST_INSTANCES,
  DEFAULT_PATIENCE_MS,
  MAX_REQUEST_BYTES,
} from './store-files-options.ts';
export { storeFiles, storeStream } from './store-files.ts';
export type { JournalEntry, StoreJournalOptions } from './store-journal.ts';
export { openStoreJournal, StoreJournal } from './store-journal.ts';
export type {
  RetrievalKind,
  RetrievalOutcome,
  RetrieveProgress,
  RetrieveToFolderOptions,
  RetrieveToFolderResult,
  RetrievingClient,
} from './retrieve-options.ts';
export { DEFAULT_LAYOUT, DEFAULT_RETRIEVE_CONCURRENCY } from './retrieve-options.ts';
export { retrieveToFolder } from './retrieve-to-folder.ts';
export { FolderError } from './folder-error.ts';
export type { FolderErrorCode } from './folder-error.ts';
export { LAYOUT_KEYWORDS } from './layout.ts';
export { readFileIdentity } from './file-identity.ts';
export { JournalError } from './journal-error.ts';
export type { JournalErrorCode } from './journal-error.ts';
export type { NodeClient, NodeClientOptions } from './node-client.ts';
export { createNodeClient } from './node-client.ts';
export type { NodeTransport, NodeTransportOptions } from './node-transport.ts';
export { nodeTransport } from './node-transport.ts';
