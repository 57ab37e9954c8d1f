import type { BrowserEnvironment } from './environment.ts';
import { browserEnvironment } from './environment.ts';
import { openSessionStores } from './session-stores.ts';

const NAME = 'share-link';

/** Keeps a share link's token for this tab, as the session is kept: encrypted, or in memory only. */
export interface ShareLinkStore {
  /** Over a reload, and over a sign-in by redirect. */
  keep(value: string): Promise<void>;
  recall(): Promise<string | undefined>;
  forget(): Promise<void>;
}

/** @param environment - what to put in place of the browser's own; for tests */
export function openShareLinkStore(
  environment: BrowserEnvironment = browserEnvironment()
): ShareLinkStore {
  const session = openSessionStores(environment).then(stores => stores.session);
  return {
    keep: async value => {
      await (await session).set(NAME, value);
    },
    recall: async () => (await (await session).get(NAME)) ?? undefined,
    forget: async () => {
      await (await session).remove(NAME);
    },
  };
}
