/* global document, MutationObserver -- of the page */
/**
 * From the press on "Save" to "The report is saved.", against the bare POST of the same bytes from the same page, in
 * turn, at 40 ms a request. The aim: at most 1.15 times the bare POST plus 100 ms.
 */
import { chromium } from 'playwright-core';
import { ensureTools } from '../tools.js';
import { CHROMIUM_ARGS, median, range, signIn, withStack } from './support/stack.js';

const ROUNDS = 15;
const LATENCY_MS = 40;
/** The seeded CT. */
const STUDY = '2.25.107071767295408594454167744945741243165';

export default async function measure() {
  await withStack(['--latency-ms', String(LATENCY_MS)], async stack => {
    const browser = await chromium.launch({
      executablePath: ensureTools().chromium,
      args: CHROMIUM_ARGS,
    });
    try {
      await compare(await browser.newPage(), stack);
    } finally {
      await browser.close();
    }
  });
}

async function compare(page, stack) {
  page.setDefaultTimeout(30_000);
  const sent = { authorization: '', contentType: '', body: Buffer.alloc(0) };
  page.on('request', request => {
    if (request.method() !== 'POST' || !request.url().includes('/studies')) return;
    const headers = request.headers();
    const body = request.postDataBuffer();
    if (headers.authorization && body) {
      Object.assign(sent, {
        authorization: headers.authorization,
        contentType: headers['content-type'],
        body,
      });
    }
  });
  await page.goto(`${stack.viewer}/azure?StudyInstanceUIDs=${STUDY}`);
  await signIn(page, 'owner');
  await page.locator('[data-cy="viewport-pane"] canvas').first().waitFor();
  await measureLength(page);

  const figures = { ours: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const ours = await timeToSaved(page, `Bench ${round}`);
    const bare = await timeOfPost(page, stack, sent);
    // The first round warms both.
    if (round === 0) continue;
    figures.ours.push(ours);
    figures.bare.push(bare);
  }
  const [ours, bare] = [median(figures.ours), median(figures.bare)];
  const limit = 1.15 * bare + 100;
  console.log(
    `save to confirmed: ${ours.toFixed(0)} ms (${range(figures.ours, 0)}); bare POST ${bare.toFixed(0)} ms (${range(figures.bare, 0)}); ` +
      `limit 1.15 x bare + 100 ms = ${limit.toFixed(0)} ms, ratio to it ${(ours / limit).toFixed(2)} (median of ${ROUNDS}, ${LATENCY_MS} ms a request)`
  );
}

async function measureLength(page) {
  await page.waitForTimeout(2000);
  await page.locator('[data-cy="MeasurementTools-split-button-primary"]').click();
  const box = await page.locator('[data-cy="viewport-pane"]').first().boundingBox();
  const [x, y] = [box.x + box.width * 0.4, box.y + box.height * 0.55];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 150, y + 50, { steps: 8 });
  await page.mouse.up();
  await page.locator('[data-cy^="measurement-table-row-"]').first().waitFor();
}

/** In the page's own time, so that the driver's is not in it. */
async function timeToSaved(page, name) {
  await page.locator('button', { hasText: 'Create SR' }).click();
  await page.getByPlaceholder('Report name').fill(name);
  const took = page.evaluate(
    () =>
      new Promise(resolve => {
        let start = 0;
        document.addEventListener('click', event => (start ||= event.timeStamp), { capture: true });
        new MutationObserver((_changes, observer) => {
          if (
            !start ||
            !document.querySelector('[data-cy="azure-report-status"][data-state="saved"]')
          )
            return;
          observer.disconnect();
          resolve(performance.now() - start);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      })
  );
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const duration = await took;
  await page.locator('[data-cy="azure-report-dismiss"]').click();
  return duration;
}

/** The same bytes under another SOP Instance UID of the same length, so that the service stores them again. */
async function timeOfPost(page, stack, { authorization, contentType, body }) {
  const text = body.toString('latin1');
  const uid = /2\.25\.\d{20,}|1\.2\.826\.0\.1\.3680043\.8\.498\.\d{20,}/;
  const own = [...text.matchAll(new RegExp(uid, 'g'))]
    .map(([match]) => match)
    .filter(match => text.split(match).length === 3 && match !== STUDY);
  let changed = text;
  for (const each of new Set(own)) {
    changed = changed.replaceAll(each, each.slice(0, -6) + String(Math.random()).slice(2, 8));
  }
  return page.evaluate(
    async ({ url, headers, data }) => {
      const bytes = Uint8Array.from(atob(data), character => character.charCodeAt(0));
      const start = performance.now();
      const answer = await fetch(url, { method: 'POST', headers, body: bytes });
      await answer.text();
      return performance.now() - start;
    },
    {
      url: `${stack.dicom}/studies/${STUDY}`,
      headers: {
        Authorization: authorization,
        'Content-Type': contentType,
        Accept: 'application/dicom+json',
      },
      data: Buffer.from(changed, 'latin1').toString('base64'),
    }
  );
}
