import type { Clock } from '@ohif-azure/core';
import type { FileOutcome } from './file-outcome.ts';
import type { FileToStore } from './file-to-store.ts';
import type { Patience } from './patience.ts';
import type { Slots } from './slots.ts';
import type { StoreFilesOptions, StoringClient } from './store-files-options.ts';
import type { StoreJournal } from './store-journal.ts';
import type { StoreTally } from './store-tally.ts';

/** What the parts of a run share. */
export interface StoreContext {
  readonly client: StoringClient;
  readonly journal: StoreJournal | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly patience: Patience;
  readonly slots: Slots;
  readonly tally: StoreTally;
  readonly onWaiting: StoreFilesOptions['onWaiting'];
  /** Aborted when the run is stopped, by the caller or by a failure: pauses end, and nothing new is sent. */
  readonly signal: AbortSignal;
  /** Aborted when the caller stops the run: requests in flight are cut. */
  readonly requestSignal: AbortSignal | undefined;
  /** Why the run was stopped; undefined while it was not. */
  stoppedBy(): unknown;
  /** Stops the run: what is not sent yet will not be. */
  stop(reason: unknown): void;
  /** A file has its outcome. */
  finish(file: FileToStore, outcome: FileOutcome): Promise<void>;
}
