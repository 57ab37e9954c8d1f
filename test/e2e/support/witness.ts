import type { Page } from 'playwright-core';
import { Secrets } from './secrets.ts';

/** Hears and sees what a page tells the world: its console, its addresses, and who is given a credential. */
export class Witness {
  /** Console lines, errors, and what was handed to {@link heard}. */
  readonly said: string[] = [];
  /** Addresses of the page and of its requests. */
  readonly addresses: string[] = [];
  readonly originsWithCredentials = new Set<string>();
  readonly #secrets: Secrets;

  constructor(page: Page) {
    this.#secrets = new Secrets(page);
    page.on('console', message => this.said.push(message.text()));
    page.on('pageerror', error => this.said.push(String(error)));
    page.on('framenavigated', frame => this.addresses.push(frame.url()));
    page.on('request', request => {
      this.addresses.push(request.url());
      if (request.headers()['authorization']) {
        this.originsWithCredentials.add(new URL(request.url()).origin);
      }
    });
  }

  heard(text: string): void {
    this.said.push(text);
  }

  /** The access, refresh and ID tokens that the page was given or sent. */
  tokens(): Promise<string[]> {
    return this.#secrets.all();
  }
}
