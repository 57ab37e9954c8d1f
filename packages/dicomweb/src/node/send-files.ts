import { backOffMs, isProjectError, sleep } from '@ohif-azure/core';
import { StoreError } from '../errors.ts';
import { describeHttpStatus } from '../status-text.ts';
import type { InstanceOutcome } from '../store-outcome.ts';
import { askForFiles } from './ask-for-files.ts';
import type { FileOutcome } from './file-outcome.ts';
import { isNamed } from './file-identity.ts';
import { FileChangedError } from './file-source.ts';
import { instanceOf, outcomeOf, plainOutcome } from './file-to-store.ts';
import type { FileToStore } from './file-to-store.ts';
import { refreshFiles } from './refresh-files.ts';
import type { StoreContext } from './store-context.ts';
import { stoppedOutcome } from './stopped-outcome.ts';
import { describeFileError } from './walk-files.ts';

/** How often a file is sent when it alone fails with what may pass. */
const MAX_ATTEMPTS = 3;
/** The pauses between these attempts, in milliseconds. */
const RETRY_BOUNDS = { minDelayMs: 250, baseDelayMs: 1000, maxDelayMs: 8000 };
/** Refusals that one instance may be the cause of: the request is halved until it is found. Others meet every request. */
const HALVED = new Set([400, 408, 413, 415, 422, 425, 500]);

/** Files of one request. */
interface Batch {
  readonly files: readonly FileToStore[];
  /** How often these files were sent before, together or in larger numbers. */
  readonly attempts: number;
  /** When they failed first, in milliseconds since 1970. */
  readonly failedSinceMs?: number;
}

