import type { StateStore } from 'oidc-client-ts';
import { InMemoryWebStorage, WebStorageStateStore } from 'oidc-client-ts';
import { EncryptedStore } from './encrypted-store.ts';
import type { BrowserEnvironment } from './environment.ts';
import { loadStorageKey } from './storage-key.ts';

/** Where the session keeps what must outlive the page. */
export interface SessionStores {
  /** For the round trip to the provider: the PKCE verifier, the nonce, the path to go back to. Never a token. */
  readonly state: StateStore;
  /** For the session with its tokens: encrypted in the tab's storage, else in memory. Never in the clear. */
  readonly session: StateStore;
  /** To hand a renewed session to a copy of this tab; `undefined`: there can be none. */
  readonly sealed?: EncryptedStore;
}

const STATE_PREFIX = 'ohif-azure.sign-in.';
const SESSION_PREFIX = 'ohif-azure.session.';

/**
 * The stores of this tab. Without a key that outlives the page (no IndexedDB) tokens are kept in memory only, so that a reload needs a
 * new sign-in; the state of the round trip, which must outlive the page, is then in the tab's storage as oidc-client-ts writes it.
 */
export async function openSessionStores(environment: BrowserEnvironment): Promise<SessionStores> {
  const { sessionStorage: storage, crypto } = environment;
  const key = storage && (await loadStorageKey(environment));
  const subtle = crypto.subtle;
  if (storage && key && subtle) {
    const getRandomValues: Crypto['getRandomValues'] = array => crypto.getRandomValues(array);
    const shared = { storage, key, crypto: { subtle, getRandomValues } };
    const sealed = new EncryptedStore({ ...shared, prefix: SESSION_PREFIX });
    return {
      state: new EncryptedStore({ ...shared, prefix: STATE_PREFIX }),
      session: sealed,
      sealed,
    };
  }
  const memory = new WebStorageStateStore({ prefix: '', store: new InMemoryWebStorage() });
  return {
    state: storage ? new WebStorageStateStore({ prefix: STATE_PREFIX, store: storage }) : memory,
    session: new WebStorageStateStore({ prefix: SESSION_PREFIX, store: new InMemoryWebStorage() }),
  };
}
