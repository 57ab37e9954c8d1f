import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { CommandsManager, Measurement, Services } from '../ohif.ts';
import type { AccessTokens } from '../session/accessTokens.ts';
import { keyOf } from './measurementKey.ts';
import { promptSaveReport, type SaveReportParts } from './promptSaveReport.ts';
import { ReportController } from './ReportController.ts';

const measurement = (uid: string, toolName: string, label = ''): Measurement => ({
  uid,
  toolName,
  label,
  points: [[0, 0, 0]],
  referenceStudyUID: '1.2',
});

/**
 * A viewer whose reports hold what the stock adapters have a form for: a SplineROI has none, and a report without
 * content is refused (ohif-3.13.md C4).
 */
function desk(measurements: Measurement[]) {
  const controller = new ReportController({
    signIn: async () => undefined,
    account: () => undefined,
    download: () => undefined,
  });
  const stored: Measurement[][] = [];
  const shown: string[][] = [];
  let kept = 0;
  const commandsManager = {
    getCommand: () => undefined,
    async runCommand(
      _name: string,
      options: { measurementData: Measurement[]; dataSource: string }
    ) {
      const withForm = options.measurementData.filter(({ toolName }) => toolName !== 'SplineROI');
      if (withForm.length === 0) throw new Error('Invalid report, no content');
      if (options.dataSource === 'azure') stored.push(options.measurementData);
      return { SOPInstanceUID: '1.2.3' };
    },
  } as unknown as CommandsManager;
  const services = {
    measurementService: {
      getMeasurements: (filter: (each: Measurement) => boolean) => measurements.filter(filter),
    },
    customizationService: { getCustomization: () => 'dialog' },
    displaySetService: { getActiveDisplaySets: () => [], getMostRecentDisplaySet: () => undefined },
    uiDialogService: {
      show({ contentProps }: { contentProps: { onSave(answer: object): void } }) {
        shown.push(controller.view.get()?.lines ?? []);
        contentProps.onSave({
          reportName: 'R',
          dataSource: 'azure',
          series: null,
          priorSeriesNumber: 3000,
        });
      },
    },
  } as unknown as Services;
  const parts: SaveReportParts = {
    services,
    commandsManager,
    controller,
    accessTokens: {
      fresh: async () => undefined,
      choose: () => ({ token: { source: 'user', value: 'x' } }),
    } as unknown as AccessTokens,
    keepMeasurements: async () => {
      kept += 1;
    },
    account: () => ({ displayName: 'Dr Ada Owner' }),
    stock: async () => 'stock',
    activeArchive: () =>
      ({ friendlyName: 'Archive', report: { observer: 'account' } }) as unknown as ArchiveSettings,
  };
  return {
    controller,
    stored,
    shown,
    kept: () => kept,
    press: () => promptSaveReport(parts, {}, { data: { StudyInstanceUID: '1.2' } }),
  };
}

it('says as whom and where, and keeps the measurements, before the report has a name', async () => {
  const { press, shown, kept } = desk([measurement('a', 'Length')]);
  await press();
  expect(shown).toEqual([['The report goes to Archive, signed as Dr Ada Owner.']]);
  expect(kept()).toBe(1);
});

it('names what the report cannot hold, and makes it of the rest', async () => {
  const { press, shown, stored } = desk([
    measurement('a', 'Length'),
    measurement('b', 'SplineROI', 'Lesion'),
  ]);
  await press();
  expect(shown[0]?.[1]).toMatch(/Not in the report.*“Lesion, SplineROI”/);
  expect(stored.map(each => each.map(({ uid }) => uid))).toEqual([['a']]);
});

it('when nothing has a form, says which, and asks for no name', async () => {
  const { press, shown, stored, controller } = desk([measurement('b', 'SplineROI')]);
  expect(await press()).toBeNull();
  expect(controller.view.get()).toMatchObject({
    state: 'draft',
    title: 'These measurements cannot be put into a report.',
    lines: [expect.stringContaining('“SplineROI”')],
  });
  expect([shown, stored]).toEqual([[], []]);
});

it('says that saving again makes a second report', async () => {
  const one = measurement('a', 'Length');
  const { press, shown, controller } = desk([one]);
  controller.savedMeasurements.add(keyOf(one));
  await press();
  expect(shown[0]).toContainEqual(expect.stringContaining('makes a second one'));
});
