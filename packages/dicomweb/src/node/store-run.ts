import { systemClock } from '@ohif-azure/core';
import type { FileOutcome } from './file-outcome.ts';
import type { FileToStore } from './file-to-store.ts';
import { lookAtFile } from './look-at-file.ts';
import { integerOption } from './integer-option.ts';
import { FilePacker } from './pack-files.ts';
import { Patience } from './patience.ts';
import { SameUIDs } from './same-uid.ts';
import { FileSender } from './send-files.ts';
import { Slots } from './slots.ts';
import { describeStop, stoppedOutcome } from './stopped-outcome.ts';
import type { StoreContext } from './store-context.ts';
import {
  DEFAULT_CONCURRENCY,
  DEFAULT_MAX_REQUEST_BYTES,
  DEFAULT_MAX_REQUEST_INSTANCES,
  DEFAULT_PATIENCE_MS,
  MAX_REQUEST_BYTES,
} from './store-files-options.ts';
import type { StoreFilesOptions, StoreFilesResult, StoringClient } from './store-files-options.ts';
import { StoreTally } from './store-tally.ts';
import { isProblem, walkFiles } from './walk-files.ts';
import type { FoundFile, WalkProblem } from './walk-files.ts';

/** One run of `storeFiles`. */
export class StoreRun {
  readonly #options: StoreFilesOptions;
  readonly #context: StoreContext;
  readonly #concurrency: number;
  readonly #bounds: { readonly maxRequestBytes: number; readonly maxRequestInstances: number };
  readonly #tally: StoreTally;
  readonly #sameUIDs = new SameUIDs();
  readonly #stopping = new AbortController();
  /** What the journal or a callback threw: it ends the run with a rejection. */
  #fatal: { readonly error: unknown } | undefined;

  constructor(client: StoringClient, options: StoreFilesOptions) {
    const {
      concurrency = DEFAULT_CONCURRENCY,
      maxRequestBytes = DEFAULT_MAX_REQUEST_BYTES,
      maxRequestInstances = DEFAULT_MAX_REQUEST_INSTANCES,
      patienceMs = DEFAULT_PATIENCE_MS,
      clock = systemClock,
      random = Math.random,
      journal,
      signal,
      onWaiting,
    } = options;
    if (journal && journal.serviceUrl !== client.serviceUrl) {
      throw new TypeError(`journal: expected one of ${client.serviceUrl}, not of another service`);
    }
    this.#options = options;
    this.#concurrency = integerOption('concurrency', concurrency, 1, 64);
    this.#bounds = {
      maxRequestBytes: integerOption('maxRequestBytes', maxRequestBytes, 1, MAX_REQUEST_BYTES),
      maxRequestInstances: integerOption('maxRequestInstances', maxRequestInstances, 1, 1000),
    };
    this.#tally = new StoreTally(options.onProgress);
    const patience = new Patience(clock, random, patienceMs, () => this.#tally.tell());
    const slots = new Slots(this.#concurrency);
    this.#tally.watch(patience, slots);
    this.#context = {
      client,
      journal,
      clock,
      random,
      patience,
      slots,
      tally: this.#tally,
      onWaiting,
      signal: this.#stopping.signal,
      requestSignal: signal,
      stoppedBy: () => this.#stopping.signal.reason as unknown,
      stop: reason => this.#stopping.abort(reason),
      finish: (file, outcome) => this.#finish(file, outcome),
    };
  }

