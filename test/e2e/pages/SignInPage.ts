import type { Page } from 'playwright-core';

/** The identity provider's page; in the viewer's window or in a window of its own. */
export class SignInPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The password is the user name, unless another is typed. */
  async signIn(username: string, password = username): Promise<void> {
    await this.#page.getByLabel('User name', { exact: true }).fill(username);
    await this.#page.getByLabel('Password', { exact: true }).fill(password);
    await this.#page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  async cancel(): Promise<void> {
    await this.#page.getByRole('link', { name: 'Cancel' }).click();
  }

  /** What the page has against the last attempt. */
  problem(): Promise<string> {
    return this.#page.locator('[data-cy="sign-in-problem"]').innerText();
  }

  /** Waits until somebody is asked to sign in. */
  async isAsking(): Promise<void> {
    await this.#page.getByLabel('Password', { exact: true }).waitFor();
  }
}
