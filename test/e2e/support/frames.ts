import type { Page } from 'playwright-core';
import { until } from './until.ts';

/** What the first viewport's stack has in the viewer's image cache. */
export interface StackInCache {
  images: number;
  cached: number;
}

interface ViewerWindow {
  cornerstone?: {
    cache: { isLoaded(imageId: string): boolean };
    getRenderingEngines(): { getViewports(): { getImageIds?(): string[] }[] }[];
  };
}

/** How much of the first viewport's stack is in the viewer's image cache. */
export function stackInCache(page: Page): Promise<StackInCache> {
  return page.evaluate(() => {
    const { cornerstone } = globalThis as ViewerWindow;
    const [viewport] =
      cornerstone?.getRenderingEngines().flatMap(engine => engine.getViewports()) ?? [];
    const imageIds = viewport?.getImageIds?.() ?? [];
    const cached = imageIds.filter(imageId => cornerstone?.cache.isLoaded(imageId)).length;
    return { images: imageIds.length, cached };
  });
}

/** Waits until every image of the first viewport's stack is in the viewer's image cache. */
export async function allInCache(page: Page, images: number): Promise<void> {
  await until(
    `${images} images in the cache`,
    () => stackInCache(page),
    seen => seen.images === images && seen.cached === images
  );
}

/** Notes every message that the viewer shows for a moment, and every one of ours in a viewport. */
export async function noteMessages(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(globalThis, { messagesSeen: seen });
    const look = () => {
      document
        .querySelectorAll('[data-sonner-toast], [data-cy="azure-viewport-message"]')
        .forEach(({ textContent }) => {
          if (textContent && !seen.includes(textContent)) seen.push(textContent);
        });
    };
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => (globalThis as { messagesSeen?: string[] }).messagesSeen ?? []);
}
