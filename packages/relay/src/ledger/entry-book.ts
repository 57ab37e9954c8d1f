import { LedgerError } from './ledger-error.ts';
import type { Bucket, Entry, Feed, QuietTimes, State, Summary } from './ledger.ts';

/** Version of the journal's format. */
export const FORMAT = 1;

/** One operation of the journal. Each says what holds from now on, so that applying it twice changes nothing. */
export type Operation =
  | { readonly t: 'format'; readonly version: number }
  | { readonly t: 'feed'; readonly feed: Feed }
  | { readonly t: 'put'; readonly e: Entry }
  | { readonly t: 'study'; readonly study: string; readonly uid: string }
  | { readonly t: 'forget'; readonly ids: readonly string[] };

interface WaitingStudy {
  readonly ids: Set<string>;
  firstSeenAt: number;
  lastSeenAt: number;
}

/** The ledger in memory: what the journal says, with the indexes that are needed. No time of its own, no disk. */
export class EntryBook {
  feed: Feed = { cursor: 0, epoch: 0 };
  readonly #entries = new Map<string, Entry>();
  readonly #waiting = new Map<string, WaitingStudy>();
  readonly #copies = new Set<string>();
  readonly #deidentified = new Map<string, string>();
  readonly #deidentifiedUIDs = new Set<string>();
  readonly #counts = new Map<State, number>();
  /** Identifiers of studies repeat; one text each. */
  readonly #texts = new Map<string, string>();

  /** @throws {LedgerError} ERR_RELAY_LEDGER_CORRUPT for an operation of a newer format; never for what this version writes. */
  apply(operation: Operation): void {
    switch (operation.t) {
      case 'format':
        if (operation.version > FORMAT) throw newer();
        return;
      case 'feed':
        this.feed = operation.feed;
        return;
      case 'put':
        this.#put(operation.e);
        return;
      case 'study':
        this.#deidentified.set(operation.study, operation.uid);
        this.#deidentifiedUIDs.add(operation.uid);
        return;
      case 'forget':
        this.#forget(operation.ids);
        return;
      default:
        throw newer();
    }
  }

