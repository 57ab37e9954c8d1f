import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { DicomwebClient } from '@ohif-azure/dicomweb';
import type { ExtensionManager } from '../ohif.ts';
import type { ReportJob } from '../report/reportJob.ts';
import { showStored } from '../report/showStored.ts';
import type { Draft } from './draft.ts';

export interface JobOfDraftParts {
  archives: readonly ArchiveSettings[];
  /** By the archive's sourceName. */
  clients: ReadonlyMap<string, { client: DicomwebClient }>;
  extensionManager: Pick<ExtensionManager, 'getDataSources'>;
}

/** The job that goes on with a kept report: the same bytes, so the archive never has it twice. */
export function jobOfDraft(
  { archives, clients, extensionManager }: JobOfDraftParts,
  draft: Draft
): ReportJob | undefined {
  const { sourceName, instances, studyInstanceUID } = draft;
  const archive = archives.find(each => each.sourceName === sourceName);
  const client = clients.get(sourceName)?.client;
  if (!archive || !client || instances.length === 0) return undefined;
  const { id, name, account, observer, studyDescription, measurements } = draft;
  return {
    id,
    name,
    archive: archive.friendlyName,
    sourceName,
    draftHours: archive.report.draftHours,
    account,
    observer,
    studyInstanceUID,
    studyDescription,
    client,
    instances,
    measurements,
    onStored: () =>
      showStored(extensionManager.getDataSources(sourceName)?.[0], { studyInstanceUID, instances }),
  };
}
