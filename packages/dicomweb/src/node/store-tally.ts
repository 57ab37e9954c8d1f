import type { FileOutcome, FileOutcomeCounts, FileOutcomeKind } from './file-outcome.ts';
import { noOutcomes } from './file-outcome.ts';
import type { Patience } from './patience.ts';
import type { Slots } from './slots.ts';
import type { StoreFilesOptions, StoreFilesProgress } from './store-files-options.ts';
import { isProblem, walkFiles } from './walk-files.ts';

/** Counts what a run has done, and tells it. */
export class StoreTally {
  readonly #onProgress: StoreFilesOptions['onProgress'];
  readonly #counts: Record<FileOutcomeKind, number> = noOutcomes();
  #totalFiles = 0;
  #totalBytes = 0;
  #isTotalKnown = false;
  #doneFiles = 0;
  #doneBytes = 0;
  #weather: { readonly patience: Patience; readonly slots: Slots } | undefined;
  /** Request bodies that were sent, and bytes of them. */
  requests = 0;
  sentBytes = 0;

  constructor(onProgress: StoreFilesOptions['onProgress']) {
    this.#onProgress = onProgress;
  }

  get counts(): FileOutcomeCounts {
    return { ...this.#counts };
  }

  /** Where the pauses and the requests in flight are known. */
  watch(patience: Patience, slots: Slots): void {
    this.#weather = { patience, slots };
  }

  /** Counts files and bytes that there are, without keeping them. */
  async countAll(paths: readonly string[], signal: AbortSignal): Promise<void> {
    for await (const found of walkFiles(paths)) {
      if (signal.aborted) return;
      this.#totalFiles += 1;
      if (!isProblem(found)) this.#totalBytes += found.bytes;
      if (this.#totalFiles % 256 === 0) this.tell();
    }
    this.#isTotalKnown = true;
    this.tell();
  }

  done({ outcome, bytes = 0 }: FileOutcome): void {
    this.#counts[outcome] += 1;
    this.#doneFiles += 1;
    this.#doneBytes += bytes;
    this.tell();
  }

  tell(): void {
    if (!this.#onProgress) return;
    const { patience, slots } = this.#weather ?? {};
    const progress: StoreFilesProgress = {
      // The walk that sends may be ahead of the one that counts.
      totalFiles: Math.max(this.#totalFiles, this.#doneFiles),
      totalBytes: Math.max(this.#totalBytes, this.#doneBytes),
      isTotalKnown: this.#isTotalKnown,
      doneFiles: this.#doneFiles,
      doneBytes: this.#doneBytes,
      sentBytes: this.sentBytes,
      counts: this.counts,
      requestsInFlight: slots?.inUse ?? 0,
      waiting: patience?.pause,
    };
    this.#onProgress(progress);
  }
}
