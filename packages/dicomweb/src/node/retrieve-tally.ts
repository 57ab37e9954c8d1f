import type { Pause } from './patience.ts';
import type {
  RetrievalKind,
  RetrievalOutcome,
  RetrieveToFolderOptions,
} from './retrieve-options.ts';

/** Counts what a retrieval has done, and tells it. */
export class RetrieveTally {
  readonly #options: Pick<RetrieveToFolderOptions, 'onProgress' | 'onOutcome'>;
  readonly #pause: () => Pause | undefined;
  readonly #counts: Record<RetrievalKind, number> = {
    retrieved: 0,
    alreadyThere: 0,
    failed: 0,
    notRetrieved: 0,
  };
  #total = 0;
  #isTotalKnown = false;
  #done = 0;
  #receivedBytes = 0;

  constructor(
    options: Pick<RetrieveToFolderOptions, 'onProgress' | 'onOutcome'>,
    pause: () => Pause | undefined
  ) {
    this.#options = options;
    this.#pause = pause;
  }

  get counts(): Readonly<Record<RetrievalKind, number>> {
    return { ...this.#counts };
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  found(total: number, isTotalKnown: boolean): void {
    this.#total = total;
    this.#isTotalKnown = isTotalKnown;
    this.tell();
  }

  received(bytes: number): void {
    this.#receivedBytes += bytes;
    this.tell();
  }

  done(outcome: RetrievalOutcome): void {
    this.#counts[outcome.outcome] += 1;
    this.#done += 1;
    this.tell();
    this.#options.onOutcome?.(outcome);
  }

  tell(): void {
    this.#options.onProgress?.({
      totalInstances: this.#total,
      isTotalKnown: this.#isTotalKnown,
      doneInstances: this.#done,
      receivedBytes: this.#receivedBytes,
      counts: this.counts,
      waiting: this.#pause(),
    });
  }
}
