import type { Page } from 'playwright-core';

/** Changes the viewer's settings file on its way to the browser, as an administrator would in an editor. */
export async function editAppConfig(page: Page, edit: (settings: string) => string): Promise<void> {
  await page.route('**/app-config.js', async route => {
    const answer = await route.fetch();
    const text = await answer.text();
    const edited = edit(text);
    if (edited === text) throw new Error('The edit of app-config.js changes nothing.');
    await route.fulfill({ response: answer, body: edited });
  });
}
