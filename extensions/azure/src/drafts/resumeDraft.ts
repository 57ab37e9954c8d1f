import type { CommandsManager, DataSource, Services } from '../ohif.ts';
import type { ReportController } from '../report/ReportController.ts';
import { text } from '../texts/index.ts';
import { redraw, type KeptAnnotation } from './annotations.ts';
import type { Draft } from './draft.ts';
import type { Drafts } from './Drafts.ts';
import type { MeasurementDrafts } from './MeasurementDrafts.ts';

export interface ResumeDraftParts {
  controller: Pick<ReportController, 'resume' | 'showInformation'>;
  drafts: Pick<Drafts, 'take' | 'release'>;
  measurementDrafts: Pick<MeasurementDrafts, 'adopt'>;
  services: Services;
  commandsManager: CommandsManager;
  dataSource(): DataSource | undefined;
  /** Whether the page shows another archive than the one of this data source: the same study may be in both. */
  isElsewhere(sourceName: string): boolean;
  /** Goes to another page of the viewer. */
  go(path: string): void;
}

/**
 * Goes on with a draft: a report is saved, measurements are drawn again in their study. For measurements of a study
 * that is not open it opens the study, where the draft is offered again.
 */
export async function resumeDraft(parts: ResumeDraftParts, draft: Draft): Promise<void> {
  const { controller, drafts, measurementDrafts, services, commandsManager } = parts;
  if (draft.kind === 'report' || !draft.annotations?.length) {
    await controller.resume(draft);
    return;
  }
  const { studyInstanceUID, page = '/azure' } = draft;
  if (!isOpen(services, studyInstanceUID) || parts.isElsewhere(draft.sourceName)) {
    parts.go(`${page}?StudyInstanceUIDs=${encodeURIComponent(studyInstanceUID)}`);
    return;
  }
  if (!(await drafts.take(draft.id))) {
    controller.showInformation(text('draft.elsewhere'));
    return;
  }
  track(commandsManager, studyInstanceUID, draft.annotations);
  const dataSource = parts.dataSource();
  const drawn = dataSource ? redraw(services, draft.annotations, dataSource) : [];
  if (drawn.length < draft.annotations.length) {
    await drafts.release(draft.id);
    controller.showInformation(text('draft.not-yet.title'), text('draft.not-yet.body'));
    return;
  }
  measurementDrafts.adopt(studyInstanceUID, draft.id);
  controller.showInformation(text('draft.back.title'), text('draft.back.body'));
}

function isOpen({ displaySetService }: Services, studyInstanceUID: string): boolean {
  return displaySetService
    .getActiveDisplaySets()
    .some(({ StudyInstanceUID }) => StudyInstanceUID === studyInstanceUID);
}

/**
 * The tracking mode shows measurements of tracked series only, and asks for each new series whether to track it: here
 * the answer is known. Elsewhere there is no such command.
 */
function track(
  commandsManager: CommandsManager,
  StudyInstanceUID: string,
  annotations: readonly KeptAnnotation[]
): void {
  const series = new Set(annotations.flatMap(({ seriesInstanceUID }) => seriesInstanceUID ?? []));
  const restore = commandsManager.getCommand('restoreTrackedSeries', 'DEFAULT');
  restore?.commandFn({ StudyInstanceUID, SeriesInstanceUIDs: [...series] });
}
