import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { makeKey, type SealedDraft } from './sealDraft.ts';

/** What of a database the drafts need; the browser's own is {@link openDraftDatabase}. */
export interface DraftDatabase {
  key: CryptoKey;
  all(): Promise<SealedDraft[]>;
  /** Puts one and takes others away, both or neither. */
  replace(put: SealedDraft | undefined, removed: readonly string[]): Promise<void>;
}

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  drafts: { key: string; value: SealedDraft };
}

const DATABASE = 'ohif-azure-drafts';
const KEY_ID = 'drafts';
/** Some browsers leave a request for a database unanswered; a save must not hang on it. */
const OPEN_TIMEOUT_MS = 3000;

/** @throws where the browser keeps nothing for this page (private mode, forbidden, no cryptography) */
export async function openDraftDatabase(): Promise<DraftDatabase> {
  const database = await inTime(
    openDB<Schema>(DATABASE, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('keys');
        fresh.createObjectStore('drafts', { keyPath: 'id' });
      },
      // A newer version of this page wants the database: it must not wait for this one.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    })
  );
  const key = await keyOf(database);
  return {
    key,
    all: () => database.getAll('drafts'),
    async replace(put, removed) {
      const transaction = database.transaction('drafts', 'readwrite', { durability: 'strict' });
      const work = removed
        .filter(id => id !== put?.id)
        .map(id => transaction.store.delete(id) as Promise<unknown>);
      if (put) work.push(transaction.store.put(put));
      await Promise.all([...work, transaction.done]);
    },
  };
}

/** Two tabs may both make a key: the first to write wins. */
async function keyOf(database: IDBPDatabase<Schema>): Promise<CryptoKey> {
  const fresh = await makeKey();
  const transaction = database.transaction('keys', 'readwrite');
  const kept = await transaction.store.get(KEY_ID);
  if (!kept) await transaction.store.put(fresh, KEY_ID);
  await transaction.done;
  return kept ?? fresh;
}

function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('The database did not open.')),
      OPEN_TIMEOUT_MS
    );
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
