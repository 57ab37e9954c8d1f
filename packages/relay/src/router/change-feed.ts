import type { Logger } from 'pino';
import type { Ledger, SeenInstance } from '../ledger/index.ts';
import { inParallel } from './plan.ts';
import { isOrthancId, type Change, type OrthancClient } from './orthanc-client.ts';

/** Changes or instances of one page. */
export const PAGE = 1_000;
/** Instances that Orthanc is asked for at the same time. */
const PARALLEL = 8;
/** Series whose study is remembered. */
const MAX_REMEMBERED = 10_000;

/** Orthanc gives the same numbers again in another database, and the same names to the same instances; hardly in the same second. */
const markOf = ({ type, id, date }: Change): string => `${type} ${id} ${date}`;

interface Home {
  readonly study: string;
  /** It is a de-identified form that the relay has made. */
  readonly isOwn: boolean;
}

/** What the feed and the reconciliation need. */
export interface FeedContext {
  readonly orthanc: OrthancClient;
  readonly ledger: Ledger;
  readonly logger: Logger;
}

/** Finds out what came into Orthanc, and records it. */
export class ChangeFeed {
  readonly #context: FeedContext;
  /** A series never changes its study. */
  readonly #homes = new Map<string, Home>();
  /** The cursor at which nothing stood any more; and the one for which Orthanc was compared with the ledger because of it. */
  #missedMark: number | undefined;
  #checkedMark: number | undefined;

  constructor(context: FeedContext) {
    this.#context = context;
  }

  /** Whether the feed may be another one than so far: what stood at the cursor is not there any more. Reconciliation clears it up. */
  get isDoubtful(): boolean {
    return this.#missedMark !== undefined;
  }

  /**
   * Reads the change feed to its end. The cursor moves with changes that were read, never without one: gaps are normal, since a deleted study takes its
   * changes with it. A feed that ends before the cursor, or has something else there, is that of another database, and is read from its beginning.
   * @returns instances that came in.
   * @throws {OrthancError}; {LedgerError}; the signal's reason. What was recorded before stays recorded.
   */
  async read(signal: AbortSignal): Promise<number> {
    const { orthanc, ledger, logger } = this.#context;
    let count = 0;
    for (;;) {
      signal.throwIfAborted();
      const from = await ledger.feed();
      const { cursor, epoch, mark } = from;
      const page = await orthanc.changes(Math.max(0, cursor - 1), PAGE, signal);
      const [first] = page.changes;
      const atCursor = cursor > 0 && first?.seq === cursor ? first : undefined;
      const isOther = mark !== undefined && atCursor !== undefined && markOf(atCursor) !== mark;
      if (page.last < cursor || isOther) {
        logger.warn({ cursor, last: page.last }, "Orthanc's database was reset: reading it anew");
        await ledger.recordFeed(from, { cursor: 0, epoch: epoch + 1 }, []);
        continue;
      }
      // The change may have gone with its study, or the database with all of them.
      if (cursor > 0 && !atCursor && this.#checkedMark !== cursor) this.#missedMark = cursor;
      const changes = atCursor ? page.changes.slice(1) : page.changes;
      const final = changes.at(-1);
      if (!final) return count;
      const seqs = new Map<string, number>();
      for (const { type, id, seq } of changes) {
        if (type === 'NewInstance' && isOrthancId(id)) seqs.set(id, seq);
      }
      const seen = await this.#locate([...seqs], signal);
      const to = { cursor: final.seq, epoch, mark: markOf(final) };
      await ledger.recordFeed(from, to, seen);
      count += seen.length;
      if (page.isDone) return count;
    }
  }

  /**
   * Compares all of Orthanc with the ledger, and records what it does not know: changes can be deleted (`DELETE /changes`), and the database reset and
   * filled again between two looks.
   * @returns instances that were missing.
   * @throws as {@link read}.
   */
  async reconcile(signal: AbortSignal): Promise<number> {
    const { orthanc, ledger } = this.#context;
    const missed = this.#missedMark;
    let found = 0;
    for (let since = 0; ; since += PAGE) {
      signal.throwIfAborted();
      const page = await orthanc.instances(since, PAGE, signal);
      const unknown = await ledger.unknown(page.filter(isOrthancId));
      const seen = await this.#locate(
        unknown.map(id => [id, 0]),
        signal
      );
      if (seen.length > 0) found += await ledger.recordFound(seen);
      if (page.length >= PAGE) continue;
      this.#checkedMark = missed;
      if (this.#missedMark === missed) this.#missedMark = undefined;
      return found;
    }
  }

  /**
   * Forgets old entries of instances that Orthanc has no longer. Those that it has stay, else reconciliation would send them again.
   * @param before - milliseconds since 1970.
   * @returns how many.
   * @throws as {@link read}.
   */
  async forget(before: number, signal: AbortSignal): Promise<number> {
    const { orthanc, ledger } = this.#context;
    const old = await ledger.ended(before, PAGE);
    const checked = await inParallel(old, PARALLEL, async ({ id }) =>
      (await orthanc.instance(id, signal)) ? [] : [id]
    );
    const gone = checked.flat();
    await ledger.forget(gone);
    return gone.length;
  }

  /** The studies of instances; without those that are gone already, and without the relay's own copies. */
  async #locate(
    instances: readonly (readonly [id: string, seq: number])[],
    signal: AbortSignal
  ): Promise<SeenInstance[]> {
    const located = await inParallel(instances, PARALLEL, async ([id, seq]) => {
      const instance = await this.#context.orthanc.instance(id, signal);
      const home = instance && (await this.#homeOf(instance.series, signal));
      return home && !home.isOwn ? [{ id, study: home.study, seq }] : [];
    });
    return located.flat();
  }

  async #homeOf(series: string, signal: AbortSignal): Promise<Home | undefined> {
    const known = this.#homes.get(series);
    if (known) return known;
    const { orthanc, ledger } = this.#context;
    const study = (await orthanc.series(series, signal))?.parent;
    const tags = study === undefined ? undefined : (await orthanc.study(study, signal))?.tags;
    if (study === undefined || !tags) return undefined;
    // Its UID is recorded before the first copy is made, so the answer does not change.
    const isOwn = await ledger.isDeidentifiedStudy(tags.StudyInstanceUID ?? '');
    const home = { study, isOwn };
    if (this.#homes.size >= MAX_REMEMBERED) this.#homes.clear();
    this.#homes.set(series, home);
    return home;
  }
}
