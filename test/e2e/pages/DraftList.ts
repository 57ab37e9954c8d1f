import type { Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';

type Action = 'resume' | 'download' | 'discard';

/** What is offered of work that was not saved. */
export class DraftList {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #drafts(): Locator {
    return this.#page.locator('[data-cy="azure-drafts"] [data-cy="azure-draft"]');
  }

  /** Waits until so many are offered. @returns their kinds */
  async offers(count: number): Promise<string[]> {
    await until(
      `${count} drafts`,
      () => this.#drafts.count(),
      seen => seen === count
    );
    return this.#drafts.evaluateAll(drafts =>
      drafts.map(draft => draft.getAttribute('data-kind') ?? '')
    );
  }

  /** How many are offered now. */
  count(): Promise<number> {
    return this.#drafts.count();
  }

  /** All that is said of the only draft. */
  async says(): Promise<string> {
    await this.offers(1);
    return this.#drafts.first().innerText();
  }

  /** Presses a button of the first draft. */
  async press(action: Action): Promise<void> {
    await this.#drafts.first().locator(`[data-cy="azure-draft-${action}"]`).click();
  }

  /** Waits until it is said that nothing is kept. */
  async isOff(): Promise<string> {
    const off = this.#page.locator('[data-cy="azure-drafts-off"]');
    await off.waitFor();
    return off.innerText();
  }
}
