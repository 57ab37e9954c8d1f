import type { Page } from 'playwright-core';

/** Who is signed in, and the ways in and out; on every page of the viewer. */
export class SessionMenu {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #root() {
    return this.#page.locator('[data-cy="azure-session"]');
  }

  /** Waits until somebody is signed in. @returns the name that is shown */
  async signedInAs(): Promise<string> {
    await this.#page.locator('[data-cy="azure-session"][data-status="signed-in"]').waitFor();
    return this.#page.locator('[data-cy="azure-session-menu"]').innerText();
  }

  /** Opens the menu. @returns everything it says */
  async open(): Promise<string> {
    await this.#page.locator('[data-cy="azure-session-menu"]').click();
    return this.#root.innerText();
  }

  async signOut(): Promise<void> {
    const button = this.#page.locator('[data-cy="azure-sign-out"]');
    if (!(await button.isVisible())) await this.open();
    await button.click();
  }

  /** Signs in from the session element. @returns the sign-in window */
  async signIn(): Promise<Page> {
    const [popup] = await Promise.all([
      this.#page.waitForEvent('popup'),
      this.#page.locator('[data-cy="azure-sign-in"]').click(),
    ]);
    return popup;
  }
}
