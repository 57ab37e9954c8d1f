import { readIdentity } from '@ohif-azure/dicomweb';
import type { DataSource, DicomDict, Measurement, NaturalizedDataset } from '../ohif.ts';
import type { ReportController } from './ReportController.ts';
import type { ReportJob } from './reportJob.ts';
import { NOT_SAVED } from './promptSaveReport.ts';
import { prepareReport } from './prepareReport.ts';
import type { AzureSource } from '../runtime.ts';
import { text } from '../texts/index.ts';
import { keyOf } from './unsavedWork.ts';

export interface StoreFunctionOptions {
  dataSource?: string | null;
  defaultFileName?: string;
  defaultContentType?: string;
}

export type StoreFunction = (
  dicom: NaturalizedDataset | NaturalizedDataset[],
  extra?: { dicomDict?: DicomDict; measurementData?: Measurement[]; [key: string]: unknown }
) => Promise<unknown>;

export interface StoreFunctionParts {
  controller: ReportController;
  /** The stock command, which shows the objects in the study and then calls the data source's Store. */
  stock(options: StoreFunctionOptions): StoreFunction | null | undefined;
  /** Our data source of that name (the active one without a name); undefined when it is not ours. */
  sourceOf(name: string | null | undefined): AzureSource | undefined;
  account(): { id: string; displayName: string } | undefined;
  /** Study Description of a study that the viewer has open. */
  studyDescription(studyInstanceUID: string | undefined): string | undefined;
  write(inner: DataSource, dataset: NaturalizedDataset, dicomDict?: DicomDict): Promise<Uint8Array>;
  download(bytes: Uint8Array, fileName: string): void;
}

/**
 * The command `createStoreFunction` for SR, SEG and RTSTRUCT. The stock one shows the object in the study and
 * then stores it; this one stores it, reads the outcome, and only then lets the stock one show it.
 */
export function createStoreFunction(
  parts: StoreFunctionParts,
  options: StoreFunctionOptions
): StoreFunction | null | undefined {
  const isDownload = options.dataSource === 'download';
  const source = parts.sourceOf(isDownload ? undefined : options.dataSource);
  if (!source || options.dataSource === 'copyToClipboard') return parts.stock(options);
  if (isDownload) return downloading(parts, source, options);

  return async (dicom, extra = {}) => {
    const datasets = [dicom].flat();
    const job = await jobOf(parts, source, datasets, extra.dicomDict);
    job.measurements = extra.measurementData?.map(keyOf);
    job.onStored = async () => {
      job.instances.forEach(({ sopInstanceUID }) => source.stored.add(sopInstanceUID ?? ''));
      // By name: another source may be active by the time a retry succeeds.
      await parts.stock({ ...options, dataSource: source.archive.sourceName })?.(dicom, extra);
    };
    if (!(await parts.controller.save(job))) throw new Error(NOT_SAVED);
    return undefined;
  };
}

/** Hands the file over and shows nothing in the study: it is not in the archive. */
function downloading(
  parts: StoreFunctionParts,
  source: AzureSource,
  { defaultFileName }: StoreFunctionOptions
): StoreFunction {
  return async (dicom, extra = {}) => {
    for (const dataset of [dicom].flat()) {
      prepareReport(dataset, source.archive.report, contextOf(parts, dataset));
      const bytes = await parts.write(source.inner, dataset, extra.dicomDict);
      parts.download(bytes, defaultFileName ?? 'report.dcm');
    }
  };
}

function contextOf(parts: StoreFunctionParts, { StudyInstanceUID }: NaturalizedDataset) {
  return {
    observer: parts.account()?.displayName,
    studyDescription: parts.studyDescription(StudyInstanceUID),
  };
}

async function jobOf(
  parts: StoreFunctionParts,
  { archive, inner, client }: AzureSource,
  datasets: NaturalizedDataset[],
  dicomDict: DicomDict | undefined
): Promise<ReportJob> {
  const account = parts.account();
  const instances = [];
  for (const dataset of datasets) {
    prepareReport(dataset, archive.report, contextOf(parts, dataset));
    const bytes = await parts.write(inner, dataset, dicomDict);
    instances.push({ bytes, sopInstanceUID: readIdentity(bytes).sopInstanceUID });
  }
  const [first] = datasets;
  return {
    name: String(first?.SeriesDescription ?? text('report.unnamed')),
    archive: archive.friendlyName,
    account,
    observer: archive.report.observer === 'account' ? account?.displayName : undefined,
    studyInstanceUID: first?.StudyInstanceUID ?? '',
    client,
    instances,
    onStored: () => undefined,
  };
}
