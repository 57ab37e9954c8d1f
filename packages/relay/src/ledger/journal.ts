import type { JournalFile, JournalFolder } from './journal-files.ts';
import { decodeLine, encodeLine } from './journal-line.ts';
import { LedgerError, systemCode } from './ledger-error.ts';

const NAME = 'ledger.jsonl';
const NEXT_NAME = 'ledger.next.jsonl';
const LINE_FEED = 0x0a;
/** Operations of one line when the journal is written anew. */
const SNAPSHOT_LINE = 500;
/** Below this size the journal is not written anew, in bytes. */
export const MIN_COMPACT_BYTES = 4 << 20;

/** What the journal is to hold its place for. */
export interface JournalState {
  /** Takes operations that are durable, in their order. Must not throw. */
  apply(operations: readonly unknown[]): void;
  /** Operations from which the same state comes about. */
  snapshot(): Iterable<unknown>;
}

/** What was found when the journal was opened. */
export interface Opened {
  readonly lines: number;
  /** Bytes of a last line that was never finished; they are cut off. Nothing in it was ever reported as recorded. */
  readonly tornBytes: number;
}

/**
 * An append-only file. One line holds what one call has recorded; it is written and synced before it is applied, so that memory never knows more
 * than the disk. A line that the disk does not take whole is cut off again.
 */
export class Journal {
  readonly #folder: JournalFolder;
  readonly #state: JournalState;
  readonly #minCompactBytes: number;
  #file: JournalFile;
  /** Bytes of the file that are whole lines, synced. */
  #length = 0;
  /** Bytes of the file when it was written anew last. */
  #compactLength = 0;
  /** The name of the journal may still stand for the old file when the machine crashes now. */
  #isFolderDirty = false;
  /** There may be something behind `#length`. */
  #isTailDirty = false;
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  /** The last compaction failed with this; the journal goes on without. */
  compactionFailure: string | undefined;

  private constructor(
    folder: JournalFolder,
    file: JournalFile,
    state: JournalState,
    minCompactBytes: number
  ) {
    this.#folder = folder;
    this.#file = file;
    this.#state = state;
    this.#minCompactBytes = minCompactBytes;
  }

