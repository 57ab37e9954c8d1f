import type { Adapter, AdapterPayload } from 'oidc-provider';
import { readJsonFile, writePrivateFile } from './private-file.ts';

/** File in the data folder that holds sessions, grants and refresh tokens, mode 0600. */
export const STATE_FILE = 'identity-state.json';

/** What outlives a restart. The rest lives for minutes, and a sign-in cut short is begun again. */
const DURABLE_MODELS = new Set(['Session', 'Grant', 'RefreshToken']);
const PURGE_INTERVAL_MS = 60_000;

interface Entry {
  readonly model: string;
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly payload: AdapterPayload;
}

/** Settings of {@link StateStore.open}. */
export interface StateStoreOptions {
  /** JSON file that keeps what must outlive a restart; omitted: memory only. */
  readonly path?: string;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
}

/**
 * Everything the provider remembers: in memory, with a small file behind it. Expired entries are never found, and are
 * removed once a minute when something is stored.
 */
export class StateStore {
  readonly #entries = new Map<string, Entry>();
  readonly #path: string | undefined;
  readonly #now: () => number;
  #purgedAtMs: number;
  #writing: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  private constructor(options: StateStoreOptions) {
    this.#path = options.path;
    this.#now = options.now ?? Date.now;
    this.#purgedAtMs = this.#now();
  }

  /**
   * Opens the store; a file that is missing or damaged is an empty one (people sign in again).
   * @throws the error of `node:fs` when the file is there and cannot be read.
   */
  static async open(options: StateStoreOptions = {}): Promise<StateStore> {
    const store = new StateStore(options);
    if (options.path !== undefined) {
      for (const entry of entriesOf(await readJsonFile(options.path))) {
        store.#entries.set(keyOf(entry.model, entry.id), entry);
      }
      store.#purge();
    }
    return store;
  }

  /** How many entries are held, expired ones included until they are purged. */
  get size(): number {
    return this.#entries.size;
  }

  /** The storage of one model, as the library wants it. */
  adapterFor(model: string): Adapter {
    return {
      upsert: (id, payload, expiresInSeconds) => this.#put(model, id, payload, expiresInSeconds),
      find: async id => this.#find(model, id)?.payload,
      findByUid: async uid => this.#search(model, payload => payload.uid === uid),
      findByUserCode: async code => this.#search(model, payload => payload.userCode === code),
      consume: id => this.#consume(model, id),
      destroy: id => this.#remove(entry => entry.model === model && entry.id === id),
      revokeByGrantId: grantId =>
        this.#remove(entry => entry.model === model && entry.payload.grantId === grantId),
    };
  }

  /** Resolves when the writes under way are over; one that failed was reported to whoever stored. */
  async flushed(): Promise<void> {
    await this.#waiting?.catch(() => {});
    await this.#writing;
  }

  #find(model: string, id: string): Entry | undefined {
    const entry = this.#entries.get(keyOf(model, id));
    return entry && this.#isLive(entry)
      ? { ...entry, payload: structuredClone(entry.payload) }
      : undefined;
  }

  #search(model: string, wanted: (payload: AdapterPayload) => boolean): AdapterPayload | undefined {
    for (const entry of this.#entries.values()) {
      if (entry.model === model && this.#isLive(entry) && wanted(entry.payload)) {
        return structuredClone(entry.payload);
      }
    }
    return undefined;
  }

  async #put(model: string, id: string, payload: AdapterPayload, expiresInSeconds = Infinity) {
    const expiresAtMs = this.#now() + expiresInSeconds * 1000;
    this.#entries.set(keyOf(model, id), {
      model,
      id,
      expiresAtMs,
      payload: structuredClone(payload),
    });
    if (this.#now() - this.#purgedAtMs >= PURGE_INTERVAL_MS) this.#purge();
    await this.#saveIfDurable(model);
  }

  async #consume(model: string, id: string): Promise<void> {
    // A refresh token of Entra ID stays usable after its use: two tabs of a browser may hold the same one.
    if (model === 'RefreshToken') return;
    const entry = this.#entries.get(keyOf(model, id));
    if (entry) entry.payload.consumed = Math.floor(this.#now() / 1000);
    await this.#saveIfDurable(model);
  }

  async #remove(wanted: (entry: Entry) => boolean): Promise<void> {
    const models = new Set<string>();
    for (const [key, entry] of this.#entries) {
      if (!wanted(entry)) continue;
      this.#entries.delete(key);
      models.add(entry.model);
    }
    await Promise.all([...models].map(model => this.#saveIfDurable(model)));
  }

  #purge(): void {
    this.#purgedAtMs = this.#now();
    for (const [key, entry] of this.#entries) {
      if (!this.#isLive(entry)) this.#entries.delete(key);
    }
  }

  #isLive(entry: Entry): boolean {
    return entry.expiresAtMs > this.#now();
  }

  /** Changes that come while a write runs share the next one. */
  #saveIfDurable(model: string): Promise<void> {
    const path = this.#path;
    if (path === undefined || !DURABLE_MODELS.has(model)) return Promise.resolve();
    this.#waiting ??= this.#writing.then(() => {
      this.#waiting = undefined;
      const entries = [...this.#entries.values()].filter(entry => DURABLE_MODELS.has(entry.model));
      const written = writePrivateFile(path, JSON.stringify({ version: 1, entries }));
      this.#writing = written.catch(() => {});
      return written;
    });
    return this.#waiting;
  }
}

function keyOf(model: string, id: string): string {
  return `${model}:${id}`;
}

function entriesOf(file: unknown): Entry[] {
  const { version, entries } = (file ?? {}) as { version?: unknown; entries?: unknown };
  return version === 1 && Array.isArray(entries) ? entries.filter(isEntry) : [];
}

function isEntry(value: unknown): value is Entry {
  const entry = value as Partial<Entry> | null;
  return (
    typeof entry?.model === 'string' &&
    typeof entry.id === 'string' &&
    typeof entry.expiresAtMs === 'number' &&
    typeof entry.payload === 'object' &&
    entry.payload !== null
  );
}
