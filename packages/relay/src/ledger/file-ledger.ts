import type { Clock } from '@ohif-azure/core';
import { EntryBook, FORMAT, type Operation } from './entry-book.ts';
import { lockFolder, type FolderLock } from './folder-lock.ts';
import { Journal, type Opened } from './journal.ts';
import { journalFolder, type JournalFolder } from './journal-files.ts';
import { LedgerError } from './ledger-error.ts';
import type {
  Bucket,
  Claim,
  Entry,
  Feed,
  Ledger,
  ListOptions,
  QuietTimes,
  Reason,
  SeenInstance,
  Selection,
  Summary,
  Transition,
} from './ledger.ts';
import {
  afterTransition,
  dropped,
  isSelected,
  retried,
  seenAgain,
  seenEntry,
} from './transitions.ts';

/** Entries of a page unless the caller says otherwise. */
export const DEFAULT_PAGE = 100;

/** Options of {@link openFileLedger}. */
export interface FileLedgerOptions extends QuietTimes {
  /** `RELAY_DATA`; made when it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  /** Default: the folder on disk. */
  readonly files?: JournalFolder;
  /** Below this size the journal is not written anew, in bytes. */
  readonly minCompactBytes?: number;
}

const NONE: ReadonlySet<string> = new Set();
const put = (e: Entry): Operation => ({ t: 'put', e });

/** The ledger of one relay: an append-only file, see docs/adr/0010-relay-ledger.md. */
export class FileLedger implements Ledger {
  readonly #options: FileLedgerOptions;
  readonly #book: EntryBook;
  readonly #journal: Journal;
  readonly #lock: FolderLock;
  readonly #claimed = new Set<string>();
  #problem: Reason | undefined;
  /** What was found when it was opened. */
  readonly opened: Opened;

  constructor(
    options: FileLedgerOptions,
    book: EntryBook,
    { journal, opened }: { journal: Journal; opened: Opened },
    lock: FolderLock
  ) {
    this.#options = options;
    this.#book = book;
    this.#journal = journal;
    this.#lock = lock;
    this.opened = opened;
  }

  async feed(): Promise<Feed> {
    return this.#book.feed;
  }

