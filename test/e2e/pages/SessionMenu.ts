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

  /** Presses Sign in in the session element. */
  async pressSignIn(): Promise<void> {
    await this.#page.locator('[data-cy="azure-sign-in"]').click();
  }

  /** Signs in from the session element. @returns the sign-in window */
  signIn(): Promise<Page> {
    return this.#windowOf(this.pressSignIn());
  }

  /** Waits until the notice beside the account is of that kind. @returns all it says */
  async tells(kind: string): Promise<string> {
    const notice = this.#page.locator(`[data-cy="azure-session-notice"][data-kind="${kind}"]`);
    await notice.waitFor();
    return notice.innerText();
  }

  /** Waits until there is no notice. */
  async tellsNothing(): Promise<void> {
    await this.#page.locator('[data-cy="azure-session-notice"]').waitFor({ state: 'detached' });
  }

  /** Waits until there is no notice of that kind. */
  async tellsNot(kind: string): Promise<void> {
    const notice = this.#page.locator(`[data-cy="azure-session-notice"][data-kind="${kind}"]`);
    await notice.waitFor({ state: 'detached' });
  }

  /** Presses a button of the notice. */
  async press(action: 'sign-in' | 'sign-in-here' | 'cancel' | 'later'): Promise<void> {
    await this.#page.locator(`[data-cy="azure-notice-${action}"]`).click();
  }

  /** Signs in from the notice. @returns the sign-in window */
  signInFromNotice(): Promise<Page> {
    return this.#windowOf(this.press('sign-in'));
  }

  async #windowOf(pressed: Promise<void>): Promise<Page> {
    const [popup] = await Promise.all([this.#page.waitForEvent('popup'), pressed]);
    return popup;
  }
}
