import type { Page } from 'playwright-core';
import { SignInPage } from './SignInPage.ts';

/** One line of the page. */
export interface DoctorLine {
  status: string;
  check: string;
  fault: string | undefined;
  text: string;
}

/** The page by which an administrator checks a viewer from a browser. */
export class DoctorPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  #part(name: string) {
    return this.#page.locator(`[data-cy="${name}"]`);
  }

  /** Opens it and waits until all is checked. */
  async open(viewer: string): Promise<void> {
    await this.#page.goto(`${viewer}/doctor.html`);
    await this.#hasRun(1);
  }

  /** Waits until all has been checked so often since the page was opened. */
  async #hasRun(times: number): Promise<void> {
    await this.#page.locator(`body[data-state="done"][data-runs="${times}"]`).waitFor();
  }

  async #runs(): Promise<number> {
    return Number(await this.#page.locator('body').getAttribute('data-runs'));
  }

  async lines(): Promise<DoctorLine[]> {
    return this.#part('doctor-finding').evaluateAll(items =>
      items.map(item => {
        const { dataset, innerText } = item as HTMLElement;
        const { status = '', check = '', fault } = dataset;
        return { status, check, fault, text: innerText };
      })
    );
  }

  /** The lines that are not ok, as `status fault`. */
  async faults(): Promise<string[]> {
    const lines = await this.lines();
    return lines.filter(line => line.status !== 'ok').map(line => `${line.status} ${line.fault}`);
  }

  /** Signs in in the window that opens, and waits until all is checked again. */
  async signIn(username: string): Promise<void> {
    const runs = await this.#runs();
    const opened = this.#page.waitForEvent('popup');
    await this.#part('doctor-sign-in').click();
    await new SignInPage(await opened).signIn(username);
    await this.#hasRun(runs + 1);
  }

  /** Whether the button to sign in is there. */
  offersSignIn(): Promise<boolean> {
    return this.#part('doctor-sign-in').isVisible();
  }

  /** Checks again, with Store. */
  async checkWithStore(): Promise<void> {
    const runs = await this.#runs();
    await this.#part('doctor-write').check();
    await this.#part('doctor-run').click();
    await this.#hasRun(runs + 1);
  }

  /** What is in the clipboard after the button was pressed. */
  async copied(): Promise<string> {
    await this.#part('doctor-copy').click();
    await this.#page.locator('[data-cy="doctor-summary"]', { hasText: 'copied' }).waitFor();
    return this.#page.evaluate(() => navigator.clipboard.readText());
  }
}