  /**
   * Opens the journal and applies what it holds.
   * @throws {LedgerError} ERR_RELAY_LEDGER_CORRUPT when a line before the last is damaged; ERR_RELAY_LEDGER_WRITE when the file cannot be opened or
   *   read, or its torn end cannot be cut off.
   */
  static async open(
    folder: JournalFolder,
    state: JournalState,
    minCompactBytes = MIN_COMPACT_BYTES
  ): Promise<{ journal: Journal; opened: Opened }> {
    try {
      // Left by a crash while it was written anew: the journal itself is still whole.
      await folder.remove(NEXT_NAME);
      const file = await folder.open(NAME);
      await folder.sync();
      const journal = new Journal(folder, file, state, minCompactBytes);
      return { journal, opened: await journal.#replay() };
    } catch (cause) {
      if (cause instanceof LedgerError) throw cause;
      throw cannotWrite('cannot be opened', cause);
    }
  }

  /** Bytes on disk. */
  get length(): number {
    return this.#length;
  }

  /**
   * Records what `operations` gives, and applies it.
   * @param operations - called when it is the caller's turn, so that it sees all that was recorded before. Empty: nothing is written.
   * @throws {LedgerError} ERR_RELAY_LEDGER_WRITE: nothing is recorded.
   */
  record(operations: () => readonly unknown[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) throw new LedgerError('ERR_RELAY_LEDGER_WRITE', 'The ledger is closed.');
      const recorded = operations();
      if (recorded.length === 0) return;
      await this.#append(encodeLine(recorded));
      this.#state.apply(recorded);
      const limit = Math.max(this.#minCompactBytes, 3 * this.#compactLength);
      if (this.#length > limit) await this.#compact();
    });
  }

  /** Waits for what is being recorded, and closes the file. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      await this.#file.close();
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #replay(): Promise<Opened> {
    let lines = 0;
    let position = 0;
    let rest = Buffer.alloc(0);
    let damagedAt: number | undefined;
    for await (const chunk of this.#file.read()) {
      rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
      let start = 0;
      for (let end = rest.indexOf(LINE_FEED); end >= 0; end = rest.indexOf(LINE_FEED, start)) {
        // Anything behind a damaged line shows that it was not the last one.
        if (damagedAt !== undefined) throw corrupt(lines + 1);
        const operations = decodeLine(rest.toString('utf8', start, end));
        if (operations) {
          this.#state.apply(operations);
          lines += 1;
          this.#length = position + end + 1;
        } else {
          damagedAt = position + start;
        }
        start = end + 1;
      }
      position += start;
      rest = rest.subarray(start);
    }
    if (damagedAt !== undefined && rest.length > 0) throw corrupt(lines + 1);
    const tornBytes = position + rest.length - this.#length;
    this.#isTailDirty = tornBytes > 0;
    this.#compactLength = this.#length;
    if (this.#isTailDirty) await this.#cutTail();
    return { lines, tornBytes };
  }

  async #cutTail(): Promise<void> {
    await this.#file.truncate(this.#length);
    await this.#file.sync();
    this.#isTailDirty = false;
  }

  async #syncFolder(): Promise<void> {
    await this.#folder.sync();
    this.#isFolderDirty = false;
  }

  async #append(line: Buffer): Promise<void> {
    try {
      if (this.#isFolderDirty) await this.#syncFolder();
      if (this.#isTailDirty) await this.#cutTail();
      this.#isTailDirty = true;
      await this.#file.write(line, this.#length);
      await this.#file.sync();
      this.#length += line.length;
      this.#isTailDirty = false;
    } catch (cause) {
      // At once if the disk lets us, so that it has room again; else before the next line.
      await this.#cutTail().catch(() => undefined);
      throw cannotWrite('cannot be written to', cause);
    }
  }

  /** Writes the journal anew without what is out of date. When that fails, the old one stays. */
  async #compact(): Promise<void> {
    let next: JournalFile | undefined;
    try {
      await this.#folder.remove(NEXT_NAME);
      next = await this.#folder.open(NEXT_NAME);
      let length = 0;
      let pending: unknown[] = [];
      const flush = async (file: JournalFile): Promise<void> => {
        const line = encodeLine(pending);
        await file.write(line, length);
        length += line.length;
        pending = [];
      };
      for (const operation of this.#state.snapshot()) {
        if (pending.push(operation) >= SNAPSHOT_LINE) await flush(next);
      }
      if (pending.length > 0) await flush(next);
      await next.sync();
      await this.#folder.rename(NEXT_NAME, NAME);
      // From here on the new file is the journal, whatever fails.
      this.#isFolderDirty = true;
      const old = this.#file;
      this.#file = next;
      this.#length = length;
      this.#compactLength = length;
      this.compactionFailure = undefined;
      next = undefined;
      await old.close().catch(() => undefined);
      await this.#syncFolder();
    } catch (cause) {
      this.compactionFailure = systemCode(cause);
      // Not again with the very next line.
      this.#compactLength = this.#length;
      if (this.#isFolderDirty) return;
      await next?.close().catch(() => undefined);
      await this.#folder.remove(NEXT_NAME).catch(() => undefined);
    }
  }
}

function corrupt(line: number): LedgerError {
  return new LedgerError(
    'ERR_RELAY_LEDGER_CORRUPT',
    `The ledger ${NAME} is damaged in line ${line}, and not at its end: nothing was changed. Put a backup in its place; or move the file away: the relay then reads all of Orthanc again, and what is stored already is not stored twice.`
  );
}

function cannotWrite(what: string, cause: unknown): LedgerError {
  const code = systemCode(cause);
  const hint =
    code === 'ENOSPC' || code === 'EDQUOT'
      ? 'the disk is full; make room, the relay goes on by itself'
      : `${code}; check the folder RELAY_DATA`;
  return new LedgerError('ERR_RELAY_LEDGER_WRITE', `The ledger ${what}: ${hint}.`, { cause });
}
