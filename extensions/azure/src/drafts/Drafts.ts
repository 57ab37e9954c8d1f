import { observable, type Settable } from '../observable.ts';
import type { Draft } from './draft.ts';
import type { DraftDatabase } from './draftDatabase.ts';
import type { DraftLocks } from './draftLocks.ts';
import { digest, openDraft, sealDraft } from './sealDraft.ts';

/** Why nothing can be kept: the browser forbids it, its storage is full, or the settings say so. */
export type DraftsOff = 'forbidden' | 'full' | 'settings';

export interface DraftsParts {
  open(): Promise<DraftDatabase>;
  locks: DraftLocks;
  /** Whose drafts may be offered, the first being whose new ones are: the account, else the share link. */
  owners(): Promise<readonly string[]>;
  /** False: nothing is kept, and nothing is offered. */
  isOn: boolean;
  /** Milliseconds since 1970. */
  now(): number;
  /** Tells other tabs that something changed, and hears it from them. */
  channel?: Pick<BroadcastChannel, 'postMessage' | 'addEventListener'>;
}

/**
 * Reports that are not known to be in the archive, kept on this computer: encrypted with a key that cannot be
 * read out, bound to the account and the study, until they are saved, discarded, or expired.
 */
export class Drafts {
  /** What can be taken up again: nobody's work in progress in this or another tab. */
  readonly offered: Settable<readonly Draft[]> = observable<readonly Draft[]>([]);
  /** Undefined as long as drafts work. */
  readonly off: Settable<DraftsOff | undefined> = observable<DraftsOff | undefined>(undefined);
  readonly #parts: DraftsParts;
  #database: Promise<DraftDatabase> | undefined;
  #refreshes = 0;

  constructor(parts: DraftsParts) {
    this.#parts = parts;
    if (!parts.isOn) this.off.set('settings');
    parts.channel?.addEventListener('message', () => void this.refresh());
  }

  /**
   * Keeps a draft, in place of those that it replaces; all or nothing. It counts as in use by this tab from now on.
   *
   * @returns whether it is kept; never rejects
   */
  async keep(draft: Draft, replaced: readonly string[] = []): Promise<boolean> {
    if (!this.#parts.isOn) return false;
    try {
      const database = await this.#opened();
      await this.#parts.locks.take(draft.id);
      const [owner] = await this.#parts.owners();
      if (owner === undefined) throw new Error('There is nobody to keep a draft for.');
      await database.replace(await sealDraft(draft, owner, database.key), replaced);
      this.off.set(undefined);
      this.#changed();
      return true;
    } catch (error) {
      this.#parts.locks.release(draft.id);
      this.off.set(reasonOf(error));
      return false;
    }
  }

  /** Forgets drafts: saved, or discarded by the user. */
  async forget(...ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || !this.#parts.isOn) return;
    const database = await this.#opened().catch(() => undefined);
    await database?.replace(undefined, ids).catch(() => undefined);
    ids.forEach(id => this.#parts.locks.release(id));
    this.#changed();
  }

  /** Takes a draft for this tab. @returns false when another tab has it */
  async take(id: string): Promise<boolean> {
    const isTaken = await this.#parts.locks.take(id);
    this.#changed();
    return isTaken;
  }

  /** Lets go of a draft without forgetting it: from now on it is offered. */
  async release(...ids: readonly string[]): Promise<void> {
    ids.forEach(id => this.#parts.locks.release(id));
    await this.refresh();
  }

  /** Looks again for what can be offered, and removes what has expired. */
  async refresh(): Promise<void> {
    if (!this.#parts.isOn) return;
    this.#refreshes += 1;
    const refresh = this.#refreshes;
    try {
      const drafts = await this.#list();
      if (refresh === this.#refreshes) this.offered.set(drafts);
    } catch (error) {
      this.off.set(reasonOf(error));
    }
  }

  async #list(): Promise<Draft[]> {
    const database = await this.#opened();
    const { now, locks, owners } = this.#parts;
    const records = await database.all();
    const expired = records.filter(({ expiresAt }) => expiresAt <= now());
    if (expired.length > 0) {
      await database.replace(
        undefined,
        expired.map(({ id }) => id)
      );
    }
    const taken = await locks.taken();
    const names = await Promise.all((await owners()).map(async name => [await digest(name), name]));
    const ownerOf = new Map(names as [string, string][]);
    const drafts = await Promise.all(
      records.map(record => {
        const owner = ownerOf.get(record.owner);
        const isOffered = record.expiresAt > now() && !taken.has(record.id);
        return owner !== undefined && isOffered
          ? openDraft(record, owner, database.key)
          : undefined;
      })
    );
    return drafts.filter(draft => draft !== undefined).sort((a, b) => a.madeAt - b.madeAt);
  }

  #opened(): Promise<DraftDatabase> {
    this.#database ??= this.#parts.open();
    this.#database.catch(() => (this.#database = undefined));
    return this.#database;
  }

  #changed(): void {
    this.#parts.channel?.postMessage('changed');
    void this.refresh();
  }
}

function reasonOf(error: unknown): DraftsOff {
  return (error as { name?: unknown } | undefined)?.name === 'QuotaExceededError'
    ? 'full'
    : 'forbidden';
}