  recordFeed(from: Feed, to: Feed, instances: readonly SeenInstance[]): Promise<void> {
    return this.#record(() => {
      const { cursor, epoch } = this.#book.feed;
      if (cursor !== from.cursor || epoch !== from.epoch) return [];
      const now = this.#now();
      const operations: Operation[] = instances.flatMap(seen => {
        const entry = seenAgain(this.#book.get(seen.id), seen, to, now);
        return entry ? [put(entry)] : [];
      });
      return cursor === to.cursor && epoch === to.epoch
        ? operations
        : [...operations, { t: 'feed', feed: to }];
    });
  }

  async unknown(ids: readonly string[]): Promise<string[]> {
    return ids.filter(id => this.#isUnknown(id));
  }

  async recordFound(instances: readonly SeenInstance[]): Promise<number> {
    let found = 0;
    await this.#record(() => {
      const { epoch } = this.#book.feed;
      const fresh = instances.filter(({ id }) => this.#isUnknown(id));
      found = fresh.length;
      return fresh.map(seen => put(seenEntry(seen, epoch, this.#now())));
    });
    return found;
  }

  async claim(limit: number, except: ReadonlySet<string> = NONE): Promise<Claim | undefined> {
    const next = this.#book.nextDue(
      this.#now(),
      this.#options,
      study => !this.#claimed.has(study) && !except.has(study)
    );
    if (!next) return undefined;
    const { study } = next;
    this.#claimed.add(study);
    return {
      study,
      entries: turnOf(next.entries, limit),
      deidentifiedStudyUID: this.#book.deidentifiedStudyUID(study),
      renew: async () => true,
      release: async () => void this.#claimed.delete(study),
    };
  }

  record(transitions: readonly Transition[]): Promise<void> {
    return this.#record(() =>
      transitions.flatMap(change => {
        const before = this.#book.get(change.id);
        const after = before && afterTransition(before, change, this.#now());
        return after ? [put(after)] : [];
      })
    );
  }

  async recordDeidentifiedStudy(study: string, uid: string): Promise<string> {
    await this.#record(() =>
      this.#book.deidentifiedStudyUID(study) === undefined ? [{ t: 'study', study, uid }] : []
    );
    return this.#book.deidentifiedStudyUID(study) ?? uid;
  }

  async isDeidentifiedStudy(studyInstanceUID: string): Promise<boolean> {
    return this.#book.isDeidentifiedStudy(studyInstanceUID);
  }

  async copiesToRemove(limit: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const entry of this.#book.copies()) {
      if (found.push(entry) >= limit) break;
    }
    return found;
  }

  retry(selection: Selection): Promise<number> {
    return this.#change(selection, retried);
  }

  drop(selection: Selection): Promise<number> {
    return this.#change(selection, dropped);
  }

  async list(options: ListOptions = {}): Promise<Entry[]> {
    const { state, study, limit = DEFAULT_PAGE, after = '' } = options;
    return [...this.#book.entries()]
      .filter(
        entry =>
          entry.id > after &&
          (state === undefined || entry.state === state) &&
          (study === undefined || entry.study === study)
      )
      .sort((a, b) => (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  }

  async summary(): Promise<Summary> {
    return this.#book.summary();
  }

  async throughput(bucketMs: number, buckets: number): Promise<Bucket[]> {
    return this.#book.throughput(this.#now(), bucketMs, buckets);
  }

  async ended(before: number, limit: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (const entry of this.#book.entries()) {
      const isEnded = !['waiting', 'held', 'dead'].includes(entry.state);
      if (isEnded && entry.at < before && entry.copy === undefined) found.push(entry);
      if (found.length >= limit) break;
    }
    return found;
  }

  forget(ids: readonly string[]): Promise<void> {
    return this.#record(() => (ids.length === 0 ? [] : [{ t: 'forget', ids }]));
  }

  async lead(): Promise<boolean> {
    return true;
  }

  problem(): Reason | undefined {
    if (this.#problem) return this.#problem;
    const { compactionFailure } = this.#journal;
    return compactionFailure === undefined
      ? undefined
      : {
          code: 'ERR_RELAY_LEDGER_WRITE',
          text: `The ledger cannot be written anew (${compactionFailure}); it goes on in the old file, which grows.`,
        };
  }

  async close(): Promise<void> {
    await this.#journal.close();
    await this.#lock.release();
  }

  #now(): number {
    return this.#options.clock.now();
  }

  #isUnknown(id: string): boolean {
    const entry = this.#book.get(id);
    return entry === undefined || entry.state === 'gone';
  }

  async #change(selection: Selection, to: (before: Entry, now: number) => Entry): Promise<number> {
    let changed = 0;
    await this.#record(() => {
      const now = this.#now();
      const selected = [...this.#book.entries()].filter(entry => isSelected(entry, selection));
      changed = selected.length;
      return selected.map(entry => put(to(entry, now)));
    });
    return changed;
  }

  async #record(operations: () => readonly Operation[]): Promise<void> {
    try {
      if (!(await this.#lock.isHeld())) {
        throw new LedgerError(
          'ERR_RELAY_LEDGER_WRITE',
          'The lock of the ledger is gone: its folder was removed, or another relay has taken it. Stop one of them.'
        );
      }
      await this.#journal.record(operations);
      this.#problem = undefined;
    } catch (error) {
      if (error instanceof LedgerError) this.#problem = { code: error.code, text: error.message };
      throw error;
    }
  }
}

/**
 * The entries whose turn it is: those that never failed, in the order of their arrival, together; else one that did, alone. Of these the one that has been
 * due for longest: one that the service cannot take does not stand in the way of the others.
 */
export function turnOf(due: readonly Entry[], limit: number): Entry[] {
  const ordered = [...due].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq);
  const fresh = ordered.filter(({ attempts }) => attempts === 0);
  if (fresh.length > 0) return fresh.slice(0, limit);
  return ordered.sort((a, b) => (a.retryAt ?? 0) - (b.retryAt ?? 0)).slice(0, 1);
}

/**
 * Opens the ledger of one relay in its folder.
 * @throws {LedgerError} ERR_RELAY_LEDGER_LOCKED, ERR_RELAY_LEDGER_CORRUPT, ERR_RELAY_LEDGER_WRITE.
 */
export async function openFileLedger(options: FileLedgerOptions): Promise<FileLedger> {
  const { folder, minCompactBytes } = options;
  let files: JournalFolder;
  try {
    files = options.files ?? (await journalFolder(folder));
  } catch (cause) {
    const text =
      'The folder RELAY_DATA cannot be made: expected a folder that the relay may write to.';
    throw new LedgerError('ERR_RELAY_LEDGER_WRITE', text, { cause });
  }
  const lock = await lockFolder(folder);
  try {
    const book = new EntryBook();
    const apply = (operations: readonly unknown[]): void =>
      operations.forEach(operation => book.apply(operation as Operation));
    const state = { apply, snapshot: () => book.snapshot() };
    const journal = await Journal.open(files, state, minCompactBytes);
    const ledger = new FileLedger(options, book, journal, lock);
    if (journal.opened.lines === 0) {
      await journal.journal.record(() => [{ t: 'format', version: FORMAT }]);
    }
    return ledger;
  } catch (error) {
    await lock.release();
    throw error;
  }
}
