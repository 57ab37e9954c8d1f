import { syntheticInstance, uidsOf } from '../support/synthetic-study.js';
import { allInCache, stackInCache } from './support/frames.ts';
import { MainThread } from './support/main-thread.ts';
import { openPractice } from './support/practice.ts';
import { until } from './support/until.ts';
import { ViewerPage } from './pages/ViewerPage.ts';

/** No task of ours keeps the page from a click for longer. */
const LONGEST_TASK_MS = 200;
const OURS = '/plugins/ohif-azure/';

/** Studies by the number of `test/support/synthetic-study.js`. */
const MANY_IMAGES = 71;
const MANY_SERIES = 72;
const LARGE_IMAGES = 73;

describe('studies of any size', () => {
  const story = openPractice();

  it(
    '3,000 images in one series: the first is shown, all can be scrolled through, the page stays responsive',
    story(async ({ page, archive, signIn, workList, viewer }) => {
      const count = 3_000;
      await archive.storeAll(
        Array.from({ length: count }, (_, instance) =>
          syntheticInstance({ study: MANY_IMAGES, instance }, { rows: 64, columns: 64 })
        )
      );
      await signIn('reader');
      await workList.rows(6);
      const thread = await MainThread.watch(page);
      await viewer.open(uidsOf(MANY_IMAGES, 0, 0).studyInstanceUID);
      await viewer.showsPixels();
      await allInCache(page, count);
      expect(await thread.longest(OURS)).toBeLessThan(LONGEST_TASK_MS);
      await viewer.scrollTo(count - 1);
      await viewer.showsImage(count - 1);
    })
  );

  it(
    '60 series: all are listed, and the first is shown',
    story(async ({ archive, signIn, viewer }) => {
      await archive.storeAll(
        Array.from({ length: 60 * 5 }, (_, index) =>
          syntheticInstance(
            { study: MANY_SERIES, series: Math.floor(index / 5), instance: index % 5 },
            { rows: 64, columns: 64 }
          )
        )
      );
      await signIn('reader', ViewerPage.pathOf(uidsOf(MANY_SERIES, 0, 0).studyInstanceUID));
      await viewer.showsPixels();
      expect(await viewer.series(60)).toHaveLength(60);
    })
  );

  it(
    'frames of 50 MB: shown, and scrolled through',
    story(async ({ page, archive, signIn, viewer }) => {
      const count = 8;
      for (let instance = 0; instance < count; instance += 1) {
        await archive.storeAll([
          syntheticInstance({ study: LARGE_IMAGES, instance }, { rows: 5_120, columns: 5_120 }),
        ]);
      }
      await signIn('reader', ViewerPage.pathOf(uidsOf(LARGE_IMAGES, 0, 0).studyInstanceUID));
      await viewer.showsPixels();
      await viewer.scrollTo(count - 1);
      await viewer.showsImage(count - 1);
      const { images } = await until(
        'the stack',
        () => stackInCache(page),
        seen => seen.images === count
      );
      expect(images).toBe(count);
    })
  );
});
