import { hash } from 'node:crypto';
import {
  closeSync,
  fdatasync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import * as path from 'node:path';
import type { Clock } from '@ohif-azure/core';
import type { Logger } from 'pino';

/** A failed job can be resubmitted for so long, in milliseconds; Orthanc forgets its jobs sooner (`JobsHistorySize`, a restart). */
export const REMEMBERED_MS = 7 * 86_400_000;
/** So many boundaries are remembered at most; the oldest go first. */
export const MAX_BOUNDARIES = 20_000;
/** So many boundaries of requests that went well are remembered, in memory. */
const MAX_STORED = 20_000;
/** So many of callers without credentials, which are never written to disk. */
const MAX_STRANGERS = 1_000;
/** The file is written anew when it has so many lines more than it needs. */
const MAX_SPARE_LINES = 20_000;

/** What was written is flushed after so long, in milliseconds. */
const SYNC_AFTER_MS = 200;

const FILE_NAME = 'store-boundaries.log';

/** What a line says of a boundary: a request with it has begun, ended well, or failed. */
type Mark = '+' | '-' | '!';

/** One Store request, from its head to its end. */
export interface BoundaryTicket {
  /**
   * To be called once. A request that is not ended counts as failed after a restart.
   * @param instances - how many were in it.
   */
  end(isSuccess: boolean, instances?: number): void;
}

/**
 * The boundaries of Store requests that failed. Orthanc keeps one boundary for each of its jobs, and "Resubmit" goes on where the job stopped: with
 * a body that lacks the instances that were sent before. Such a body looks complete; only its boundary tells.
 *
 * A request is noted in a file before anything of it goes to the service, so that a relay that was killed knows what was under way. Boundaries are
 * kept as digests.
 */
export class FailedBoundaries {
  readonly #clock: Clock;
  readonly #logger?: Logger;
  readonly #file?: string;
  /** Digest to the time it failed; insertion order is age. */
  readonly #failed = new Map<string, number>();
  readonly #strangers = new Set<string>();
  readonly #stored = new Set<string>();
  /** Under way, with the number of requests: some clients use one boundary for all. */
  readonly #begun = new Map<string, number>();
  #fd?: number;
  #lines = 0;
  #syncTimer?: NodeJS.Timeout;
  #problem?: string;

  /**
   * @param folder - where the file is; undefined: nothing is kept on disk.
   * @throws the error of the file system when the folder cannot be made or the file cannot be opened.
   */
  constructor(clock: Clock, folder?: string, logger?: Logger) {
    this.#clock = clock;
    this.#logger = logger;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#file = path.join(folder, FILE_NAME);
    this.#read(this.#file);
    this.#rewrite();
  }

  /** What keeps the file from being written, in words; undefined: nothing. */
  get problem(): string | undefined {
    return this.#problem;
  }

  hasFailed(boundary: string): boolean {
    const key = keyOf(boundary);
    const failedAt = this.#failed.get(key);
    if (failedAt === undefined) return this.#strangers.has(key);
    return this.#clock.now() - failedAt < REMEMBERED_MS;
  }

  /**
   * Whether all requests with this boundary went well, and at least one of them had an instance: what their caller has sent by now is stored. Not after a
   * restart.
   */
  hasStored(boundary: string): boolean {
    return this.#stored.has(keyOf(boundary)) && !this.hasFailed(boundary);
  }

  /** Notes a request before anything of it goes on. */
  begin(boundary: string): BoundaryTicket {
    const key = keyOf(boundary);
    this.#begun.set(key, (this.#begun.get(key) ?? 0) + 1);
    this.#write('+', key);
    let isEnded = false;
    return {
      end: (isSuccess, instances = 0) => {
        if (isEnded) return;
        isEnded = true;
        const left = (this.#begun.get(key) ?? 1) - 1;
        if (left > 0) this.#begun.set(key, left);
        else this.#begun.delete(key);
        if (!isSuccess) this.#fail(key, this.#clock.now());
        else if (instances > 0) keep(this.#stored, key, MAX_STORED);
        this.#write(isSuccess ? '-' : '!', key);
      },
    };
  }

  /** A request that was refused before it was known who calls: remembered, not written. */
  refuseStranger(boundary: string): void {
    keep(this.#strangers, keyOf(boundary), MAX_STRANGERS);
  }

  close(): void {
    clearTimeout(this.#syncTimer);
    this.#syncTimer = undefined;
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  #fail(key: string, at: number): void {
    this.#failed.delete(key);
    this.#failed.set(key, at);
    for (const oldest of this.#failed.keys()) {
      if (this.#failed.size <= MAX_BOUNDARIES) break;
      this.#failed.delete(oldest);
    }
  }

  #read(file: string): void {
    let text = '';
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    const begun = new Map<string, { count: number; at: number }>();
    for (const line of text.split('\n')) {
      // A line that was cut by a full disk or a power failure does not fit, and is left out.
      const [, mark, key = '', time] = /^([-+!]) ([\w-]{22}) (\d{1,15})$/.exec(line) ?? [];
      if (!mark) continue;
      const at = Number(time);
      const count = begun.get(key)?.count ?? 0;
      begun.set(key, { count: mark === '+' ? count + 1 : Math.max(count - 1, 0), at });
      if (mark === '!') this.#fail(key, at);
    }
    // What had not ended was cut by the end of that relay.
    for (const [key, { count, at }] of begun) if (count > 0) this.#fail(key, at);
    for (const [key, at] of this.#failed) {
      if (this.#clock.now() - at >= REMEMBERED_MS) this.#failed.delete(key);
    }
  }

  /** Writes what still counts, as a whole or not at all. */
  #rewrite(): void {
    if (!this.#file) return;
    const now = this.#clock.now();
    const failed = [...this.#failed].map(([key, at]) => `! ${key} ${at}\n`);
    const begun = [...this.#begun].flatMap(([key, count]) =>
      Array.from({ length: count }, () => `+ ${key} ${now}\n`)
    );
    const temporary = `${this.#file}.new`;
    writeFileSync(temporary, [...failed, ...begun].join(''), { mode: 0o600, flush: true });
    renameSync(temporary, this.#file);
    this.close();
    this.#fd = openSync(this.#file, 'a', 0o600);
    this.#lines = 0;
  }

  #write(mark: Mark, key: string): void {
    if (this.#fd === undefined) return;
    const line = Buffer.from(`${mark} ${key} ${this.#clock.now()}\n`);
    try {
      const written = writeSync(this.#fd, line);
      if (written < line.length) {
        // A disk that is full took a part of it; the next line must not begin in the middle.
        writeSync(this.#fd, '\n');
        throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
      }
      this.#problem = undefined;
      this.#lines += 1;
      if (this.#lines > MAX_SPARE_LINES + this.#failed.size) this.#rewrite();
      this.#sync();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason';
      if (!this.#problem)
        this.#logger?.error({ code }, 'boundaries of Store requests cannot be written');
      this.#problem = `the file of boundaries in RELAY_DATA cannot be written (${code})`;
    }
  }

  /**
   * Flushed soon, and not waited for: who resubmits a job does not do it within these milliseconds. Not after each line: that would cost the disk more
   * than all the rest.
   */
  #sync(): void {
    if (this.#syncTimer !== undefined) return;
    this.#syncTimer = setTimeout(() => {
      this.#syncTimer = undefined;
      if (this.#fd !== undefined) fdatasync(this.#fd, () => undefined);
    }, SYNC_AFTER_MS).unref();
  }
}

/** Adds one; the oldest go beyond `max`. */
function keep(set: Set<string>, key: string, max: number): void {
  set.add(key);
  for (const oldest of set) {
    if (set.size <= max) break;
    set.delete(oldest);
  }
}

/** The last one: each request asks several times for its own. */
let [lastBoundary, lastKey] = ['', ''];

function keyOf(boundary: string): string {
  if (boundary !== lastBoundary || lastKey === '') {
    lastKey = hash('sha256', boundary, 'base64url').slice(0, 22);
    lastBoundary = boundary;
  }
  return lastKey;
}
