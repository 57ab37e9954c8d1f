import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { SEED_STUDIES } from '@ohif-azure/emulator';
import { openPractice } from './support/practice.ts';
import { newFolder } from './support/stack.ts';
import { CR, MR, PDF, ULTRASOUND } from './support/studies.ts';
import { ViewerPage } from './pages/ViewerPage.ts';

describe('the studies of the practice', () => {
  const story = openPractice();

  it(
    'the work list says what each study is: modality, time, number of images, description',
    story(async ({ signIn, workList }) => {
      await signIn('reader');
      expect(await workList.rows(5)).toEqual([
        ['Synthetic, Grace', '27-Feb-2026 09:20 AM', 'US', 'Echocardiogram', 'SYN26000388', '1'],
        [
          'Synthetic, Ada',
          '14-Jan-2026 10:15 AM',
          'CT',
          'CT chest with contrast',
          'SYN26000107',
          '64',
        ],
        ['Synthetic, Alan', '03-Nov-2025 02:10 PM', 'MR', 'MR brain', 'SYN25001219', '48'],
        [
          'Synthetic, Ada',
          '18-Sep-2025 08:30 AM',
          'CR',
          'X-ray chest, two views',
          'SYN25000842',
          '2',
        ],
        ['Synthetic, Zoé', '05-Jun-2024 04:00 PM', 'DOC', 'US abdomen report', 'SYN24000051', '1'],
      ]);
    })
  );

  it(
    'a patient is found by one name, with all studies',
    story(async ({ signIn, workList }) => {
      await signIn('reader');
      await workList.rows(5);
      await workList.filterByPatient('Ada');
      const found = await workList.rows(2);
      expect(found.map(([patient]) => patient)).toEqual(['Synthetic, Ada', 'Synthetic, Ada']);
    })
  );

  it(
    'the preview of a study tells its series and how many images each has',
    story(async ({ signIn, workList }) => {
      await signIn('reader');
      await workList.rows(5);
      expect(await workList.seriesOf('SYN26000107', 1)).toEqual(['CT Chest 4.0 mm venous 64']);
    })
  );

  it(
    '"Read and report" comes first, and a double click opens it, with the prior study beside',
    story(async ({ page, signIn, workList, viewer }) => {
      await signIn('reader');
      await workList.rows(5);
      expect((await workList.modesFor('SYN26000107'))[0]).toBe('Read and report');
      await workList.open('SYN26000107');
      await viewer.showsPixels();
      await viewer.hasThumbnailOf('Chest 4.0 mm venous');
      expect(new URL(page.url()).pathname).toBe('/azure');
      await page.getByText('X-ray chest, two views').waitFor();
    })
  );

  it.each([
    ['MR', MR, ['T1', 'T2']],
    ['CR', CR, ['Chest PA', 'Chest lateral']],
    ['ultrasound', ULTRASOUND, ['']],
  ])('the %s opens: images, and a picture of each series', (_name, study, series) =>
    story(async ({ signIn, viewer }) => {
      await signIn('reader', ViewerPage.pathOf(study));
      await viewer.showsPixels();
      await viewer.series(series.length);
      for (const description of series) await viewer.hasThumbnailOf(description);
    })()
  );

  it(
    'the PDF opens: the document itself',
    story(async ({ signIn, viewer }) => {
      await signIn('reader', ViewerPage.pathOf(PDF));
      expect(await viewer.documentBegins(4)).toBe('%PDF');
    })
  );
});

describe('a folder of files from elsewhere', () => {
  let folder: string;
  const story = openPractice(async () => {
    folder = await newFolder();
    const radiograph = SEED_STUDIES.find(({ studyInstanceUID }) => studyInstanceUID === CR);
    let number = 0;
    for (const file of radiograph?.instances() ?? []) {
      number += 1;
      await writeFile(path.join(folder, `IMG${number}`), file);
    }
    await writeFile(path.join(folder, 'notes.txt'), 'Not a DICOM file.');
    return { flags: ['--no-seed', '--import', folder] };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'is in the archive when the stack has started, and can be read',
    story(async ({ stack, signIn, workList, viewer }) => {
      expect(stack.notes()).toContain('2 stored, 0 already stored, 0 rejected, 1 other files.');
      await signIn('reader');
      const [study] = await workList.rows(1);
      expect(study).toContain('X-ray chest, two views');
      await workList.open('SYN25000842');
      await viewer.showsPixels();
    })
  );
});
