import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** Waits until so many drafts are on disk: with the page gone they would be offered. */
export async function areKept(page: Page, count = 1): Promise<void> {
  await until(
    `${count} drafts on disk`,
    () =>
      page.evaluate(async () => {
        const request = indexedDB.open('ohif-azure-drafts');
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error);
        });
        if (!database.objectStoreNames.contains('drafts')) {
          database.close();
          return 0;
        }
        const all = database.transaction('drafts').objectStore('drafts').count();
        const found = await new Promise<number>(resolve => {
          all.onsuccess = () => resolve(all.result);
        });
        database.close();
        return found;
      }),
    seen => seen === count
  );
}
