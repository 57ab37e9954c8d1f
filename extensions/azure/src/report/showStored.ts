import { readIdentity } from '@ohif-azure/dicomweb';
import type { DataSource } from '../ohif.ts';
import { studiesOfPage } from '../session/studiesOfPage.ts';
import type { ReportJob } from './reportJob.ts';

/**
 * Shows a stored report in its study, as the archive has it, where the study is open and the viewer has no data set of
 * the report: it was made before the page was loaded.
 */
export async function showStored(
  dataSource: DataSource | undefined,
  { studyInstanceUID, instances }: Pick<ReportJob, 'studyInstanceUID' | 'instances'>
): Promise<void> {
  if (!dataSource || !studiesOfPage().includes(studyInstanceUID)) return;
  const series = instances.flatMap(({ bytes }) => readIdentity(bytes).seriesInstanceUID ?? []);
  // Remembered is, before: the study without the report; after: nothing but the report.
  dataSource.deleteStudyMetadataPromise?.(studyInstanceUID);
  await dataSource.retrieve.series.metadata({
    StudyInstanceUID: studyInstanceUID,
    filters: { seriesInstanceUID: [...new Set(series)] },
    madeInClient: true,
  });
  dataSource.deleteStudyMetadataPromise?.(studyInstanceUID);
}
