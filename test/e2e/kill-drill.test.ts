import type { BrowserContext, Page } from 'playwright-core';
import { DraftList } from './pages/DraftList.ts';
import { ReportStatus } from './pages/ReportStatus.ts';
import { ViewerPage } from './pages/ViewerPage.ts';
import { areKept } from './support/drafts-on-disk.ts';
import { STORE } from './support/faults.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { CT } from './support/studies.ts';

const ROUNDS = 20;
/** A save takes about this long here; each round is killed at another moment of it. */
const SAVE_MS = 400;
const LATENCY_MS = 40;

const practice = openPractice({ flags: ['--latency-ms', String(LATENCY_MS)] });

/** Numbers from 0 to 1, the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** As when the computer kills the tab's process: no handler of the page runs. */
async function kill(context: BrowserContext, page: Page): Promise<void> {
  const session = await context.newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  session.send('Page.crash').catch(() => undefined);
  await crashed;
  await page.close();
}

/** A new tab of the same browser: the provider still knows who it is. */
async function comeBack({ context, stack }: Desk): Promise<Page> {
  const page = await context.newPage();
  await page.goto(stack.viewer + ViewerPage.pathOf(CT));
  await new ViewerPage(page, stack.viewer).showsPixels();
  return page;
}

/** Goes on with what is offered, if anything is. */
async function goOn({ stack }: Desk, page: Page): Promise<void> {
  const [drafts, report] = [new DraftList(page), new ReportStatus(page)];
  const viewer = new ViewerPage(page, stack.viewer);
  if ((await drafts.count()) === 0) return;
  const [kind = ''] = await drafts.offers(1);
  await drafts.press('resume');
  if (kind === 'measurements') {
    await report.becomes('draft');
    await viewer.pressCreateReport();
    await viewer.save('Drill');
  }
  await report.becomes('saved', 'already-saved');
  await areKept(page, 0);
}

describe('killed at a random moment of a save', () => {
  const random = seeded(20261120);
  let desk: Desk;
  let page: Page;

  beforeAll(async () => {
    desk = await practice.sit();
    ({ page } = desk);
    await desk.signIn('owner', ViewerPage.pathOf(CT));
  });
  afterAll(() => desk.context.close());

  it.each(Array.from({ length: ROUNDS }, (_, round) => [round + 1]))(
    'round %i: one report in the archive, in the end',
    async round => {
      const viewer = new ViewerPage(page, desk.stack.viewer);
      await desk.archive.removeReportsOf(CT);
      await viewer.open(CT);
      await viewer.measureLength();
      await viewer.pressCreateReport();
      // Every other time the service is slow, so that the save is sure to be under way.
      if (round % 2 === 0) await desk.dicom.inject({ match: STORE, delayMs: SAVE_MS, times: 1 });
      await viewer.save(`Drill ${round}`);
      await new Promise(resolve => setTimeout(resolve, random() * SAVE_MS));
      await kill(desk.context, page);
      await desk.dicom.clear();

      page = await comeBack(desk);
      // What was offered is in the page with the first look at the database, long before the images.
      await goOn(desk, page);
      await desk.archive.onlyReportOf(CT);
    }
  );
});
