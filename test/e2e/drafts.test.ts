import { DraftList } from './pages/DraftList.ts';
import { SignInPage } from './pages/SignInPage.ts';
import { ViewerPage, type Mode } from './pages/ViewerPage.ts';
import { STORE } from './support/faults.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { areKept } from './support/drafts-on-disk.ts';
import { keptBy } from './support/secrets.ts';
import { CT } from './support/studies.ts';
import { until } from './support/until.ts';

const story = openPractice();

async function saveOnce({ viewer, report, archive }: Desk, name: string): Promise<void> {
  await viewer.pressCreateReport();
  await viewer.save(name);
  await report.becomes('saved');
  await viewer.showsReport(name);
  await archive.onlyReportOf(CT);
}

it.each<Mode>(['azure', 'viewer', 'basic'])(
  'in the mode %s, measurements survive a reload: they are brought back and saved once',
  mode =>
    story(async desk => {
      const { page, signIn, viewer, drafts, report } = desk;
      await signIn('owner', ViewerPage.pathOf(CT, mode));
      await viewer.measureLength();
      await areKept(page);

      await page.reload();
      await viewer.showsPixels();
      expect(await drafts.offers(1)).toEqual(['measurements']);
      expect(await drafts.says()).toContain('CT chest with contrast');
      await drafts.press('resume');
      expect(await report.becomes('draft')).toContain('Your measurements are back.');
      await viewer.opensMeasurements();
      await until(
        'the measurement in the panel',
        () => viewer.measurementCount(),
        count => count === 1
      );
      await saveOnce(desk, 'Brought back');
      await areKept(page, 0);
      await page.reload();
      await viewer.showsReport('Brought back');
      expect(await drafts.count()).toBe(0);
    })()
);

it(
  'a report that was refused survives a reload, and is stored once',
  story(async desk => {
    const { page, signIn, viewer, report, drafts, dicom, archive } = desk;
    await signIn('owner', ViewerPage.pathOf(CT));
    await dicom.inject({ match: STORE, status: 403 });
    await viewer.measureAndSave('Kept');
    expect(await report.becomes('forbidden')).toContain('kept as a draft on this computer');
    await page.reload();
    await viewer.showsPixels();
    expect(await drafts.offers(1)).toEqual(['report']);
    expect(await archive.reportsOf(CT)).toEqual([]);

    // As often as needed.
    await drafts.press('resume');
    await report.becomes('forbidden');
    await page.reload();
    await dicom.clear();
    await drafts.offers(1);
    await drafts.press('resume');
    await report.becomes('saved');
    await archive.onlyReportOf(CT);
    await viewer.showsReport('Kept');
    await areKept(page, 0);
  })
);

it(
  'a report that did arrive is not stored again',
  story(async ({ page, signIn, viewer, report, drafts, dicom, archive }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await dicom.inject({ match: STORE, dropAnswerAfterBytes: 0 });
    await viewer.measureLength();
    await dicom.inject({ match: { method: 'GET' }, dropAfterBytes: 0 });
    await viewer.pressCreateReport();
    await viewer.save('Arrived');
    await report.becomes('unknown');
    await dicom.clear();
    await dicom.forget();
    await page.reload();
    await drafts.offers(1);
    await drafts.press('resume');
    expect(await report.becomes('saved')).toContain('Arrived');
    const stores = (await dicom.requests()).filter(({ method }) => method === 'POST');
    expect(stores).toEqual([]);
    await archive.onlyReportOf(CT);
  })
);

it(
  'measurements survive leaving the study; the work list offers them',
  story(async desk => {
    const { page, signIn, viewer, workList, drafts, report } = desk;
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await viewer.goBack();
    await workList.isShown();
    await drafts.offers(1);
    await drafts.press('resume');
    await page.waitForURL(url => url.pathname === '/azure');
    await viewer.showsPixels();
    await drafts.offers(1);
    await drafts.press('resume');
    await report.becomes('draft');
    await saveOnce(desk, 'After the work list');
  })
);

it(
  'drafts are of one account, and unreadable on disk',
  story(async ({ page, context, stack, signIn, viewer, drafts, session }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await areKept(page);
    // The address itself names the study.
    const kept = (await keptBy(page)).replaceAll(page.url(), '');
    expect(kept).not.toContain(CT);
    expect(kept).not.toMatch(/Lindqvist|CT chest|Length/);

    await page.reload();
    await drafts.offers(1);
    await session.signOut();
    const other = await context.newPage();
    await other.goto(`${stack.viewer}${ViewerPage.pathOf(CT)}`);
    await new SignInPage(other).signIn('reader');
    await new ViewerPage(other, stack.viewer).showsPixels();
    expect(await new DraftList(other).count()).toBe(0);
  })
);

it(
  'what one tab is working on, another does not offer; when that tab dies, it does',
  story(async ({ page, context, stack, signIn, viewer }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await areKept(page);
    const [second] = await Promise.all([
      context.waitForEvent('page'),
      page.evaluate(() => {
        window.open('/');
      }),
    ]);
    const drafts = new DraftList(second);
    await second.waitForURL(`${stack.viewer}/**`);
    await second.locator('[data-cy="azure-session"]').waitFor();
    expect(await drafts.count()).toBe(0);
    await page.close();
    await second.reload();
    expect(await drafts.offers(1)).toEqual(['measurements']);
  })
);

it(
  'a draft is discarded only after a question',
  story(async ({ page, signIn, viewer, drafts }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await areKept(page);
    await page.reload();
    await drafts.offers(1);
    page.once('dialog', question => void question.dismiss());
    await drafts.press('discard');
    await drafts.offers(1);
    page.once('dialog', question => void question.accept());
    await drafts.press('discard');
    await drafts.offers(0);
    await areKept(page, 0);
  })
);

it(
  'where the browser keeps nothing, that is said, leaving is asked for, and saving works',
  story(async ({ page, signIn, viewer, report, drafts, archive }) => {
    await page.addInitScript(() => {
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (name, ...rest) {
        if (name === 'ohif-azure-drafts') throw new DOMException('forbidden', 'SecurityError');
        return open.call(this, name, ...rest);
      };
    });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    expect(await drafts.isOff()).toContain('Drafts are off');
    const [question] = await Promise.all([
      page.waitForEvent('dialog'),
      page.reload({ waitUntil: 'commit', timeout: 5000 }).catch(() => undefined),
      page.waitForEvent('dialog').then(dialog => dialog.dismiss()),
    ]);
    expect(question.type()).toBe('beforeunload');
    await viewer.pressCreateReport();
    await viewer.save('Without drafts');
    await report.becomes('saved');
    await archive.onlyReportOf(CT);
  })
);
