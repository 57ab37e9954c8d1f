import { readFile } from 'node:fs/promises';
import { openPractice } from './support/practice.ts';
import { dicomErrors, readReport } from './support/report.ts';
import { CT, displayNameOf } from './support/studies.ts';
import { ViewerPage, type Mode } from './pages/ViewerPage.ts';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

const story = openPractice();

describe.each<Mode>(['azure', 'viewer', 'basic'])('in the mode %s', mode => {
  it(
    'a measurement becomes a report: in the archive, in the study, signed',
    story(async ({ signIn, viewer, report, archive }) => {
      await signIn('owner', ViewerPage.pathOf(CT, mode));
      await viewer.measureAndSave('Nodule follow-up');

      expect(await report.becomes('saved')).toContain(displayNameOf('owner'));
      await viewer.showsReport('Nodule follow-up');

      const file = await archive.fileOf(await archive.onlyReportOf(CT));
      const saved = readReport(file);
      expect(saved).toMatchObject({
        transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
        modality: 'SR',
        seriesDescription: 'Nodule follow-up',
        studyDescription: 'CT chest with contrast',
        contentQualification: 'PRODUCT',
        personObservers: [displayNameOf('owner')],
      });
      expect(saved.keywords).not.toContain('ImageComments');
      expect(await dicomErrors(file)).toEqual([]);
      // The work list has it from the study's newest instance, which is the report.
      expect(await archive.studyDescriptionOf(CT)).toBe('CT chest with contrast');
    })
  );
});

it(
  'saved from the toolbar, the report is there when the study is opened again',
  story(async ({ signIn, viewer, report, page }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await viewer.pressCreateReportInToolbar();
    await viewer.save('From the toolbar');
    await report.becomes('saved');
    await report.press('dismiss');
    await report.isGone();

    await page.reload();
    await viewer.showsReport('From the toolbar');
  })
);

it(
  'without a measurement there is nothing to save, and that is said',
  story(async ({ signIn, viewer, report }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.showsPixels();
    await viewer.pressCreateReportInToolbar();
    expect(await report.becomes('draft')).toContain('There is nothing to save yet.');
  })
);

it(
  'a downloaded report is a file, and neither in the archive nor in the study',
  story(async ({ signIn, viewer, report, archive, dicom }) => {
    await signIn('owner', ViewerPage.pathOf(CT));
    await viewer.measureLength();
    await viewer.pressCreateReport();
    const download = await viewer.download('To keep');

    expect(await report.becomes('draft')).toContain('not in the archive');
    expect(await viewer.reports()).toEqual([]);
    expect(await viewer.measurementCount()).toBe(1);
    expect(await archive.reportsOf(CT)).toEqual([]);
    expect((await dicom.requests()).filter(({ method }) => method === 'POST')).toEqual([]);

    const file = new Uint8Array(await readFile(await download.path()));
    expect(readReport(file)).toMatchObject({ modality: 'SR', seriesDescription: 'To keep' });
    expect(await dicomErrors(file)).toEqual([]);
  })
);
