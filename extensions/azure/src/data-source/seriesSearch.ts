import { numberOf, stringOf, type DicomwebClient } from '@ohif-azure/dicomweb';

/** What the study list's preview shows of a series; the service returns these only when asked. */
const INCLUDE_FIELDS = [
  'SeriesDescription',
  'SeriesDate',
  'SeriesNumber',
  'NumberOfSeriesRelatedInstances',
];
const MAX_SERIES = 200;

/** A series as the stock viewer's study list expects it. */
export interface SeriesRow {
  studyInstanceUid: string;
  seriesInstanceUid: string;
  modality: string;
  seriesNumber: string;
  /** `14-Jan-2026` */
  seriesDate: string;
  numSeriesInstances: number;
  description: string;
}

/**
 * The series of a study, by number. The stock search does not ask for the number of instances, which the service
 * then leaves out.
 */
export async function searchSeries(
  client: DicomwebClient,
  studyInstanceUID: string
): Promise<SeriesRow[]> {
  const found = await client.searchForSeries({
    studyInstanceUID,
    includefield: INCLUDE_FIELDS,
    limit: MAX_SERIES,
  });
  return found
    .map(series => ({
      studyInstanceUid: studyInstanceUID,
      seriesInstanceUid: stringOf(series, 'SeriesInstanceUID') ?? '',
      modality: stringOf(series, 'Modality') ?? '',
      seriesNumber: stringOf(series, 'SeriesNumber') ?? '',
      seriesDate: formatDate(stringOf(series, 'SeriesDate') ?? ''),
      numSeriesInstances: numberOf(series, 'NumberOfSeriesRelatedInstances') ?? 0,
      description: stringOf(series, 'SeriesDescription') ?? '',
    }))
    .sort((a, b) => Number(a.seriesNumber) - Number(b.seriesNumber));
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A DA value as the stock viewer writes dates; anything else as it is. */
export function formatDate(date: string): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
  const name = MONTHS[Number(month) - 1];
  return name ? `${day}-${name}-${year}` : date;
}
