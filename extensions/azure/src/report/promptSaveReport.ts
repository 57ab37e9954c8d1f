import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { CommandsManager, Measurement, Services } from '../ohif.ts';
import type { AccessTokens } from '../session/accessTokens.ts';
import { text } from '../texts/index.ts';
import type { ReportController } from './ReportController.ts';
import { withoutReportForm } from './makeReport.ts';
import { predecessorOf } from './predecessorOf.ts';
import { FIRST_SERIES_NUMBER } from './seriesNumber.ts';
import { keyOf } from './measurementKey.ts';

/** `PROMPT_RESPONSES` of the stock viewer, which its tracking state machine reads. */
const CANCEL = 0;
const CREATE_REPORT = 1;

/** What the stock dialog answers (`ohif.createReportDialog`). */
interface DialogAnswer {
  reportName: string;
  dataSource: string | null;
  series: string | null;
  priorSeriesNumber: number;
}

/** Events and context as the stock viewer's "Create SR" button and its tracking state machine send them. */
export interface SaveContext {
  trackedStudy?: string;
  trackedSeries?: string[];
  measurementFilter?: (measurement: Measurement) => boolean;
}
export interface SaveEvent {
  viewportId?: string;
  isBackupSave?: boolean;
  data?: {
    StudyInstanceUID?: string;
    SeriesInstanceUID?: string;
    viewportId?: string;
    isBackupSave?: boolean;
    displaySetInstanceUID?: string;
  };
}

export interface SaveReportParts {
  services: Services;
  commandsManager: CommandsManager;
  controller: ReportController;
  accessTokens: AccessTokens;
  /** Writes down what is measured, before the dialog is shown: naming a report takes time. */
  keepMeasurements(): Promise<void>;
  /** Who is signed in. */
  account(): { displayName: string } | undefined;
  /** The stock viewer's flow. */
  stock(): Promise<unknown>;
  /** The archive of the active data source; undefined when it is not one of ours. */
  activeArchive(): ArchiveSettings | undefined;
}

/**
 * "Create SR", in place of the stock flow in every mode: asks for a token that may store before anything
 * else, shows the stock dialog, and leaves success and failure to the {@link ReportController}.
 *
 * @returns what the tracking state machine expects, or `null` when nothing was saved (measurements stay)
 */
export async function promptSaveReport(
  parts: SaveReportParts,
  context: SaveContext,
  event: SaveEvent
): Promise<unknown> {
  const { services, commandsManager, controller, accessTokens, activeArchive } = parts;
  const archive = activeArchive();
  if (!archive) return parts.stock();
  if (controller.isBusy) {
    controller.showBusy();
    return null;
  }
  const study = event.data?.StudyInstanceUID ?? context.trackedStudy ?? studyInView(services);
  if (!(await mayStore(controller, accessTokens, archive, study))) return null;
  const settled = await controller.settleStudy(study);
  if (settled === 'unknown') return null;

  const measurements = services.measurementService.getMeasurements(
    context.measurementFilter ?? ofStudy(study, context)
  );
  const isAllSaved = measurements.every(each => controller.savedMeasurements.has(keyOf(each)));
  // What was pressed for has just turned out to be in the archive; the message says so.
  if (settled === 'stored' && isAllSaved) return null;
  if (measurements.length === 0) {
    controller.showInformation(text('report.nothing.title'), text('report.nothing.body'));
    return null;
  }
  if (new Set(measurements.map(({ referenceStudyUID }) => referenceStudyUID)).size > 1) {
    controller.showInformation(text('report.nothing.title'), text('report.two-studies'));
    return null;
  }
  const result = (userResponse: number, createdDisplaySetInstanceUIDs?: string[]) => ({
    userResponse,
    createdDisplaySetInstanceUIDs,
    StudyInstanceUID: study,
    SeriesInstanceUID: event.data?.SeriesInstanceUID,
    viewportId: event.viewportId ?? event.data?.viewportId,
    isBackupSave: event.isBackupSave ?? event.data?.isBackupSave,
    displaySetInstanceUID: event.data?.displaySetInstanceUID,
  });

  await parts.keepMeasurements();
  const without = await withoutReportForm(commandsManager, measurements);
  if (without.length === measurements.length) {
    controller.showInformation(text('preflight.none.title'), ...preflightLines(without));
    return null;
  }
  controller.showPreflight(
    destinationLine(archive, parts.account()),
    ...(isAllSaved ? [text('preflight.again')] : []),
    ...preflightLines(without)
  );
  const answer = await askForName(services, predecessorOf(measurements));
  controller.dismiss();
  if (!answer) return result(CANCEL);
  try {
    const report = (await commandsManager.runCommand(
      'storeMeasurements',
      {
        measurementData: measurements.filter(each => !without.includes(each)),
        dataSource: answer.dataSource,
        additionalFindingTypes: ['ArrowAnnotate'],
        options: {
          SeriesDescription: answer.reportName.trim() || text('report.unnamed'),
          SeriesNumber: 1 + answer.priorSeriesNumber,
          predecessorImageId: answer.series,
        },
      },
      'CORNERSTONE_STRUCTURED_REPORT'
    )) as { SOPInstanceUID?: string };
    if (answer.dataSource === 'download') {
      controller.showInformation(text('report.downloaded'));
      return null;
    }
    return result(CREATE_REPORT, displaySetOf(services, report.SOPInstanceUID));
  } catch (error) {
    // The controller has already said what happened, unless the report could not even be made.
    if (!(error instanceof Error && error.message === NOT_SAVED)) {
      controller.showInvalid(error instanceof Error ? error.message : String(error));
    }
    return null;
  }
}

