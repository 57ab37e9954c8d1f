import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { STORE } from './support/faults.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { dicomErrors } from './support/report.ts';
import { CT, displayNameOf } from './support/studies.ts';
import { SignInPage } from './pages/SignInPage.ts';
import { ViewerPage, type Mode } from './pages/ViewerPage.ts';

const story = openPractice();

/** FailedSOPSequence with one item, as the service answers. @see PS3.18 table 10.5.3-1 */
const failure = (reason: number) =>
  JSON.stringify({
    '00081198': {
      vr: 'SQ',
      Value: [{ '00081197': { vr: 'US', Value: [reason] } }],
    },
  });
const DICOM_JSON = { 'Content-Type': 'application/dicom+json' };

/** What must be so whenever a report was not stored. */
async function isKeptButNotShown({ viewer, archive }: Desk): Promise<void> {
  expect(await viewer.measurementCount()).toBe(1);
  expect(await viewer.reports()).toEqual([]);
  expect(await archive.reportsOf(CT)).toEqual([]);
}

/** What must be so in the end: one report, wherever one looks. */
async function isStoredOnce({ viewer, archive }: Desk, name: string): Promise<void> {
  await viewer.showsReport(name);
  await archive.onlyReportOf(CT);
}

/** The provider may still know who it is; then the window closes by itself. */
async function signInAgain(popup: Page, username: string): Promise<void> {
  const signInPage = new SignInPage(popup);
  const isAsked = await Promise.race([
    signInPage.isAsking().then(
      () => true,
      () => false
    ),
    popup.waitForEvent('close').then(() => false),
  ]);
  if (isAsked) await signInPage.signIn(username);
}

it.each<Mode>(['azure', 'viewer'])(
  'in the mode %s, who may only view is told why, and keeps the measurement',
  mode =>
    story(async desk => {
      const { signIn, viewer, report, session } = desk;
      await signIn('reader', ViewerPage.pathOf(CT, mode));
      await viewer.measureAndSave('Not allowed');

      const said = await report.becomes('forbidden');
      expect(said).toContain('You are not allowed to save reports here.');
      expect(said).toContain(displayNameOf('reader'));
      expect(said).toContain('DICOM Data Owner');
      await isKeptButNotShown(desk);
      expect(await session.open()).toContain('You may view studies, but not save reports.');
    })()
);

it(
  'once the permission is given, the same report is stored with one press',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, status: 403 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Second try');
    await report.becomes('forbidden');
    await isKeptButNotShown(desk);

    await dicom.clear();
    await report.press('retry');
    await report.becomes('saved');
    await isStoredOnce(desk, 'Second try');
  })
);

it.each([
  ['200 that holds a failure', 200, 272],
  ['409', 409, 43264],
])('an answer of %s is a report that is not saved', (_name, status, reason) =>
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, status, headers: DICOM_JSON, body: failure(reason) });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Not accepted');

    expect(await report.becomes('rejected')).toContain('The report is not saved.');
    await isKeptButNotShown(desk);
    await report.press('details');
    expect(await report.becomes('rejected')).toContain(String(reason));
  })()
);

it(
  'when the sign-in has ended, signing in again in a window stores the report; the page stays',
  story(async desk => {
    const { page, signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, status: 401 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('After sign-in');
    await report.becomes('sign-in-required');
    await isKeptButNotShown(desk);
    const address = page.url();

    await dicom.clear();
    await signInAgain(await report.signIn(), 'owner');
    await report.becomes('saved');
    await isStoredOnce(desk, 'After sign-in');
    expect(page.url()).toBe(address);
  })
);

it(
  'a busy archive is asked again, as it wishes',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    const busy = { status: 503, headers: { 'Retry-After': '0' }, times: 2 };
    await dicom.inject({ match: STORE, ...busy });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Patience');
    await report.becomes('saved');
    await isStoredOnce(desk, 'Patience');
  })
);

it(
  'an answer that is lost does not leave the report in doubt, nor twice in the archive',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, dropAnswerAfterBytes: 0, times: 1 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Lost answer');
    // The browser itself may send a request again whose line broke before the answer; the archive then has it already.
    await report.becomes('saved', 'already-saved');
    await isStoredOnce(desk, 'Lost answer');
  })
);

it(
  'when every answer is lost, the archive is asked, and what it has counts',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, dropAnswerAfterBytes: 0 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Read back');
    await report.becomes('saved');
    await isStoredOnce(desk, 'Read back');
  })
);

it(
  'a line that breaks while sending is said, and the report stored once when it holds again',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, dropAfterBytes: 100 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Broken line');
    expect(await report.becomes('unreachable')).toContain('“Broken line” is not saved.');
    await isKeptButNotShown(desk);

    await dicom.clear();
    await report.press('retry');
    await report.becomes('saved');
    await isStoredOnce(desk, 'Broken line');
  })
);

it(
  'when the archive cannot even be asked, that is said; the next press asks it before it sends',
  story(async desk => {
    const { signIn, viewer, report, dicom, archive } = desk;
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await dicom.inject({ match: STORE, dropAnswerAfterBytes: 0 });
    await dicom.inject({ match: { method: 'GET' }, dropAfterBytes: 0 });
    await viewer.pressCreateReport();
    await viewer.save('In doubt');
    expect(await report.becomes('unknown')).toContain('It is not certain');
    expect(await viewer.reports()).toEqual([]);

    await dicom.clear();
    await archive.onlyReportOf(CT);
    await report.press('retry');
    await report.becomes('saved');
    await isStoredOnce(desk, 'In doubt');
  })
);

it(
  'a second press of Create SR while one is saved starts nothing',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, delayMs: 3000, times: 1 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Only one');
    await report.becomes('saving');
    await viewer.pressCreateReport();
    expect(await report.becomes('saving')).toContain('A report is being saved right now.');
    await report.becomes('saved');
    await isStoredOnce(desk, 'Only one');
  })
);

it(
  'closing the message keeps the report within reach',
  story(async desk => {
    const { signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, status: 403 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('Put aside');
    await report.becomes('forbidden');
    await report.pressByKey('dismiss');
    await report.isGone();

    await dicom.clear();
    await report.bringBack('Put aside');
    await report.becomes('forbidden');
    await report.press('retry');
    await report.becomes('saved');
    await isStoredOnce(desk, 'Put aside');
  })
);

it(
  'a refused report can be kept as a file, and is discarded only after a question',
  story(async desk => {
    const { page, signIn, viewer, report, dicom } = desk;
    await dicom.inject({ match: STORE, status: 403 });
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureAndSave('As a file');
    await report.becomes('forbidden');
    const [download] = await Promise.all([page.waitForEvent('download'), report.press('download')]);
    expect(await dicomErrors(new Uint8Array(await readFile(await download.path())))).toEqual([]);

    page.once('dialog', question => void question.dismiss());
    await report.press('discard');
    await report.becomes('forbidden');
    page.once('dialog', question => void question.accept());
    await report.press('discard');
    await report.isGone();
    await isKeptButNotShown(desk);
  })
);
