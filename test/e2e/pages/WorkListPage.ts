import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';

/** One line of the work list, as it is read. */
export type WorkListRow = [
  patient: string,
  date: string,
  modalities: string,
  description: string,
  accession: string,
  images: string,
];

/** The viewer's work list. */
export class WorkListPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Waits until the list is there. */
  async isShown(): Promise<void> {
    await until(
      'the work list',
      () => this.#read(),
      rows => rows.length > 0
    );
  }

  /** Waits until the list has so many studies. @returns them, newest first */
  async rows(count: number): Promise<WorkListRow[]> {
    return until(
      `${count} studies in the work list`,
      () => this.#read(),
      rows => rows.length === count
    );
  }

  /** Opens a study as most people do: with a double click. */
  async open(accession: string): Promise<void> {
    await this.#row(accession).dblclick();
  }

  /** The ways to open a study, in their order. */
  async modesFor(accession: string): Promise<string[]> {
    await this.#row(accession).click();
    const modes = this.#page.locator('div:has(> span:text-is("Launch workflow")) + div button');
    await modes.first().waitFor();
    return modes.allInnerTexts();
  }

  /** Selects a study. @returns the series of its preview, e.g. `CT Chest 4.0 mm venous 64` */
  async seriesOf(accession: string, count: number): Promise<string[]> {
    await this.#row(accession).click();
    const rows = this.#page.locator('table', { hasText: 'Modality / Series' }).locator('tbody tr');
    return until(
      `${count} series of ${accession} in the preview`,
      async () => (await rows.allInnerTexts()).map(text => text.replace(/\s+/g, ' ').trim()),
      series => series.length === count
    );
  }

  /** Types into the filter of the patients' names. */
  async filterByPatient(name: string): Promise<void> {
    await this.#page.locator('tbody input').first().fill(name);
  }

  /** The dialog that says why there is no list. */
  async problem(): Promise<string> {
    const dialog = this.#page.getByRole('dialog');
    await dialog.waitFor();
    return dialog.innerText();
  }

  #row(accession: string) {
    return this.#page.locator('tbody tr', { hasText: accession });
  }

  async #read(): Promise<WorkListRow[]> {
    const rows = await this.#page
      .locator('tbody tr')
      .evaluateAll(all =>
        all.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText.trim()))
      );
    // Beside the studies there are a row of filters and the preview's rows.
    return rows
      .filter(cells => cells.length >= 6 && cells[4] !== '')
      .map(cells => cells.slice(0, 6) as WorkListRow);
  }
}
