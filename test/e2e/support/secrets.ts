import type { Page } from 'playwright-core';

/** What a page was given that must stay secret; complete once the page is done. */
export class Secrets {
  readonly #values = new Set<string>();
  readonly #reading: Promise<void>[] = [];

  /** Notes every credential that the page sends or is given from now on. */
  constructor(page: Page) {
    page.on('request', request => {
      const [, credential] = /^Bearer (.+)$/.exec(request.headers()['authorization'] ?? '') ?? [];
      if (credential) this.#values.add(credential);
    });
    page.on('response', response => {
      if (!response.url().endsWith('/token')) return;
      this.#reading.push(
        response.json().then((answer: Record<string, unknown>) => {
          for (const name of ['access_token', 'refresh_token', 'id_token']) {
            if (typeof answer[name] === 'string') this.#values.add(answer[name]);
          }
        })
      );
    });
  }

  /** The access, refresh and ID tokens that were seen. */
  async all(): Promise<string[]> {
    await Promise.all(this.#reading);
    return [...this.#values];
  }
}

/** Everything that a page keeps where script, another user of the machine, or the next page can read it. */
export function keptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const settled = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const databases: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await settled(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        const values = database.transaction(store).objectStore(store);
        databases.push(name, await settled(values.getAllKeys()), await settled(values.getAll()));
      }
      database.close();
    }
    return JSON.stringify([
      location.href,
      document.referrer,
      document.cookie,
      window.name,
      history.state,
      { ...sessionStorage },
      { ...localStorage },
      databases,
    ]);
  });
}

/** Addresses that a page goes to from now on. */
export function addressesOf(page: Page): string[] {
  const addresses: string[] = [];
  page.on('framenavigated', frame => addresses.push(frame.url()));
  return addresses;
}

/** Addresses behind the back button, that of the page included. */
export async function historyOf(page: Page): Promise<string[]> {
  const browser = await page.context().newCDPSession(page);
  const { entries } = await browser.send('Page.getNavigationHistory');
  await browser.detach();
  return entries.map(({ url }) => url);
}
