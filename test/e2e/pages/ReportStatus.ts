import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';

type Action = 'sign-in' | 'retry' | 'download' | 'discard' | 'details' | 'dismiss';

/** The message that says whether the report is in the archive. */
export class ReportStatus {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get #root() {
    return this.#page.locator('[data-cy="azure-report-status"]');
  }

  /** Waits until the message is in one of these states (docs/create-report.md). @returns all its text */
  async becomes(...states: string[]): Promise<string> {
    await until(
      `the report to be ${states.join(' or ')}`,
      () => this.state(),
      seen => states.includes(seen)
    );
    return this.#root.innerText();
  }

  /** Waits until the message is gone. */
  async isGone(): Promise<void> {
    await this.#root.waitFor({ state: 'detached' });
  }

  /** Brings back the message of an unsaved report that was closed. */
  async bringBack(name: string): Promise<void> {
    await this.#page.locator('[data-cy="azure-report-reopen"]', { hasText: name }).click();
  }

  /** What the details say, opened and closed again; empty without any. */
  async details(): Promise<string> {
    const button = this.#root.locator('[data-cy="azure-report-details"]');
    if ((await button.count()) === 0) return '';
    await button.click();
    const details = await this.#root.locator('pre').innerText();
    await button.click();
    return details;
  }

  /** Presses a button of the message. */
  async press(action: Action): Promise<void> {
    await this.#root.locator(`[data-cy="azure-report-${action}"]`).click();
  }

  /** Presses a button of the message with the Enter key, which the viewer has uses of its own for. */
  async pressByKey(action: Action): Promise<void> {
    await this.#root.locator(`[data-cy="azure-report-${action}"]`).press('Enter');
  }

  /** The buttons that are offered, by their names in `data-cy`. */
  async offers(): Promise<string[]> {
    const names = await this.#root
      .locator('button')
      .evaluateAll(buttons => buttons.map(button => button.getAttribute('data-cy') ?? ''));
    return names.map(name => name.replace('azure-report-', ''));
  }

  /** Presses Sign in. @returns the window that opens */
  async signIn(): Promise<Page> {
    const [popup] = await Promise.all([this.#page.waitForEvent('popup'), this.press('sign-in')]);
    return popup;
  }

  /** The state that is shown; `not there` without a message. */
  async state(): Promise<string> {
    if ((await this.#root.count()) === 0) return 'not there';
    return (await this.#root.getAttribute('data-state')) ?? '';
  }
}
