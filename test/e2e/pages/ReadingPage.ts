import type { Page } from 'playwright-core';
import { until } from '../support/until.ts';

/** What the first viewport shows. */
export interface Shown {
  /** SOP Instance UID of the image, and its frame. */
  sopInstanceUID?: string;
  frame?: number;
  /** Red, green and blue of a grid over the whole image, row by row. */
  cells?: number[];
}

interface ViewerGlobals {
  cornerstone?: {
    getRenderingEngines(): { getViewports(): CornerstoneViewport[] }[] | undefined;
    metaData: { get(type: string, imageId: string): Record<string, string> | undefined };
  };
}

interface CornerstoneViewport {
  element: HTMLElement;
  viewportStatus?: string;
  getCurrentImageId?(): string | undefined;
}

/** A study as somebody sees it who opens one series after the other. */
export class ReadingPage {
  readonly #page: Page;
  readonly #origin: string;

  constructor(page: Page, origin: string) {
    this.#page = page;
    this.#origin = origin;
  }

  get #pane() {
    return this.#page.locator('[data-cy="viewport-pane"]').first();
  }

  /** Opens a study, and waits until the study browser lists so many series. */
  async open(studyInstanceUID: string, series: number): Promise<void> {
    await this.#page.goto(`${this.#origin}/azure?StudyInstanceUIDs=${studyInstanceUID}`);
    await until(
      `${series} series in the study browser`,
      () => this.#thumbnails().count(),
      count => count >= series
    );
  }

  /** Puts a series into the first viewport, as most people do: with a double click. */
  async openSeries(description: string): Promise<void> {
    const thumbnail = this.#thumbnails().filter({
      has: this.#page.getByText(description, { exact: true }),
    });
    await thumbnail.first().dblclick();
    // Segmentations and structure sets ask first.
    const opens = this.#page
      .locator('[data-cy="viewport-notification"]')
      .getByText('Yes', { exact: true });
    if (/SEG|RTSTRUCT/.test(description)) await opens.click();
  }

  /**
   * What is in the first viewport now.
   *
   * @param image size of the image: the viewer fits it into the viewport, and puts it into the middle
   */
  shown(image: { width: number; height: number }, cells: number): Promise<Shown> {
    return this.#page.evaluate(
      ({ width, height, cells }) => {
        const pane = document.querySelector('[data-cy="viewport-pane"]');
        const { cornerstone } = window as unknown as ViewerGlobals;
        const viewport = cornerstone
          ?.getRenderingEngines()
          ?.flatMap(engine => engine.getViewports())
          .find(({ element }) => pane?.contains(element));
        const imageId = viewport?.getCurrentImageId?.();
        const canvas = viewport?.element.querySelector('canvas');
        const isStack = !(viewport && 'videoElement' in viewport);
        if (!imageId || !canvas || (isStack && viewport?.viewportStatus !== 'rendered')) return {};
        const small = document.createElement('canvas');
        small.width = small.height = cells * 8;
        const context = small.getContext('2d', { willReadFrequently: true });
        if (!context) return {};
        const scale = Math.min(canvas.width / width, canvas.height / height);
        const [w, h] = [width * scale, height * scale];
        context.imageSmoothingQuality = 'high';
        context.drawImage(
          canvas,
          (canvas.width - w) / 2,
          (canvas.height - h) / 2,
          w,
          h,
          0,
          0,
          small.width,
          small.height
        );
        const { data } = context.getImageData(0, 0, small.width, small.height);
        const sums = new Array<number>(cells * cells * 3).fill(0);
        for (let y = 0; y < small.height; y += 1) {
          for (let x = 0; x < small.width; x += 1) {
            const cell = (Math.floor(y / 8) * cells + Math.floor(x / 8)) * 3;
            for (let colour = 0; colour < 3; colour += 1) {
              sums[cell + colour] =
                (sums[cell + colour] ?? 0) + (data[(y * small.width + x) * 4 + colour] ?? 0) / 64;
            }
          }
        }
        const instance = cornerstone?.metaData.get('instance', imageId);
        const frame = /\/frames\/(\d+)/.exec(imageId)?.[1];
        return {
          cells: sums,
          sopInstanceUID: instance?.SOPInstanceUID,
          frame: frame ? Number(frame) : 1,
        };
      },
      { ...image, cells }
    );
  }

  /** Our message in the first viewport; undefined when there is none. */
  async message(): Promise<string | undefined> {
    const [message] = await this.#pane
      .locator('[data-cy="azure-viewport-message"]')
      .allInnerTexts();
    return message?.trim();
  }

  /** The text of the first viewport. */
  text(): Promise<string> {
    return this.#pane.innerText();
  }

  /** The first four letters of the document in the first viewport. */
  documentBegins(): Promise<string> {
    return this.#pane.evaluate(async pane => {
      const address = pane.querySelector('object[data^="blob:"]')?.getAttribute('data');
      if (!address) return '';
      const bytes = await (await fetch(address)).arrayBuffer();
      return String.fromCharCode(...new Uint8Array(bytes).subarray(0, 4));
    });
  }

  /** How many lines are drawn over the image of the first viewport. */
  lines(): Promise<number> {
    return this.#pane.locator('svg.svg-layer path, svg.svg-layer polyline').count();
  }

  /** Answers whatever is asked of a series' objects, but not its metadata, with a status; or drops the line. */
  async refuse(seriesInstanceUID: string, fault: number | 'dropped'): Promise<void> {
    const resource = new RegExp(`/series/${seriesInstanceUID.replaceAll('.', '\\.')}(/|$)`);
    await this.#page.route(resource, route => {
      if (route.request().url().endsWith('/metadata')) return route.fallback();
      return fault === 'dropped'
        ? route.abort('connectionreset')
        : route.fulfill({ status: fault, headers: { 'Access-Control-Allow-Origin': '*' } });
    });
  }

  /** Takes a picture of the whole page. */
  async picture(file: string): Promise<void> {
    await this.#page.screenshot({ path: file });
  }

  #thumbnails() {
    return this.#page.locator(
      '[data-cy="study-browser-thumbnail"], [data-cy="study-browser-thumbnail-no-image"]'
    );
  }
}