  /** Operations from which the same book comes about. */
  *snapshot(): Generator<Operation> {
    yield { t: 'format', version: FORMAT };
    yield { t: 'feed', feed: this.feed };
    for (const [study, uid] of this.#deidentified) yield { t: 'study', study, uid };
    for (const e of this.#entries.values()) yield { t: 'put', e };
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  entries(): IterableIterator<Entry> {
    return this.#entries.values();
  }

  deidentifiedStudyUID(study: string): string | undefined {
    return this.#deidentified.get(study);
  }

  isDeidentifiedStudy(uid: string): boolean {
    return this.#deidentifiedUIDs.has(uid);
  }

  /** Entries with a copy that is not needed any more. */
  *copies(): Generator<Entry> {
    for (const id of this.#copies) {
      const entry = this.#entries.get(id);
      if (entry && entry.state !== 'waiting' && entry.state !== 'dead') yield entry;
    }
  }

  /**
   * The study whose turn is next: quiet for long enough, or kept waiting for too long, the longest waiting first.
   * @param isFree - whether nobody has it.
   */
  nextDue(
    now: number,
    { quietMs, longestMs }: QuietTimes,
    isFree: (study: string) => boolean
  ): { study: string; entries: Entry[] } | undefined {
    let next: { study: string; entries: Entry[]; since: number } | undefined;
    for (const [study, { ids, firstSeenAt, lastSeenAt }] of this.#waiting) {
      const isQuiet = lastSeenAt + quietMs <= now || firstSeenAt + longestMs <= now;
      if (!isQuiet || !isFree(study) || (next && next.since <= firstSeenAt)) continue;
      const entries = [...ids].flatMap(id => this.#due(id, now) ?? []);
      if (entries.length > 0) next = { study, entries, since: firstSeenAt };
    }
    return next;
  }

  summary(): Summary {
    const count = (state: State): number => this.#counts.get(state) ?? 0;
    let oldest = Number.POSITIVE_INFINITY;
    let retrying = 0;
    for (const { ids, firstSeenAt } of this.#waiting.values()) {
      oldest = Math.min(oldest, firstSeenAt);
      for (const id of ids) if (this.#entries.get(id)?.reason) retrying += 1;
    }
    return {
      counts: {
        waiting: count('waiting'),
        held: count('held'),
        sent: count('sent'),
        dead: count('dead'),
        skipped: count('skipped'),
        dropped: count('dropped'),
        gone: count('gone'),
      },
      oldestWaitingAt: Number.isFinite(oldest) ? oldest : undefined,
      retrying,
    };
  }

  throughput(now: number, bucketMs: number, buckets: number): Bucket[] {
    // The newest bucket holds this very millisecond, too.
    const first = now + 1 - bucketMs * buckets;
    const all = Array.from({ length: buckets }, (_, index) => ({
      at: first + index * bucketMs,
      instances: 0,
      bytes: 0,
      dead: 0,
    }));
    for (const { state, at, bytes = 0 } of this.#entries.values()) {
      const bucket = all[Math.floor((at - first) / bucketMs)];
      if (!bucket || at < first) continue;
      if (state === 'sent') {
        bucket.instances += 1;
        bucket.bytes += bytes;
      } else if (state === 'dead') bucket.dead += 1;
    }
    return all;
  }

  #due(id: string, now: number): Entry | undefined {
    const entry = this.#entries.get(id);
    return entry && (entry.retryAt ?? 0) <= now ? entry : undefined;
  }

  #put(read: Entry): void {
    const entry: Entry = { ...read, study: this.#shared(read.study) };
    if (entry.server !== undefined) Object.assign(entry, { server: this.#shared(entry.server) });
    const before = this.#entries.get(entry.id);
    if (before) this.#leave(before);
    this.#entries.set(entry.id, entry);
    this.#counts.set(entry.state, (this.#counts.get(entry.state) ?? 0) + 1);
    if (entry.copy === undefined) this.#copies.delete(entry.id);
    else this.#copies.add(entry.id);
    if (entry.state !== 'waiting') return;
    const { seenAt } = entry;
    const study = this.#waiting.get(entry.study);
    if (study) {
      study.ids.add(entry.id);
      study.firstSeenAt = Math.min(study.firstSeenAt, seenAt);
      study.lastSeenAt = Math.max(study.lastSeenAt, seenAt);
    } else {
      const ids = new Set([entry.id]);
      this.#waiting.set(entry.study, { ids, firstSeenAt: seenAt, lastSeenAt: seenAt });
    }
  }

  #leave(entry: Entry): void {
    this.#counts.set(entry.state, (this.#counts.get(entry.state) ?? 1) - 1);
    const study = this.#waiting.get(entry.study);
    study?.ids.delete(entry.id);
    if (study?.ids.size === 0) this.#waiting.delete(entry.study);
  }

  #forget(ids: readonly string[]): void {
    const studies = new Set<string>();
    for (const id of ids) {
      const entry = this.#entries.get(id);
      if (!entry) continue;
      this.#leave(entry);
      this.#entries.delete(id);
      this.#copies.delete(id);
      if (this.#deidentified.has(entry.study)) studies.add(entry.study);
    }
    if (studies.size === 0) return;
    // Which de-identified study was whose is not kept longer than the study.
    for (const { study } of this.#entries.values()) studies.delete(study);
    for (const study of studies) {
      this.#deidentifiedUIDs.delete(this.#deidentified.get(study) ?? '');
      this.#deidentified.delete(study);
    }
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

function newer(): LedgerError {
  return new LedgerError(
    'ERR_RELAY_LEDGER_CORRUPT',
    `The ledger was written by a newer relay: expected format ${FORMAT}. Nothing was changed; start the newer relay.`
  );
}
