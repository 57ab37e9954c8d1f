import type { BrowserEnvironment } from './environment.ts';

const DATABASE = 'ohif-azure-auth';
const STORE = 'keys';
const KEY_ID = 'session';
/** Some browsers leave a request for a database unanswered; sign-in must not hang on it. */
const DATABASE_TIMEOUT_MS = 3000;

function settled<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function openDatabase(indexedDB: IDBFactory): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return settled(request);
}

async function readOrMakeKey(indexedDB: IDBFactory, subtle: SubtleCrypto): Promise<CryptoKey> {
  const database = await openDatabase(indexedDB);
  try {
    // Made before the transaction, which would end while waiting for it. Two tabs may both get here: the first to write wins.
    const fresh = await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]);
    const store = database.transaction(STORE, 'readwrite').objectStore(STORE);
    const kept = (await settled(store.get(KEY_ID))) as CryptoKey | undefined;
    if (kept) return kept;
    await settled(store.put(fresh, KEY_ID));
    return fresh;
  } finally {
    database.close();
  }
}

/**
 * The key of this origin for what is kept in the tab's storage: AES-GCM, 256 bits. Script cannot read it out (non-extractable); it
 * lives in IndexedDB, apart from the ciphertext.
 * @returns `undefined` where the browser has no IndexedDB, or refuses to keep a key in it.
 */
export async function loadStorageKey(
  environment: Pick<BrowserEnvironment, 'indexedDB' | 'crypto' | 'schedule'>
): Promise<CryptoKey | undefined> {
  const { indexedDB, crypto, schedule } = environment;
  if (!indexedDB || !crypto.subtle) return undefined;
  let cancel = (): void => undefined;
  const tooLate = new Promise<undefined>(resolve => {
    cancel = schedule(() => resolve(undefined), DATABASE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([readOrMakeKey(indexedDB, crypto.subtle), tooLate]);
  } catch {
    return undefined;
  } finally {
    cancel();
  }
}
