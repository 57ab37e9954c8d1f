/* global window -- of the page */
/** One round of one source: sign in, warm the cache, then the work list, the study, and the study once more. */
import { stockViewerConfig } from '../../support/stock-viewer-config.js';
import { signIn } from '../support/stack.js';
import { installPageClock } from './page-clock.js';
import { step } from './step.js';
import { countRequests, forgetRequests, Traffic } from './traffic.js';
import { WARM_UP_STUDY } from './studies.js';

/** The stock viewer's own default. The mode `basic` is hidden in the work list; a double click cannot open it. */
const MODE = { id: '@ohif/mode-longitudinal', route: 'viewer' };
/** No request to the service for so long: what the viewer does after the images is done. */
const IDLE_MS = 300;
/** A line that stays open is no reason to stop. */
const LONGEST_IDLE_WAIT_MS = 10_000;

/**
 * @param about `browser`, `stack`, `study`, `source` (`ours` or `stock`), `latencyMs`, `options`
 * @returns `list`, `image`, `all`, `second`, `secondAll` in seconds, as far as asked for; `frames`; `first` and `again`, what was
 *   asked of the service by the two openings; `authorization`
 */
export async function measureRound({ browser, stack, study, source, latencyMs, options }) {
  const { steps, limitMs } = options;
  const needs = name => steps.includes(name);
  const waitsForAll = needs('all') || needs('second');
  const where = `${source}, ${study.label}, ${latencyMs} ms`;
  const within = (what, promise) => step(`${where}: ${what}`, limitMs, promise);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    const page = await preparedPage(context, stack, study, source);
    page.setDefaultTimeout(limitMs);
    const traffic = new Traffic(page, stack);
    await within('sign-in and warm-up', warmUp(page, stack, traffic));

    const figures = {};
    figures.list = (await within('page load to work list', loadList(page, stack, traffic))) / 1000;
    if (needs('image') || waitsForAll) {
      await within('idle after the work list', idle(page, traffic));
      figures.first = await asked(stack, traffic, async () => {
        const times = await within('first opening', open(page, study, waitsForAll));
        Object.assign(figures, inSeconds(times));
        await within('idle after the first opening', idle(page, traffic));
      });
    }
    if (needs('second')) {
      await page.locator('[data-cy="return-to-work-list"]').click();
      await within(
        'work list after going back',
        page.evaluate(() => window.benchClock.listShown())
      );
      figures.again = await asked(stack, traffic, async () => {
        const times = await within('second opening', open(page, study, true));
        figures.second = times.image / 1000;
        figures.secondAll = times.all / 1000;
        await within('idle after the second opening', idle(page, traffic));
      });
    }
    return { ...figures, authorization: traffic.authorization };
  } finally {
    await context.close();
  }
}

/**
 * The stock configuration is set by a script and not by an intercepted app-config.js: while Playwright intercepts requests
 * the browser's cache is off and the browser sends no preflights.
 */
async function preparedPage(context, stack, study, source) {
  const page = await context.newPage();
  await page.addInitScript(installPageClock, { rowText: study.rowText });
  await page.addInitScript(
    `localStorage.setItem('studyList.defaultWorkflow', ${JSON.stringify(MODE.id)});`
  );
  if (source === 'stock') {
    await page.addInitScript(`{
      ${stockViewerConfig(stack)}
      const stock = window.config;
      Object.defineProperty(window, 'config', { get: () => stock, set() {} });
    }`);
  }
  return page;
}

async function warmUp(page, stack, traffic) {
  await page.goto(stack.viewer);
  await signIn(page, 'owner');
  await page.locator('tbody tr', { hasText: 'SYN' }).first().waitFor();
  await page.goto(`${stack.viewer}/${MODE.route}?StudyInstanceUIDs=${WARM_UP_STUDY}`);
  await page.locator('[data-cy="viewport-pane"] canvas').first().waitFor();
  await page.waitForFunction(() => {
    const [engine] = window.cornerstone?.getRenderingEngines() ?? [];
    return engine?.getViewports().some(viewport => viewport.getImageIds?.().length > 0);
  });
  await idle(page, traffic);
}

async function loadList(page, stack, traffic) {
  await page.evaluate(() => window.sessionStorage.removeItem('benchStart'));
  traffic.leave();
  await page.goto(stack.viewer, { waitUntil: 'commit' });
  for (;;) {
    try {
      return await page.evaluate(() => window.benchClock.firstList);
    } catch (error) {
      // The stock sign-in goes to the provider and back with each page load.
      if (!/navigat|context was destroyed/i.test(error.message)) throw error;
    }
  }
}

async function open(page, { rowText }, waitsForAll) {
  const times = page.evaluate(all => window.benchClock.opened(all), waitsForAll);
  const row = page.locator('tbody tr', { hasText: rowText });
  await Promise.all([row.first().dblclick(), times]);
  const { pathname } = new URL(page.url());
  if (!pathname.startsWith(`/${MODE.route}`)) throw new Error(`opened as ${pathname}`);
  return times;
}

/** What `run` made the page ask of the service. */
async function asked(stack, traffic, run) {
  traffic.forget();
  await forgetRequests(stack);
  await run();
  return { ...(await countRequests(stack)), bytes: await traffic.bytes() };
}

/** Until nothing has been under way for a while. Not part of a figure. */
async function idle(page, traffic) {
  const start = performance.now();
  let busy = start;
  for (let now = start; now - busy < IDLE_MS; now = performance.now()) {
    if (now - start > LONGEST_IDLE_WAIT_MS) return;
    if (!traffic.isIdle) busy = now;
    await page.waitForTimeout(50);
  }
}

function inSeconds({ image, all, frames, grey }) {
  return { image: image / 1000, ...(all && { all: all / 1000, frames }), grey };
}
