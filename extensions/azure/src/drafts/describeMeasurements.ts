import type { CommandsManager, Measurement, Services } from '../ohif.ts';
import { makeReport } from '../report/makeReport.ts';
import { predecessorOf } from '../report/predecessorOf.ts';
import { FIRST_SERIES_NUMBER } from '../report/seriesNumber.ts';
import { writeReport, type ReportWriter } from '../report/writeReport.ts';
import type { AzureSource } from '../runtime.ts';
import { text } from '../texts/index.ts';
import type { DescribeDraft } from './MeasurementDrafts.ts';

export interface DescribeMeasurementsParts {
  /** Our active data source; undefined when another is active. */
  source(): AzureSource | undefined;
  services: Pick<Services, 'displaySetService'>;
  commandsManager: CommandsManager;
  writer: ReportWriter;
  /** Milliseconds since 1970. */
  now(): number;
  /** Path of the page that the study is open on. */
  page: string;
}

const HOUR_MS = 3_600_000;

/** Drafts of measurements hold the report that they would make, beside the drawings themselves. */
export function describeMeasurements(parts: DescribeMeasurementsParts): DescribeDraft {
  return async (studyInstanceUID, measurements) => {
    const source = parts.source();
    if (!source?.archive.report.drafts) return undefined;
    const { archive } = source;
    const account = parts.writer.account();
    const madeAt = parts.now();
    const name = text('report.unnamed');
    return {
      name,
      page: parts.page,
      account,
      observer: archive.report.observer === 'account' ? account?.displayName : undefined,
      sourceName: archive.sourceName,
      studyInstanceUID,
      studyDescription: parts.writer.studyDescription(studyInstanceUID),
      madeAt,
      expiresAt: madeAt + archive.report.draftHours * HOUR_MS,
      instances: await reportOf(parts, source, name, studyInstanceUID, measurements),
    };
  };
}

/** None where no measurement has a form in a report: then the drawings alone are kept. */
async function reportOf(
  { services, commandsManager, writer }: DescribeMeasurementsParts,
  source: AzureSource,
  name: string,
  studyInstanceUID: string,
  measurements: readonly Measurement[]
) {
  try {
    const dataset = await makeReport(commandsManager, measurements, {
      SeriesDescription: name,
      SeriesNumber: nextSeriesNumber(services, studyInstanceUID),
      predecessorImageId: predecessorOf(measurements),
    });
    return [await writeReport(writer, source, dataset)];
  } catch {
    return [];
  }
}

function nextSeriesNumber(
  { displaySetService }: Pick<Services, 'displaySetService'>,
  studyInstanceUID: string
): number {
  const numbers = displaySetService
    .getActiveDisplaySets()
    .filter(({ StudyInstanceUID }) => StudyInstanceUID === studyInstanceUID)
    .map(({ SeriesNumber }) => Number(SeriesNumber) || 0);
  return 1 + Math.max(FIRST_SERIES_NUMBER, ...numbers);
}
