import type { DicomJson } from '@ohif-azure/dicomweb';
import type { DataSource } from '../ohif.ts';
import type { StudyMetadata } from './StudyMetadata.ts';

interface SeriesOptions {
  studyInstanceUID: string;
  seriesInstanceUID?: string;
  queryParams?: Record<string, string>;
}

/** What the stock source asks of its own client when it reads a study. */
interface StockClient {
  searchForSeries(options: SeriesOptions): Promise<DicomJson[]>;
  retrieveSeriesMetadata(
    options: Required<Omit<SeriesOptions, 'queryParams'>>
  ): Promise<DicomJson[]>;
}

/**
 * Has the stock source read studies through ours: what it makes of the metadata, and how it tells the viewer, stays
 * its own. It makes its client anew each time it is initialized.
 */
export function readStudiesWith(
  inner: DataSource,
  metadata: Pick<StudyMetadata, 'seriesOf' | 'instancesOf'>
): void {
  const { getWadoDicomWebClient } = inner.retrieve as {
    getWadoDicomWebClient?: () => StockClient | undefined;
  };
  const client = getWadoDicomWebClient?.();
  if (!client) return;
  client.searchForSeries = ({ studyInstanceUID, queryParams }) =>
    metadata.seriesOf(studyInstanceUID, queryParams?.SeriesInstanceUID);
  client.retrieveSeriesMetadata = ({ studyInstanceUID, seriesInstanceUID }) =>
    metadata.instancesOf(studyInstanceUID, seriesInstanceUID);
}
