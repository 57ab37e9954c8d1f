import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { readIdentity } from '@ohif-azure/dicomweb';
import type { DataSource, DicomDict, NaturalizedDataset } from '../ohif.ts';
import type { AzureSource } from '../runtime.ts';
import { text } from '../texts/index.ts';
import { prepareReport } from './prepareReport.ts';

export interface ReportWriter {
  account(): { id: string; displayName: string } | undefined;
  /** Study Description of a study that the viewer has open. */
  studyDescription(studyInstanceUID: string | undefined): string | undefined;
  write(inner: DataSource, dataset: NaturalizedDataset, dicomDict?: DicomDict): Promise<Uint8Array>;
}

/**
 * A report as it will lie in the archive: prepared, and written as a Part 10 file.
 *
 * @throws {Error} in plain words when it lacks what an archive needs to file it
 */
export async function writeReport(
  writer: ReportWriter,
  { archive, inner }: AzureSource,
  dataset: NaturalizedDataset,
  dicomDict?: DicomDict
): Promise<{ bytes: Uint8Array; sopInstanceUID?: string }> {
  checkIdentity(archive, dataset);
  prepareReport(dataset, archive.report, {
    observer: writer.account()?.displayName,
    studyDescription: writer.studyDescription(dataset.StudyInstanceUID),
  });
  const bytes = await writer.write(inner, dataset, dicomDict);
  return { bytes, sopInstanceUID: readIdentity(bytes).sopInstanceUID };
}

const UIDS = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'] as const;

/**
 * The service files by these; version 1 also refuses an empty Patient ID, version 2 stores it with a warning
 * (conformance statement v2, Store).
 */
function checkIdentity(
  { dialect, dicomwebRoot }: ArchiveSettings,
  dataset: NaturalizedDataset
): void {
  const missing = UIDS.filter(keyword => !dataset[keyword]);
  if (missing.length > 0) throw new Error(text('preflight.no-uids', { names: missing.join(', ') }));
  const { PatientID } = dataset as { PatientID?: unknown };
  const isVersion1 = dialect === 'azure' && /\/v1(\/|$)/.test(dicomwebRoot);
  if (PatientID === undefined || (isVersion1 && !PatientID)) {
    throw new Error(text('preflight.no-patient-id'));
  }
}