/** As whom and where it will be saved. */
function destinationLine(
  { friendlyName: archive, report }: ArchiveSettings,
  account: { displayName: string } | undefined
): string {
  const observer = report.observer === 'account' ? account?.displayName : undefined;
  return observer
    ? text('preflight.signed', { archive, observer })
    : text('preflight.unsigned', { archive });
}

/** Which measurements the report will not hold, by the names they have in the viewer. */
function preflightLines(without: readonly Measurement[]): string[] {
  if (without.length === 0) return [];
  const names = without.map(({ label, toolName }) => [label, toolName].filter(Boolean).join(', '));
  return [text('preflight.without-form', { names: names.map(name => `“${name}”`).join(', ') })];
}

/** Message of the error with which our store function ends when the archive does not have the report. */
export const NOT_SAVED = 'The report is not in the archive.';

async function mayStore(
  controller: ReportController,
  accessTokens: AccessTokens,
  archive: ArchiveSettings,
  study: string | undefined
): Promise<boolean> {
  await accessTokens.fresh();
  const choice = accessTokens.choose(archive, 'store', study);
  if (choice.token || !archive.signIn) return true;
  return controller.requireSignIn(text(`none.${choice.none.reason}`));
}

/** The study in the active viewport, for a press that does not say which. */
function studyInView({ viewportGridService, displaySetService }: Services): string | undefined {
  const { activeViewportId, viewports } = viewportGridService.getState();
  const [shown] = viewports.get(activeViewportId)?.displaySetInstanceUIDs ?? [];
  return displaySetService
    .getActiveDisplaySets()
    .find(({ displaySetInstanceUID }) => displaySetInstanceUID === shown)?.StudyInstanceUID;
}

/** All of the study's measurements; in the tracking modes, those of the series that are tracked. */
function ofStudy(study: string | undefined, { trackedSeries }: SaveContext) {
  return ({ referenceStudyUID, referenceSeriesUID }: Measurement) =>
    (study === undefined || referenceStudyUID === study) &&
    (trackedSeries === undefined || trackedSeries.includes(referenceSeriesUID ?? ''));
}

function askForName(
  { uiDialogService, customizationService }: Services,
  predecessorImageId: string | undefined
): Promise<DialogAnswer | undefined> {
  return new Promise(resolve => {
    uiDialogService.show({
      id: 'report-dialog',
      title: text('dialog.title'),
      content: customizationService.getCustomization('ohif.createReportDialog'),
      contentProps: {
        predecessorImageId,
        minSeriesNumber: FIRST_SERIES_NUMBER,
        modality: 'SR',
        enableDownload: true,
        onSave: async (answer: DialogAnswer) => resolve(answer),
        onCancel: () => resolve(undefined),
      },
    });
  });
}

function displaySetOf(
  { displaySetService }: Services,
  sopInstanceUID: string | undefined
): string[] {
  const shown =
    displaySetService
      .getActiveDisplaySets()
      .find(({ SOPInstanceUID }) => SOPInstanceUID === sopInstanceUID) ??
    displaySetService.getMostRecentDisplaySet();
  return shown ? [shown.displaySetInstanceUID] : [];
}