  async run(paths: readonly string[]): Promise<StoreFilesResult> {
    const { clock, signal: stopSignal } = this.#context;
    const { signal } = this.#options;
    const startedMs = clock.now();
    const stop = (): void => this.#stopping.abort(signal?.reason);
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    const counting = new AbortController();
    const counted = this.#options.onProgress
      ? this.#guard(() => this.#tally.countAll(paths, counting.signal))
      : undefined;
    try {
      const packer = new FilePacker(this.#filesToStore(paths), this.#bounds);
      const sender = new FileSender(this.#context);
      const worker = async (): Promise<void> => {
        for (;;) {
          const files = await packer.next();
          if (files.length === 0) return;
          await sender.send(files);
        }
      };
      await Promise.all(Array.from({ length: this.#concurrency }, () => this.#guard(worker)));
      if (!this.#fatal) await this.#guard(() => this.#storeLater(sender));
    } finally {
      signal?.removeEventListener('abort', stop);
      if (this.#fatal) counting.abort();
      await counted;
    }
    if (this.#fatal) throw this.#fatal.error;
    this.#tally.tell();
    return {
      summary: this.#tally.counts,
      requests: this.#tally.requests,
      sentBytes: this.#tally.sentBytes,
      durationMs: clock.now() - startedMs,
      stoppedBy: stopSignal.aborted ? (stopSignal.reason as unknown) : undefined,
    };
  }

  /** What is thrown in one part ends all of them, and is thrown at the end. */
  async #guard(part: () => Promise<void>): Promise<void> {
    try {
      await part();
    } catch (error) {
      this.#fatal ??= { error };
      this.#stopping.abort(error);
    }
  }

  /** Those to be sent; all others are finished on the way. */
  async *#filesToStore(paths: readonly string[]): AsyncGenerator<FileToStore, void> {
    for await (const found of walkFiles(paths)) {
      if (this.#fatal) return;
      if (this.#context.signal.aborted) {
        await this.#finishUnlooked(found);
        continue;
      }
      const looked = await lookAtFile(found, this.#options.journal);
      if (looked.kind === 'aside') {
        await this.#tell(looked.found, looked.outcome);
      } else if (this.#sameUIDs.admit(looked.file)) {
        if (looked.kind === 'store') yield looked.file;
        else await this.#finishNoted(looked.file, looked.outcome);
      } else if (looked.kind === 'done') {
        // Its own outcome stands, whatever the other file's is.
        this.#sameUIDs.forget(looked.file);
        await this.#finishNoted(looked.file, looked.outcome);
      }
    }
  }

  /** A file that is met after the run was stopped. */
  async #finishUnlooked(found: FoundFile | WalkProblem): Promise<void> {
    const { file } = found;
    const bytes = isProblem(found) ? undefined : found.bytes;
    const stopped = describeStop(this.#context.stoppedBy());
    const outcome: FileOutcome = {
      file,
      bytes,
      outcome: 'notSent',
      ...stopped,
      retry: 'transient',
    };
    // Not noted in the journal: what it says of the file from before stays.
    await this.#tell(undefined, outcome);
  }

  async #finishNoted(file: FileToStore, outcome: FileOutcome): Promise<void> {
    this.#sameUIDs.finished(file, outcome);
    await this.#tell(undefined, outcome);
  }

  async #finish(file: FileToStore, outcome: FileOutcome): Promise<void> {
    this.#sameUIDs.finished(file, outcome);
    // A file that was not sent has nothing to be noted: what the journal says of it from before stays.
    if (outcome.outcome === 'notSent') await this.#tell(undefined, outcome);
    else await this.#tell(file, outcome, file.checksum);
  }

  /** Notes an outcome, then tells it. */
  async #tell(
    noted: FoundFile | FileToStore | undefined,
    outcome: FileOutcome,
    checksum?: number
  ): Promise<void> {
    if (noted) await this.#options.journal?.outcome(noted, outcome, checksum);
    this.#tally.done(outcome);
    this.#options.onOutcome?.(outcome);
  }

  /** The files that share a UID with one before them, one after the other. */
  async #storeLater(sender: FileSender): Promise<void> {
    for (const file of this.#sameUIDs.later()) {
      if (this.#context.signal.aborted) {
        await this.#finish(file, stoppedOutcome(file, this.#context));
        continue;
      }
      const outcome = await this.#sameUIDs.judge(file);
      if (outcome) await this.#finish(file, outcome);
      else await sender.send([file]);
    }
  }
}
