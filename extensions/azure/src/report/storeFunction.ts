import type { DicomDict, Measurement, NaturalizedDataset } from '../ohif.ts';
import { NOWHERE } from './makeReport.ts';
import type { ReportController } from './ReportController.ts';
import type { ReportJob } from './reportJob.ts';
import { NOT_SAVED } from './promptSaveReport.ts';
import type { AzureSource } from '../runtime.ts';
import { text } from '../texts/index.ts';
import { keyOf } from './measurementKey.ts';
import { writeReport, type ReportWriter } from './writeReport.ts';

export interface StoreFunctionOptions {
  dataSource?: string | null;
  defaultFileName?: string;
  defaultContentType?: string;
}

export type StoreFunction = (
  dicom: NaturalizedDataset | NaturalizedDataset[],
  extra?: { dicomDict?: DicomDict; measurementData?: Measurement[]; [key: string]: unknown }
) => Promise<unknown>;

export interface StoreFunctionParts extends ReportWriter {
  controller: ReportController;
  /** The stock command, which shows the objects in the study and then calls the data source's Store. */
  stock(options: StoreFunctionOptions): StoreFunction | null | undefined;
  /** Our data source of that name (the active one without a name); undefined when it is not ours. */
  sourceOf(name: string | null | undefined): AzureSource | undefined;
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
  if (options.dataSource === NOWHERE) return async () => undefined;
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
      const { bytes } = await writeReport(parts, source, dataset, extra.dicomDict);
      parts.download(bytes, defaultFileName ?? 'report.dcm');
    }
  };
}

async function jobOf(
  parts: StoreFunctionParts,
  source: AzureSource,
  datasets: NaturalizedDataset[],
  dicomDict: DicomDict | undefined
): Promise<ReportJob> {
  const { archive, client } = source;
  const account = parts.account();
  const instances = [];
  for (const dataset of datasets) {
    instances.push(await writeReport(parts, source, dataset, dicomDict));
  }
  const [first] = datasets;
  return {
    id: crypto.randomUUID(),
    name: String(first?.SeriesDescription ?? text('report.unnamed')),
    archive: archive.friendlyName,
    sourceName: archive.sourceName,
    draftHours: archive.report.drafts ? archive.report.draftHours : undefined,
    account,
    observer: archive.report.observer === 'account' ? account?.displayName : undefined,
    studyInstanceUID: first?.StudyInstanceUID ?? '',
    studyDescription: parts.studyDescription(first?.StudyInstanceUID),
    client,
    instances,
    onStored: () => undefined,
  };
}
