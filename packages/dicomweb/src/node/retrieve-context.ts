import type { Clock } from '@ohif-azure/core';
import type { RequestOptions } from '../exchange.ts';
import type { InstanceToRetrieve } from './instances-to-retrieve.ts';
import type { Patience } from './patience.ts';
import type { RetrievalOutcome, RetrievingClient } from './retrieve-options.ts';
import type { RetrieveTally } from './retrieve-tally.ts';
import type { Slots } from './slots.ts';
import type { TargetFolder } from './target-folder.ts';

/** What the parts of a retrieval share. */
export interface RetrieveContext {
  readonly client: RetrievingClient;
  readonly folder: TargetFolder;
  readonly clock: Clock;
  readonly random: () => number;
  readonly patience: Patience;
  readonly slots: Slots;
  readonly tally: RetrieveTally;
  /** Of each request; its signal is the caller's. */
  readonly requestOptions: RequestOptions;
  /** Aborted when the run is stopped, by the caller or by a failure. */
  readonly signal: AbortSignal;
  /** Stops the run. */
  stop(reason: unknown): void;
  /** An instance has its outcome. */
  finish(
    instance: InstanceToRetrieve,
    outcome: Pick<RetrievalOutcome, 'outcome'> & Partial<RetrievalOutcome>
  ): void;
}
