import type { Locator, Page } from 'playwright-core';
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

  /** Types into the filter of a column; the column must be shown, which needs a wide window. */
  async filter(column: string, text: string): Promise<void> {
    const field = await this.#filterOf(column);
    await field.fill(text);
  }

  /** Chooses dates, `2026-01-31`; an end that is left out is open. */
  async filterByDate({ from, to }: { from?: string; to?: string }): Promise<void> {
    if (from) await this.#page.locator('[data-cy="input-date-range-start"]').fill(from);
    if (to) await this.#page.locator('[data-cy="input-date-range-end"]').fill(to);
    await this.#page.keyboard.press('Escape');
  }

  /** Chooses a modality in its filter's list, besides those that are chosen already. */
  async chooseModality(modality: string): Promise<void> {
    const field = await this.#filterOf('Modalities');
    await field.click();
    await this.#page.getByRole('option', { name: modality, exact: true }).click();
    await this.#page.keyboard.press('Escape');
  }

  /** Takes all filters away. */
  async resetFilters(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Reset filters' }).click();
  }

  /** Presses the head of a column, which sorts by it. */
  async sortBy(column: string): Promise<void> {
    await this.#page.locator('thead th', { hasText: column }).getByRole('button').first().click();
  }

  async nextPage(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Next page' }).click();
  }

  /** What the list says of its length, e.g. `1-50 of 265`. */
  async range(): Promise<string> {
    return this.#page.getByRole('button', { name: 'Rows per page' }).innerText();
  }

  /** Waits until the list says so of its length. */
  async showsRange(range: string): Promise<void> {
    await until(
      `the work list’s range ${range}`,
      () => this.range(),
      shown => shown === range
    );
  }

  /** What stands in a column, from the top. */
  async values(column: string): Promise<string[]> {
    const columns = await this.#columns();
    const place = { at: columns.indexOf(column), length: columns.length };
    return this.#page.locator('tbody tr').evaluateAll((rows, { at, length }) => {
      const cells = rows.map(row => [...row.querySelectorAll('td')]);
      // Beside the studies there are a row of filters and the preview's rows.
      return cells
        .filter(row => row.length === length && !row.some(cell => cell.querySelector('input')))
        .map(row => row[at]?.innerText.trim() ?? '');
    }, place);
  }

  /** What is said below the list of what it does not show; undefined when nothing is. */
  async notice(): Promise<string | undefined> {
    const notice = this.#page.locator('[data-cy="azure-search-notice"]');
    return (await notice.count()) > 0 ? notice.innerText() : undefined;
  }

  /** Waits for words below the list. */
  async says(words: string): Promise<void> {
    await until(
      `the notice “${words}”`,
      () => this.notice(),
      shown => shown?.includes(words) ?? false
    );
  }

  /** Chooses a partition of the service; the page is loaded anew. */
  async choosePartition(name: string): Promise<void> {
    await Promise.all([
      this.#page.waitForEvent('load'),
      this.#page.locator('[data-cy="azure-partition"]').selectOption({ label: name }),
    ]);
  }

  async #filterOf(column: string): Promise<Locator> {
    const index = (await this.#columns()).indexOf(column);
    if (index < 0) throw new Error(`The work list shows no column ${column}.`);
    return this.#page.locator('tbody tr').first().locator('td').nth(index).locator('input');
  }

  async #columns(): Promise<string[]> {
    return (await this.#page.locator('thead th').allInnerTexts()).map(text => text.trim());
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
