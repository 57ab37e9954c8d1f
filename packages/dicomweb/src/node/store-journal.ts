import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { FileOutcome } from './file-outcome.ts';
import type { JournalContent, JournalHead, NotedFile, OutcomeLine } from './journal-lines.ts';
import { readJournal } from './journal-lines.ts';
import { JournalError } from './journal-error.ts';
import { LineLog } from './line-log.ts';
import { LockedError, takeLock } from './process-lock.ts';

/** Options of {@link openStoreJournal}. */
export interface StoreJournalOptions {
  /** The service's root, as of the client; a journal is of one service. */
  readonly serviceUrl: string;
  /**
   * - `new`: the journal must not exist yet;
   * - `resume`: it must exist;
   * - `any` (default): goes on where there is one, else begins one.
   */
  readonly mode?: 'new' | 'resume' | 'any';
  /** What is given to store, kept for a resume without arguments. Made absolute. Default: none. */
  readonly paths?: readonly string[];
}

/** What a journal says of a file. */
export interface JournalEntry extends NotedFile {
  /** Of the content that was sent, when it was. */
  readonly crc32?: number;
  /** Absent: it was being sent when the run ended, and what became of it is to be asked for. */
  readonly outcome?: FileOutcome;
  /** What was noted of it before it was being sent. */
  readonly earlier?: JournalEntry;
}

/**
 * The journal of a store run, JSON Lines: a head, one line before each request, one for each outcome; each synced to the disk before
 * anything follows from it. Made by {@link openStoreJournal}.
 */
export class StoreJournal implements AsyncDisposable {
  readonly path: string;
  /** What the first run was given to store, absolute. */
  readonly paths: readonly string[];
  /** The root of the service that it is of. */
  readonly serviceUrl: string;
  /** It had lines of an earlier run. */
  readonly isResumed: boolean;
  readonly #entries: JournalContent['entries'];
  readonly #log: LineLog;
  readonly #unlock: () => Promise<void>;

  /** @internal Use {@link openStoreJournal}. */
  constructor(
    file: string,
    content: Pick<JournalContent, 'head' | 'entries'>,
    isResumed: boolean,
    log: LineLog,
    unlock: () => Promise<void>
  ) {
    this.path = file;
    this.paths = content.head.paths;
    this.serviceUrl = content.head.service;
    this.isResumed = isResumed;
    this.#entries = content.entries;
    this.#log = log;
    this.#unlock = unlock;
  }

  /** Files that an earlier run noted. */
  get size(): number {
    return this.#entries.size;
  }

  /** What an earlier run noted of a file. @param file - absolute. */
  entry(file: string): JournalEntry | undefined {
    const entry = this.#entries.get(file);
    if (!entry || !('event' in entry)) return entry;
    const { path: noted, bytes, mtimeMs, crc32, outcome } = entry;
    return { path: noted, bytes, mtimeMs, crc32, outcome };
  }

  /** Notes that a request with these files goes out now. @throws {JournalError} ERR_STORE_JOURNAL_NOT_WRITABLE */
  sending(files: readonly NotedFile[]): Promise<void> {
    const noted = files.map(({ path: file, bytes, mtimeMs }) => ({ path: file, bytes, mtimeMs }));
    return this.#append({ event: 'sending', files: noted });
  }

  /** Notes what became of a file. @throws {JournalError} ERR_STORE_JOURNAL_NOT_WRITABLE */
  outcome(file: NotedFile, outcome: FileOutcome, checksum: number | undefined): Promise<void> {
    const { path: noted, bytes, mtimeMs } = file;
    const line: OutcomeLine = { event: 'outcome', path: noted, bytes, mtimeMs, outcome };
    return this.#append(checksum === undefined ? line : { ...line, crc32: checksum });
  }

  async #append(line: object): Promise<void> {
    try {
      await this.#log.append([JSON.stringify(line)]);
    } catch (cause) {
      throw notWritable(this.path, cause);
    }
  }

  /** Waits for what is being written, and gives the lock back. */
  async close(): Promise<void> {
    await this.#log.close();
    await this.#unlock();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function notWritable(file: string, cause: unknown): JournalError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? `the disk is full (${code})` : code;
  return new JournalError('ERR_STORE_JOURNAL_NOT_WRITABLE', `${file}: cannot be written, ${why}`, {
    cause,
  });
}

async function lock(file: string): Promise<() => Promise<void>> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    return await takeLock(`${file}.lock`);
  } catch (error) {
    if (!(error instanceof LockedError)) throw notWritable(file, error);
    const { pid, host } = error.holder ?? {};
    throw new JournalError(
      'ERR_STORE_JOURNAL_LOCKED',
      `${file}: process ${pid ?? 'unknown'} on ${host ?? 'an unknown machine'} works with it; wait for its end`,
      { cause: error }
    );
  }
}

async function readExisting(file: string): Promise<JournalContent | 'absent' | undefined> {
  try {
    return await readJournal(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
}

/**
 * Opens a journal and takes its lock, which ends with the process at the latest.
 * @param file - its path; folders above it are made. The lock is beside it, with `.lock` added.
 * @throws {JournalError} ERR_STORE_JOURNAL_LOCKED (another process has it), _EXISTS (`new`), _MISSING (`resume`), _OTHER_SERVICE,
 *   _UNREADABLE (no journal of ours), _NOT_WRITABLE.
 */
export async function openStoreJournal(
  file: string,
  options: StoreJournalOptions
): Promise<StoreJournal> {
  const { serviceUrl, mode = 'any', paths = [] } = options;
  const absolute = path.resolve(file);
  const unlock = await lock(absolute);
  try {
    const existing = await readExisting(absolute);
    const found = existing === 'absent' ? undefined : existing;
    if (mode === 'new' && existing !== 'absent') {
      throw new JournalError('ERR_STORE_JOURNAL_EXISTS', `${file}: there is a journal already`);
    }
    if (mode === 'resume' && !found) {
      throw new JournalError('ERR_STORE_JOURNAL_MISSING', `${file}: there is no journal of a run`);
    }
    if (found && found.head.service !== serviceUrl) {
      throw new JournalError(
        'ERR_STORE_JOURNAL_OTHER_SERVICE',
        `${file}: it is of a run to ${found.head.service}, not to ${serviceUrl}`
      );
    }
    const head: JournalHead = found?.head ?? {
      journal: 'ohif-azure store',
      version: 1,
      service: serviceUrl,
      paths: paths.map(given => path.resolve(given)),
    };
    const log = await openLog(absolute, found ? found.length : 0, found ? undefined : head);
    const entries = found?.entries ?? new Map<string, never>();
    return new StoreJournal(absolute, { head, entries }, found !== undefined, log, unlock);
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openLog(
  file: string,
  length: number,
  head: JournalHead | undefined
): Promise<LineLog> {
  try {
    const log = await LineLog.open(file, length);
    if (head) await log.append([JSON.stringify(head)]);
    return log;
  } catch (cause) {
    throw notWritable(file, cause);
  }
}
