import type { Page } from 'playwright-core';

/** The addresses of the searches that leave the page, without what all of them have. */
export function searchesOf(page: Page): string[] {
  const searches: string[] = [];
  page.on('request', request => {
    const url = new URL(request.url());
    if (request.method() !== 'GET' || !/\/studies$|extendedquerytags/.test(url.pathname)) return;
    url.searchParams.delete('includefield');
    searches.push(decodeURIComponent(`${url.pathname.split('/').pop()}${url.search}`));
  });
  return searches;
}