/** Sends files until each has its outcome. */
export class FileSender {
  readonly #context: StoreContext;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** @throws what the journal or the caller's own callbacks throw. */
  async send(files: readonly FileToStore[]): Promise<void> {
    const pending: Batch[] = [{ files, attempts: 0 }];
    for (let batch = pending.shift(); batch; batch = pending.shift()) {
      const { slots } = this.#context;
      const current = batch;
      const ready = await this.#prepare(current);
      if (ready.length === 0) continue;
      pending.unshift(...(await slots.use(() => this.#once({ ...current, files: ready }))));
    }
  }

  /** What of a batch can be sent now: neither changed, nor to be asked for first. */
  async #prepare(batch: Batch): Promise<readonly FileToStore[]> {
    const { patience, signal, finish } = this.#context;
    try {
      await patience.pass(signal);
    } catch {
      for (const file of batch.files) await finish(file, stoppedOutcome(file, this.#context));
      return [];
    }
    const fresh =
      batch.attempts === 0 ? batch.files : await refreshFiles(this.#context, batch.files);
    const toAsk = fresh.filter(({ mustAsk }) => mustAsk);
    if (toAsk.length === 0) return fresh;
    const absent = await askForFiles(this.#context, toAsk);
    return [...fresh.filter(file => !toAsk.includes(file)), ...absent];
  }

  /** One request. @returns what is to be sent again. */
  async #once(batch: Batch): Promise<Batch[]> {
    const { client, journal, clock, patience, slots, signal, requestSignal, tally, finish } =
      this.#context;
    const { files } = batch;
    if (signal.aborted) {
      for (const file of files) await finish(file, stoppedOutcome(file, this.#context));
      return [];
    }
    await journal?.sending(files);
    const startedMs = clock.now();
    let sentBytes = 0;
    tally.requests += 1;
    try {
      const { instances } = await client.store(files.map(instanceOf), {
        signal: requestSignal,
        onProgress: progress => {
          // Sent again within one Store transaction, it begins anew.
          tally.sentBytes += Math.max(0, progress.sentBytes - sentBytes);
          sentBytes = progress.sentBytes;
          tally.tell();
        },
        onWaiting: waiting => {
          slots.fewer();
          patience.pauseUntil(waiting.untilMs, 'throttled');
          this.#context.onWaiting?.(waiting);
        },
      });
      patience.succeeded();
      slots.succeeded();
      return await this.#answered(batch, instances);
    } catch (error) {
      return this.#failed(batch, error, startedMs);
    }
  }

  async #answered(batch: Batch, outcomes: readonly InstanceOutcome[]): Promise<Batch[]> {
    const { finish } = this.#context;
    const again: FileToStore[] = [];
    for (const [index, file] of batch.files.entries()) {
      const result = outcomes[index];
      if (await this.#finishedUnread(file, batch)) continue;
      const isOpen = !result || result.outcome === 'unknown';
      const mayPass = result?.outcome === 'rejected' && result.reason?.retry === 'transient';
      if (isOpen) file.mustAsk = true;
      if (isOpen || (mayPass && batch.attempts + 1 < MAX_ATTEMPTS)) again.push(file);
      else await finish(file, outcomeOf(file, result));
    }
    return this.#later(again, batch);
  }

  /** Files that could not be read to their end are not sent again, unless they changed meanwhile. */
  async #finishedUnread(file: FileToStore, batch: Batch): Promise<boolean> {
    const { readError } = file;
    if (readError === undefined) return false;
    if (readError instanceof FileChangedError && batch.attempts + 1 < MAX_ATTEMPTS) return false;
    const message =
      readError instanceof FileChangedError
        ? 'The file changes while it is read.'
        : describeFileError(readError);
    const retry = 'transient' as const;
    await this.#context.finish(file, plainOutcome(file, 'notSent', { message, retry }));
    return true;
  }

  /** The same files after a pause of their own. */
  async #later(files: readonly FileToStore[], batch: Batch): Promise<Batch[]> {
    if (files.length === 0) return [];
    const { clock, random, signal } = this.#context;
    try {
      await sleep(clock, backOffMs(RETRY_BOUNDS, batch.attempts, random), signal);
    } catch {
      // What was stopped ends with the next look at the signal.
    }
    return [{ files, attempts: batch.attempts + 1, failedSinceMs: batch.failedSinceMs }];
  }

  async #failed(batch: Batch, error: unknown, startedMs: number): Promise<Batch[]> {
    const { clock, patience, slots, signal, stop, finish } = this.#context;
    const files: FileToStore[] = [];
    for (const file of batch.files) {
      if (!(await this.#finishedUnread(file, batch))) files.push(file);
    }
    const failedSinceMs = batch.failedSinceMs ?? clock.now();
    const next: Batch = { files, attempts: batch.attempts + 1, failedSinceMs };
    const isOwnFault = batch.files.some(({ readError }) => readError !== undefined);
    const isCut = error instanceof StoreError && error.code === 'ERR_STORE_OUTCOME_UNKNOWN';
    if (isCut) for (const file of files) file.mustAsk = true;
    if (signal.aborted) {
      for (const file of files) await finish(file, stoppedOutcome(file, this.#context));
      return [];
    }
    if (files.length === 0) return [];
    if (isOwnFault) return [next];

    if (error instanceof StoreError) {
      const { code, httpStatus } = error;
      if (code === 'ERR_STORE_REFUSED' && HALVED.has(httpStatus ?? 0)) {
        if (error.retry === 'transient' && batch.attempts === 0) return this.#later(files, batch);
        return this.#halved(next, error);
      }
      const isLost = code === 'ERR_STORE_UNREACHABLE' || isCut;
      if (isLost && next.attempts >= MAX_ATTEMPTS && (await this.#isServerThere(next))) {
        // Others come through, these never do: one of them may be what breaks the line.
        return this.#halved(next, error);
      }
      if (code === 'ERR_STORE_THROTTLED') slots.fewer();
    }
    const mayPass = isProjectError(error) && (error.retry === 'transient' || isCut);
    const isThrottled = error instanceof StoreError && error.code === 'ERR_STORE_THROTTLED';
    const retryAfterMs = error instanceof StoreError ? error.retryAfterMs : undefined;
    const why = isThrottled ? 'throttled' : 'unreachable';
    if (!mayPass || !patience.failed(why, startedMs, retryAfterMs)) stop(error);
    return [isThrottled ? { ...next, attempts: batch.attempts } : next];
  }

  /** Whether the server answers while these files do not come through. */
  async #isServerThere({ files: [file], failedSinceMs = 0 }: Batch): Promise<boolean> {
    const { client, patience, requestSignal } = this.#context;
    if (patience.hasSucceededSince(failedSinceMs)) return true;
    if (!file || !isNamed(file.identity)) return false;
    const settlement = await client.settle(file.identity, { signal: requestSignal });
    return settlement !== 'unknown';
  }

  /** Two requests instead of one; a single file is the culprit. */
  async #halved({ files, ...rest }: Batch, error: StoreError): Promise<Batch[]> {
    const [only] = files;
    if (files.length > 1) {
      const middle = Math.ceil(files.length / 2);
      // Each half has its own attempts.
      const attempts = error.retry === 'permanent' ? 0 : rest.attempts;
      return [files.slice(0, middle), files.slice(middle)].map(half => ({
        ...rest,
        files: half,
        attempts,
      }));
    }
    if (only) await this.#context.finish(only, refusedOutcome(only, error));
    return [];
  }
}

/** The outcome of a file which the server refused as a request of its own. */
function refusedOutcome(file: FileToStore, error: StoreError): FileOutcome {
  const { httpStatus, serverText, code } = error;
  if (code !== 'ERR_STORE_REFUSED' || httpStatus === undefined) {
    return plainOutcome(file, code === 'ERR_STORE_OUTCOME_UNKNOWN' ? 'unknown' : 'rejected', {
      message: 'The connection broke each time it was sent, while other files came through.',
      remedy: 'Check the file, and what stands between here and the server.',
      retry: error.retry,
    });
  }
  const { name, meaning, remedy } = describeHttpStatus(httpStatus);
  return plainOutcome(file, 'rejected', {
    httpStatus,
    message: `HTTP ${httpStatus} ${name}: ${meaning}`,
    remedy,
    retry: error.retry,
    comments: serverText ? [serverText] : undefined,
  });
}
