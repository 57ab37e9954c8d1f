/** The other studies of the patient in the study browser: by one search, and never another patient's. */
import { filesOf, manyStudies, type MadeStudy } from './support/many-studies.ts';
import { openPractice } from './support/practice.ts';
import { searchesOf } from './support/searches.ts';
import { printedLink } from './support/share-link.ts';
import { CT } from './support/studies.ts';

const LIKE = manyStudies(1)[0]!;

const story = openPractice();

describe('prior studies', () => {
  it(
    'of the patient stand in the study browser; one search for the whole MRN',
    story(async ({ page, signIn, viewer }) => {
      const searches = searchesOf(page);
      await signIn('reader', `/azure?StudyInstanceUIDs=${CT}`);
      await viewer.showsPixels();
      await page.getByText('X-ray chest, two views').waitFor();
      const byPatient = searches.filter(search => search.includes('PatientID'));
      expect(byPatient).toHaveLength(1);
      expect(byPatient[0]).toMatch(/^studies\?PatientID=[^*&]+&limit=200$/);
    })
  );

  it(
    'that may not be searched with a share link are left out, without an error',
    story(async ({ page, stack, viewer }) => {
      const { link } = printedLink(stack);
      await page.goto(link);
      await viewer.showsPixels();
      await viewer.hasThumbnailOf('Chest 4.0 mm venous');
      expect(await page.getByText('X-ray chest, two views').count()).toBe(0);
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(await page.locator('[data-sonner-toast]').count()).toBe(0);
      expect(await page.locator('.oa-page').count()).toBe(0);
    })
  );

  it(
    'that the archive refuses with 403 are left out likewise',
    story(async ({ page, signIn, viewer }) => {
      let refused = 0;
      await page.route(/\/studies\?.*PatientID=/, route => {
        refused += 1;
        return route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': '*' } });
      });
      await signIn('reader', `/azure?StudyInstanceUIDs=${CT}`);
      await viewer.showsPixels();
      await viewer.hasThumbnailOf('Chest 4.0 mm venous');
      expect(refused).toBe(1);
      expect(await page.getByText('X-ray chest, two views').count()).toBe(0);
      expect(await page.getByRole('dialog').count()).toBe(0);
      expect(new URL(page.url()).searchParams.get('StudyInstanceUIDs')).toBe(CT);
    })
  );

  it.each(['A^B&C#1', 'A*?1', 'A"1', 'A 1', 'A+1%20', "A'1;=1"])(
    'of a patient whose id is %j: the patient’s own, and no other’s',
    patientID =>
      story(async ({ page, signIn, viewer, archive }) => {
        const index = [...patientID].reduce((sum, letter) => sum * 7 + letter.charCodeAt(0), 0);
        const study = (number: number, id: string, description: string): MadeStudy => ({
          ...LIKE,
          studyInstanceUID: `2.25.88.${index}.${number}`,
          patientID: id,
          description,
          accessionNumber: `P${number}`,
        });
        await archive.storeAll(
          filesOf([
            study(1, patientID, 'the study'),
            study(2, patientID, 'prior of the patient'),
            study(3, `${patientID}1`, 'of somebody else'),
            study(4, patientID.toLowerCase(), 'of somebody else'),
          ])
        );
        await signIn('reader', `/azure?StudyInstanceUIDs=2.25.88.${index}.1`);
        await page.getByText('prior of the patient').first().waitFor();
        expect(await page.getByText('of somebody else').count()).toBe(0);
        await viewer.showsPixels();
      })()
  );
});
