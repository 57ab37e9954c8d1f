import { createReadStream, writeSync } from 'node:fs';
import { mkdir, open, stat, truncate } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { InstanceIdentifier } from '../storage/stored-instance.ts';

/** What happened to an instance. */
export type ChangeAction = 'Create' | 'Delete' | 'Update';

/** An instance in a partition. */
export interface Subject extends InstanceIdentifier {
  partitionName: string;
}

/** One change, as it was written down. */
export interface Change extends Subject {
  /** Counts from 1 without gaps. */
  sequence: number;
  action: ChangeAction;
  /** Microseconds since 1970; no two changes share one. */
  timestampUs: number;
  /** The version which the change made or removed. */
  watermark: number;
}

/** Whether the version of a change is the one there is. [reference 4, Change feed] */
export type ChangeState = 'Current' | 'Replaced' | 'Deleted';

/**
 * The changes of all partitions, oldest first, in memory and in one file of a JSON array a line.
 * The file may lag behind after a crash: what it lacks is found by {@link ChangeFeed.reconcile}.
 */
export class ChangeFeed {
  readonly #path: string;
  readonly #now: () => number;
  readonly #changes: Change[] = [];
  /** The version which is there now of each instance that ever changed; 0 when it is deleted. */
  readonly #current = new Map<string, number>();
  #file: FileHandle | undefined;
  #pending = '';

  private constructor(path: string, now: () => number) {
    this.#path = path;
    this.#now = now;
  }

  /** Opens the file, making it if need be. A cut last line is dropped. */
  static async open(path: string, now: () => number): Promise<ChangeFeed> {
    const feed = new ChangeFeed(path, now);
    await mkdir(dirname(path), { recursive: true });
    await feed.#read();
    feed.#file = await open(path, 'a');
    return feed;
  }

  /** All changes, oldest first. */
  get changes(): readonly Change[] {
    return this.#changes;
  }

  /** Writes a change down. @param atMs - when it happened; default: now. */
  append(subject: Subject, action: ChangeAction, watermark: number, atMs?: number): void {
    const last = this.#changes.at(-1);
    const timestampUs = Math.max((last?.timestampUs ?? 0) + 1, (atMs ?? this.#now()) * 1000);
    const { partitionName, studyInstanceUID, seriesInstanceUID, sopInstanceUID } = subject;
    const sequence = this.#changes.length + 1;
    const identifier = { partitionName, studyInstanceUID, seriesInstanceUID, sopInstanceUID };
    this.#take({ ...identifier, sequence, action, timestampUs, watermark });
    // Changes come in many at once: their lines are written together.
    if (this.#pending === '') setImmediate(() => this.#write());
    this.#pending += `${JSON.stringify([action, partitionName, studyInstanceUID, seriesInstanceUID, sopInstanceUID, timestampUs, watermark])}\n`;
  }

  /** The state of a change. */
  stateOf(change: Change): ChangeState {
    const current = this.#current.get(keyOf(change)) ?? 0;
    if (current === 0) return 'Deleted';
    return current === change.watermark && change.action !== 'Delete' ? 'Current' : 'Replaced';
  }

  /**
   * Brings the feed up to what is there: instances without a change get one, and so do those that
   * are gone. For files put into or taken out of the folder by hand, and after a crash.
   */
  reconcile(present: readonly { subject: Subject; watermark: number }[]): void {
    const keys = new Set<string>();
    const news = present.filter(({ subject, watermark }) => {
      const key = keyOf(subject);
      keys.add(key);
      return this.#current.get(key) !== watermark;
    });
    const gone = new Map<string, Change>();
    for (const change of this.#changes) {
      const key = keyOf(change);
      if (!keys.has(key) && this.#current.get(key) !== 0) gone.set(key, change);
    }
    for (const change of gone.values()) this.append(change, 'Delete', change.watermark);
    for (const { subject, watermark } of news.sort((a, b) => a.watermark - b.watermark)) {
      const known = (this.#current.get(keyOf(subject)) ?? 0) !== 0;
      this.append(subject, known ? 'Update' : 'Create', watermark, watermark);
    }
  }

  /** Waits for what is being written and closes the file. */
  async close(): Promise<void> {
    this.#write();
    await this.#file?.close();
    this.#file = undefined;
  }

  #take(change: Change): void {
    this.#changes.push(change);
    this.#current.set(keyOf(change), change.action === 'Delete' ? 0 : change.watermark);
  }

  /** In one go: it goes into the kernel's memory, which takes less time than to ask another thread. */
  #write(): void {
    const bytes = Buffer.from(this.#pending);
    this.#pending = '';
    try {
      for (let at = 0; this.#file && at < bytes.length;) at += writeSync(this.#file.fd, bytes, at);
    } catch {
      // A full disk: the feed in memory goes on, and the next start finds what is missing.
    }
  }

  async #read(): Promise<void> {
    const found = await stat(this.#path).catch(() => undefined);
    if (!found) return;
    const lines = createInterface({ input: createReadStream(this.#path), crlfDelay: Infinity });
    let bytes = 0;
    for await (const line of lines) {
      const change = changeOf(line, this.#changes.length + 1);
      if (!change) break;
      bytes += Buffer.byteLength(line) + 1;
      this.#take(change);
    }
    if (bytes < found.size) await truncate(this.#path, bytes);
  }
}

const keyOf = (one: Subject) =>
  `${one.partitionName}/${one.studyInstanceUID}/${one.seriesInstanceUID}/${one.sopInstanceUID}`;

function changeOf(line: string, sequence: number): Change | undefined {
  try {
    const [
      action,
      partitionName,
      studyInstanceUID,
      seriesInstanceUID,
      sopInstanceUID,
      timestampUs,
      watermark,
    ] = JSON.parse(line) as [ChangeAction, string, string, string, string, number, number];
    if (typeof watermark !== 'number') return undefined;
    return {
      sequence,
      action,
      partitionName,
      studyInstanceUID,
      seriesInstanceUID,
      sopInstanceUID,
      timestampUs,
      watermark,
    };
  } catch {
    return undefined;
  }
}
