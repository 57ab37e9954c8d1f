import type { Download, Page } from 'playwright-core';
import { distinctGreys } from '../support/pixels.ts';
import { until } from '../support/until.ts';

/** An image has more greys than the lettering of an empty viewport. */
const GREYS_OF_AN_IMAGE = 40;

/** Route of a mode: ours, the stock tracking mode, the stock basic mode. */
export type Mode = 'azure' | 'viewer' | 'basic';

interface StackWindow {
  cornerstone: {
    getRenderingEngines(): {
      getViewports(): {
        scroll(by: number): void;
        getCurrentImageIdIndex(): number;
        getImageIds(): string[];
        getCornerstoneImage(): { imageId: string } | undefined;
      }[];
    }[];
  };
}

/** A study, opened. */
export class ViewerPage {
  readonly #page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
  }

  /** In the panel the button has its name as text; in the toolbar it is an icon. */
  get #createReportOfPanel() {
    return this.#page.locator('button', { hasText: 'Create SR' });
  }

  /** Path of a study in a mode. */
  static pathOf(studyInstanceUID: string, mode: Mode = 'azure'): string {
    return `/${mode}?StudyInstanceUIDs=${studyInstanceUID}`;
  }

  async open(studyInstanceUID: string, mode?: Mode): Promise<void> {
    await this.#page.goto(`${this.#origin}${ViewerPage.pathOf(studyInstanceUID, mode)}`);
  }

  /** Waits until there is something to look at. */
  async showsPixels(): Promise<void> {
    const viewport = this.#page.locator('[data-cy="viewport-pane"]').first();
    await viewport.locator('canvas').first().waitFor();
    await until(
      'an image in the viewport',
      async () => distinctGreys(await viewport.screenshot()),
      greys => greys > GREYS_OF_AN_IMAGE
    );
  }

  /** Moves the first viewport to an image of its stack, as the scroll bar does; 0 is the first. */
  async scrollTo(index: number): Promise<void> {
    await this.#page.evaluate(at => {
      const { cornerstone } = globalThis as unknown as StackWindow;
      const [viewport] = cornerstone.getRenderingEngines().flatMap(each => each.getViewports());
      if (!viewport) throw new Error('There is no viewport.');
      viewport.scroll(at - viewport.getCurrentImageIdIndex());
    }, index);
  }

  /** That the viewer has nothing to say for a second: it says what nobody caught a tenth of a second later. */
  async hasNoToast(): Promise<void> {
    const toast = this.#page.locator('[data-sonner-toast]');
    const isShown = await toast
      .first()
      .waitFor({ timeout: 1_000 })
      .then(
        () => true,
        () => false
      );
    if (isShown) throw new Error(`The viewer says: ${await toast.first().innerText()}`);
  }

  /** Waits until the first viewport has drawn an image of its stack. */
  async showsImage(index: number): Promise<void> {
    await until(
      `image ${index} in the viewport`,
      () =>
        this.#page.evaluate(() => {
          const { cornerstone } = globalThis as unknown as StackWindow;
          const [viewport] = cornerstone.getRenderingEngines().flatMap(each => each.getViewports());
          return viewport?.getImageIds().indexOf(viewport.getCornerstoneImage()?.imageId ?? '');
        }),
      shown => shown === index
    );
  }

  /** Waits for the series of the study browser. @returns their texts, e.g. `CT Chest 4.0 mm venous S:2 64` */
  async series(count: number): Promise<string[]> {
    return until(
      `${count} series in the study browser`,
      () => this.#thumbnails(),
      all => all.length === count
    );
  }

  /** Waits until a series has its picture in the study browser. */
  async hasThumbnailOf(series: string): Promise<void> {
    await this.#page
      .locator('[data-cy="study-browser-thumbnail"]', { hasText: series })
      .locator('img[src^="data:image"], img[src^="blob:"]')
      .waitFor();
  }

  /** SRs that the study browser shows; for what must not be there, once all else is said and done. */
  async reports(): Promise<string[]> {
    return (await this.#thumbnails()).filter(text => text.startsWith('SR '));
  }

  /** Series of a modality that the study browser shows. */
  async seriesOf(modality: string): Promise<string[]> {
    return (await this.#thumbnails()).filter(text => text.startsWith(`${modality} `));
  }

  /** Waits until the study browser shows an SR of that name. */
  async showsReport(name: string): Promise<void> {
    await until(
      `the report ${name} in the study browser`,
      () => this.reports(),
      all => all.length === 1 && all.every(text => text.includes(name))
    );
  }

  /** Measures a length, and agrees to tracking where the mode asks. */
  async measureLength(): Promise<void> {
    await this.showsPixels();
    await this.#page.locator('[data-cy="MeasurementTools-split-button-primary"]').click();
    const box = await this.#page.locator('[data-cy="viewport-pane"]').first().boundingBox();
    if (!box) throw new Error('There is no viewport to measure in.');
    const [x, y] = [box.x + box.width * 0.4, box.y + box.height * 0.55];
    await this.#page.mouse.move(x, y);
    await this.#page.mouse.down();
    await this.#page.mouse.move(x + 150, y + 50, { steps: 8 });
    await this.#page.mouse.up();
    await this.#agreeToTracking();
    await this.opensMeasurements();
    await until(
      'a measurement',
      () => this.measurementCount(),
      count => count === 1
    );
  }

  /** How many measurements are in the panel. */
  measurementCount(): Promise<number> {
    return this.#page.locator('[data-cy^="measurement-table-row-"]').count();
  }

  /** "Create SR" of the measurement panel, which every mode has. */
  async pressCreateReport(): Promise<void> {
    await this.#createReportOfPanel.click();
  }

  /** Leaves the study by the arrow of the viewer's header. */
  async goBack(): Promise<void> {
    await this.#page.locator('[data-cy="return-to-work-list"]').click();
  }

  /** "Create SR" of the toolbar, which our mode has. */
  async pressCreateReportInToolbar(): Promise<void> {
    await this.#page.locator('[data-cy="AzureCreateReport-btn"]').click();
  }

  /** Gives the report a name in the dialog and saves it. */
  async save(name: string): Promise<void> {
    await this.#page.getByPlaceholder('Report name').fill(name);
    await this.#page.getByRole('button', { name: 'Save', exact: true }).click();
  }

  /** Takes the report as a file in place of saving it. */
  async download(name: string): Promise<Download> {
    await this.#page.getByPlaceholder('Report name').fill(name);
    const [download] = await Promise.all([
      this.#page.waitForEvent('download'),
      this.#page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    return download;
  }

  /** From a measurement to a press on Save. */
  async measureAndSave(name: string): Promise<void> {
    await this.measureLength();
    await this.pressCreateReport();
    await this.save(name);
  }

  /** The first bytes of the document that is shown, as text. */
  async documentBegins(length: number): Promise<string> {
    const shown = this.#page.locator(
      'object[data^="blob:"], iframe[src^="blob:"], embed[src^="blob:"]'
    );
    await shown.first().waitFor({ state: 'attached' });
    return shown.first().evaluate(async (element, count) => {
      const address = element.getAttribute('data') ?? element.getAttribute('src') ?? '';
      const bytes = await (await fetch(address)).arrayBuffer();
      return String.fromCharCode(...new Uint8Array(bytes).subarray(0, count));
    }, length);
  }

  async #agreeToTracking(): Promise<void> {
    if (!this.#page.url().includes('/viewer')) return;
    const prompt = this.#page.locator('[data-cy="viewport-notification"]');
    await prompt.getByText('Track measurements for this series?').waitFor();
    await prompt.getByText('Yes', { exact: true }).click();
  }

  async opensMeasurements(): Promise<void> {
    const tab = this.#page.locator(
      '[data-cy="trackedMeasurements-btn"], [data-cy="panelMeasurement-btn"]'
    );
    await tab.waitFor();
    // Our mode opens the panel by itself; a press on its tab would close it.
    if (!this.#page.url().includes('/azure')) await tab.click();
    await this.#createReportOfPanel.waitFor();
  }

  async #thumbnails(): Promise<string[]> {
    const texts = await this.#page
      .locator('[data-cy="study-browser-thumbnail"], [data-cy="study-browser-thumbnail-no-image"]')
      .allInnerTexts();
    return texts.map(text => text.replace(/\s+/g, ' ').trim());
  }
}
