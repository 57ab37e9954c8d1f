import type { Page } from 'playwright-core';

/** A page of ours in place of a blank one. */
export class NoticePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #root() {
    return this.#page.locator('[data-cy="azure-page"]');
  }

  /** Waits for the page of that kind. @returns all it says */
  async says(kind: string): Promise<string> {
    const root = this.#page.locator(`[data-cy="azure-page"][data-kind="${kind}"]`);
    await root.waitFor();
    return root.innerText();
  }

  /** The settings that are named, in their order. */
  settings(): Promise<string[]> {
    return this.#root.locator('[data-cy="azure-setting-problem"] code').allInnerTexts();
  }

  async press(action: 'sign-in' | 'reload' | 'work-list'): Promise<void> {
    await this.#root.locator(`[data-cy="azure-page-${action}"]`).click();
  }
}
