/** What else goes through the same Store: segmentations, structure sets, and the viewer's own DICOM upload. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { ViewerPage } from './pages/ViewerPage.ts';
import { STORE } from './support/faults.ts';
import { openPractice } from './support/practice.ts';
import { REMARKED, remarkedOn } from './support/remarked-study.ts';
import { newFolder } from './support/stack.ts';
import { CT } from './support/studies.ts';
import { until } from './support/until.ts';

const story = openPractice();

/** What of the stock viewer's globals is used to paint without a brush. */
interface ViewerGlobals {
  services: {
    displaySetService: { getActiveDisplaySets(): { Modality: string }[] };
    viewportGridService: { getState(): { activeViewportId: string } };
    segmentationService: {
      createLabelmapForDisplaySet(displaySet: unknown, options: object): Promise<string>;
      addSegmentationRepresentation(viewportId: string, options: object): Promise<void>;
      getSegmentation(id: string): {
        representationData: { Labelmap: { imageIds: string[] } };
      };
    };
  };
  commandsManager: { run(name: string, options: object): Promise<unknown> };
  cornerstone: {
    cache: {
      getImage(id: string): { voxelManager: { setAtIndex(at: number, value: number): void } };
    };
  };
}

/** Paints a square into the first image, and asks the viewer to store it. */
function storePainted(page: Page, modality: 'SEG' | 'RTSTRUCT'): Promise<void> {
  return page.evaluate(async kind => {
    const { services, commandsManager, cornerstone } = window as unknown as ViewerGlobals;
    const { segmentationService, displaySetService, viewportGridService } = services;
    const displaySet = displaySetService
      .getActiveDisplaySets()
      .find(each => each.Modality === 'CT');
    const segmentationId = await segmentationService.createLabelmapForDisplaySet(displaySet, {
      label: 'Lesion',
      segments: { 1: { segmentIndex: 1, label: 'Lesion', active: true } },
    });
    await segmentationService.addSegmentationRepresentation(
      viewportGridService.getState().activeViewportId,
      { segmentationId, type: 'Labelmap' }
    );
    const { imageIds } =
      segmentationService.getSegmentation(segmentationId).representationData.Labelmap;
    const { voxelManager } = cornerstone.cache.getImage(imageIds[0] ?? '');
    for (let row = 100; row < 140; row += 1) {
      for (let column = 100; column < 140; column += 1)
        voxelManager.setAtIndex(row * 512 + column, 1);
    }
    // Not awaited: a dialog asks for the name first.
    void commandsManager
      .run('storeSegmentation', { segmentationId, dataSource: 'azure', modality: kind })
      .catch(() => undefined);
  }, modality);
}

describe.each(['SEG', 'RTSTRUCT'] as const)('%s', modality => {
  it(
    'is shown in the study when the archive has it, and not before',
    story(async ({ page, signIn, viewer, report, archive, dicom }) => {
      await archive.removeOf(CT, modality);
      await signIn('owner', ViewerPage.pathOf(CT, 'azure'));
      await viewer.showsPixels();
      await dicom.inject({ match: STORE, status: 403 });
      await storePainted(page, modality);
      await viewer.save(`Lesion ${modality}`);
      await report.becomes('forbidden');
      expect(await archive.instancesOf(CT, modality)).toHaveLength(0);
      expect(await viewer.seriesOf(modality)).toEqual([]);

      await dicom.clear();
      await report.press('retry');
      await report.becomes('saved', 'saved-with-warnings');
      expect(await archive.instancesOf(CT, modality)).toHaveLength(1);
      await until(
        `the ${modality} in the study browser`,
        () => viewer.seriesOf(modality),
        all => all.length === 1
      );
      await archive.removeOf(CT, modality);
    })
  );
});

it(
  'the DICOM upload tells of each file whether the archive has it',
  story(async ({ page, signIn, archive, dicom }) => {
    await archive.removeOf(REMARKED, 'CT');
    const folder = await newFolder();
    const file = await archive.likeOf(CT, remarkedOn);
    const paths: Record<string, string> = {};
    for (const [name, content] of Object.entries({ 'good.dcm': file, 'text.dcm': 'No image.' })) {
      paths[name] = path.join(folder, name);
      await writeFile(paths[name], content);
    }
    await signIn('owner');
    await page.getByText('SYN25001219').waitFor();
    const dialog = page.locator('[role="dialog"]');
    const upload = async (...names: string[]) => {
      await page.reload();
      await page.getByRole('button', { name: 'Upload' }).click();
      const files = names.map(name => paths[name] ?? '');
      await dialog.locator('input[type="file"]').first().setInputFiles(files);
    };
    const says = (words: string) => dialog.getByText(words).waitFor();

    await dicom.inject({ match: { method: 'POST', path: '^/v2/studies' }, status: 403 });
    await upload('good.dcm');
    await says('Not stored: this account may not store here.');
    expect(await archive.instancesOf(REMARKED, 'CT')).toHaveLength(0);

    await dicom.clear();
    await upload('good.dcm', 'text.dcm');
    await says('Not a valid DICOM file.');
    await until(
      'the good file in the archive',
      async () => (await archive.instancesOf(REMARKED, 'CT')).length,
      count => count === 1
    );
    // Once more: it is there already, and that is no failure.
    await upload('good.dcm');
    await says('Completed!');
    expect(await dialog.innerText()).not.toContain('Not stored');
    expect(await archive.instancesOf(REMARKED, 'CT')).toHaveLength(1);
  })
);
