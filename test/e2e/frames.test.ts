import type { Fault } from './support/faults.ts';
import { allInCache, noteMessages } from './support/frames.ts';
import { openPractice } from './support/practice.ts';
import { replaced } from './support/remarked-study.ts';
import { CT } from './support/studies.ts';
import { ViewerPage } from './pages/ViewerPage.ts';

/** Images of the seeded CT. */
const IMAGES = 64;

/** The series as one streamed answer, and single frames. */
const SERIES = { method: 'GET', path: '^/v2/studies/[\\d.]+/series/[\\d.]+$' };
const FRAMES = { method: 'GET', path: '/frames/' };

const METADATA = { method: 'GET', path: '/metadata' };

/** What goes wrong on the way and heals within ten seconds. */
const HEALING: [string, Fault[]][] = [
  ['nothing', []],
  [
    'the line is lost in the middle of the series',
    [{ match: SERIES, dropAnswerAfterBytes: 3_000_000, times: 1 }],
  ],
  ['the service does not give the series (406)', [{ match: SERIES, status: 406 }]],
  [
    'the service is busy (503, Retry-After)',
    [{ match: SERIES, status: 503, headers: { 'Retry-After': '1' }, times: 1 }],
  ],
  [
    'frames are throttled (429), too',
    [
      { match: SERIES, status: 429, times: 6 },
      { match: FRAMES, status: 429, headers: { 'Retry-After': '1' }, times: 3 },
    ],
  ],
  [
    'the access token is refused once for each (401)',
    [
      { match: SERIES, status: 401, times: 1 },
      { match: FRAMES, status: 401, times: 1 },
    ],
  ],
  [
    'the metadata fail at first',
    [
      { match: METADATA, status: 500, times: 1 },
      { match: METADATA, dropAnswerAfterBytes: 20_000, times: 1 },
      { match: METADATA, status: 401, times: 1 },
    ],
  ],
  [
    'the line is lost before, in and between frames',
    [
      { match: SERIES, dropAnswerAfterBytes: 0, times: 1 },
      { match: FRAMES, dropAnswerAfterBytes: 0, times: 3 },
      { match: FRAMES, dropAnswerAfterBytes: 2_000, times: 3 },
      { match: FRAMES, status: 500, times: 3 },
    ],
  ],
];

describe('frames that fail on their way', () => {
  const story = openPractice();

  it.each(HEALING)('%s: every image comes, and nothing is said', (_name, faults) =>
    story(async ({ page, dicom, signIn, viewer }) => {
      const messages = await noteMessages(page);
      for (const fault of faults) await dicom.inject(fault);
      await signIn('reader', ViewerPage.pathOf(CT));
      await viewer.showsPixels();
      await allInCache(page, IMAGES);
      expect(await messages()).toEqual([]);
    })()
  );

  it(
    'a series is read by one request, and what is looked at by its own',
    story(async ({ page, dicom, signIn, viewer }) => {
      await signIn('reader', ViewerPage.pathOf(CT));
      await viewer.showsPixels();
      await allInCache(page, IMAGES);
      const paths = (await dicom.requests()).map(({ path }) => path.split('?')[0] ?? '');
      expect(paths.filter(path => new RegExp(SERIES.path).test(path))).toHaveLength(1);
      expect(paths.filter(path => path.includes('/frames/')).length).toBeLessThan(IMAGES / 4);
    })
  );

  it(
    'an image that somebody scrolls to does not wait for a series that comes slowly',
    story(async ({ dicom, signIn, viewer }) => {
      await dicom.inject({ match: SERIES, delayMs: 120_000 });
      await signIn('reader', ViewerPage.pathOf(CT));
      await viewer.showsPixels();
      await viewer.scrollTo(40);
      await viewer.showsImage(40);
    })
  );

  it(
    'a study that is left while its images are on their way: nothing is said',
    story(async ({ page, dicom, signIn, workList, viewer }) => {
      const messages = await noteMessages(page);
      await signIn('reader');
      await dicom.inject({ match: SERIES, delayMs: 120_000 });
      await workList.open('SYN26000107');
      await viewer.showsPixels();
      await viewer.goBack();
      await workList.isShown();
      // The viewer says what nobody caught a tenth of a second later; by the time another study is shown it would have.
      await workList.open('SYN25001219');
      await viewer.showsPixels();
      expect(await messages()).toEqual([]);
    })
  );

  it(
    'an image that the archive does not have says so in its viewport, and nowhere else',
    story(async ({ page, dicom, signIn, viewer }) => {
      const messages = await noteMessages(page);
      await dicom.inject({ match: SERIES, status: 404 });
      await dicom.inject({ match: FRAMES, status: 404 });
      await signIn('reader', ViewerPage.pathOf(CT));
      await page.locator('[data-cy="azure-viewport-message"][data-cause="not-found"]').waitFor();
      await viewer.hasNoToast();
      expect((await messages()).filter(text => text.includes('Something went wrong'))).toEqual([]);
    })
  );

  it.each<[string, Omit<Fault, 'match'>, string]>([
    ['500', { status: 500 }, 'The archive could not give the study.'],
    ['403', { status: 403 }, 'Your account may not read studies'],
    ['404', { status: 404 }, 'The archive does not have this study any more'],
    [
      'a line that is lost each time',
      { dropAnswerAfterBytes: 20_000 },
      'The archive did not answer',
    ],
  ])(
    'a study whose metadata cannot be had (%s) says so; the page does not stay black',
    (_name, fault, words) =>
      story(async ({ dicom, signIn, notice, workList }) => {
        await dicom.inject({ match: METADATA, ...fault });
        await signIn('reader', ViewerPage.pathOf(CT));
        expect(await notice.says('service')).toContain(words);
        await notice.press('work-list');
        await workList.isShown();
      })()
  );

  it(
    'a study that is opened again shows what was stored meanwhile, without a reload, and says when something was deleted',
    story(async ({ page, archive, signIn, workList, viewer }) => {
      await signIn('reader');
      await workList.open('SYN26000107');
      await viewer.showsPixels();
      expect(await viewer.series(1)).toHaveLength(1);
      await viewer.goBack();
      const [{ seriesInstanceUID = '' } = {}] = await archive.instancesOf(CT, 'CT');
      const added = `${seriesInstanceUID.slice(0, -3)}771`;
      await archive.storeLike(CT, (file, sopInstanceUID) =>
        replaced(
          replaced(file, seriesInstanceUID, added),
          sopInstanceUID,
          `${sopInstanceUID.slice(0, -3)}772`
        )
      );
      await workList.open('SYN26000107');
      await viewer.showsPixels();
      expect(await viewer.series(2)).toHaveLength(2);

      await viewer.goBack();
      await archive.removeSeries({ studyInstanceUID: CT, seriesInstanceUID: added });
      await workList.open('SYN26000107');
      const message = page.locator('[data-sonner-toast]', { hasText: 'has changed' });
      await message.getByRole('button', { name: 'Reload' }).click();
      await viewer.showsPixels();
      expect(await viewer.series(1)).toHaveLength(1);
    })
  );
});
