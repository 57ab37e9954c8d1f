import type { Page } from 'playwright-core';

/** The login page of the realm; in the viewer's window or in a window of its own. */
export class KeycloakPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The password is the user name. */
  async signIn(username: string): Promise<void> {
    await this.#page.getByLabel('Username or email').fill(username);
    await this.#page.getByLabel('Password').fill(username);
    await this.#page.getByRole('button', { name: 'Sign In' }).click();
  }

  /** Waits until somebody is asked to sign in. */
  async isAsking(): Promise<void> {
    await this.#page.getByLabel('Password').waitFor();
  }
}
