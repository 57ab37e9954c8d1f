/**
 * From page load to the work list, and from a study's address to its first image: our data source and the stock
 * one with the stock sign-in, in turn, on the same stack. The page is loaded anew each time with a warm cache and a
 * signed-in user, as in the morning's second study.
 */
import { chromium } from 'playwright-core';
import { decode } from 'fast-png';
import { stockViewerConfig } from '../support/stock-viewer-config.js';
import { ensureTools } from '../tools.js';
import { CHROMIUM_ARGS, median, range, signIn, withStack } from './support/stack.js';

const ROUNDS = 7;
/** The MR of the seeded studies: two series, 48 images. */
const STUDY = '2.25.131545354424490713570111848176542629472';
export default function measure() {
  return withStack([], compare);
}

async function compare(stack) {
  const browser = await chromium.launch({
    executablePath: ensureTools().chromium,
    args: CHROMIUM_ARGS,
  });
  try {
    const sources = {
      ours: await signedIn(browser, stack, undefined),
      stock: await signedIn(browser, stack, stockViewerConfig(stack)),
    };
    const figures = { ours: { list: [], image: [] }, stock: { list: [], image: [] } };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, page] of Object.entries(sources)) {
        figures[name].list.push(await timeToList(page, stack));
        figures[name].image.push(await timeToImage(page, stack));
      }
    }
    for (const what of ['list', 'image']) {
      const [ours, stock] = [median(figures.ours[what]), median(figures.stock[what])];
      console.log(
        `${LABELS[what]}: ours ${ours.toFixed(2)} s, stock ${stock.toFixed(2)} s, ratio ${(ours / stock).toFixed(2)} ` +
          `(median of ${ROUNDS}; ours ${range(figures.ours[what])}, stock ${range(figures.stock[what])})`
      );
    }
  } finally {
    await browser.close();
  }
}

const LABELS = { list: 'page load to work list', image: 'study address to first image' };

async function signedIn(browser, stack, config) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  if (config) {
    await page.route('**/app-config.js', route =>
      route.fulfill({ contentType: 'text/javascript', body: config })
    );
  }
  await page.goto(stack.viewer);
  await signIn(page, 'owner');
  await page.getByText('SYN25001219').waitFor();
  return page;
}

async function timeToList(page, stack) {
  const start = performance.now();
  await page.goto(stack.viewer, { waitUntil: 'commit' });
  await page.getByText('SYN25001219').waitFor();
  return (performance.now() - start) / 1000;
}

async function timeToImage(page, stack) {
  const start = performance.now();
  await page.goto(`${stack.viewer}/basic?StudyInstanceUIDs=${STUDY}`, { waitUntil: 'commit' });
  const pane = page.locator('[data-cy="viewport-pane"] canvas').first();
  await pane.waitFor();
  while (!isImage(await pane.screenshot())) {
    if (performance.now() - start > 60_000) throw new Error('No image within a minute.');
  }
  return (performance.now() - start) / 1000;
}

/** More than a handful of grey values: pixels, not the empty viewport. */
function isImage(png) {
  const { data, channels } = decode(png);
  const values = new Set();
  for (let i = 0; i < data.length; i += channels * 7) values.add(data[i]);
  return values.size > 40;
}
