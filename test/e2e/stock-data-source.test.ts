/**
 * The stock viewer with its stock DICOMweb data source and its stock sign-in, on the emulator: nothing of ours is
 * between the two, as for somebody who follows the documented recipe.
 */
import { stockViewerConfig } from '../support/stock-viewer-config.js';
import { openPractice } from './support/practice.ts';
import { CT, MR } from './support/studies.ts';

describe('the stock viewer with its stock data source', () => {
  const story = openPractice();

  it(
    'lists the studies, opens one, and shows its images and series',
    story(async ({ page, stack, signIn, viewer, dicom }) => {
      const body = stockViewerConfig(stack);
      await page.route('**/app-config.js', route =>
        route.fulfill({ contentType: 'text/javascript', body })
      );
      await signIn('reader');
      for (const accession of ['SYN26000107', 'SYN25001219']) {
        await page.getByText(accession).first().waitFor();
      }
      await viewer.open(CT, 'basic');
      await viewer.showsPixels();
      await viewer.hasThumbnailOf('Chest 4.0 mm venous');
      await viewer.open(MR, 'basic');
      await viewer.showsPixels();
      await viewer.series(2);
      const failed = (await dicom.requests()).filter(
        ({ status }) => status !== null && status >= 400
      );
      expect(failed).toEqual([]);
    })
  );
});
