import type { BrowserSession } from '@ohif-azure/auth/browser';
import type { ArchiveSettings, ViewerSettings } from '@ohif-azure/core/settings';
import type { DicomwebClient } from '@ohif-azure/dicomweb';
import type { ArchiveReader } from './data-source/ArchiveReader.ts';
import type { Drafts } from './drafts/Drafts.ts';
import type { MeasurementDrafts } from './drafts/MeasurementDrafts.ts';
import type { DataSource, ExtensionManager } from './ohif.ts';
import type { ReportController } from './report/ReportController.ts';
import type { AccessTokens } from './session/accessTokens.ts';
import type { Reading } from './viewport/startReading.ts';

/** One data source of ours, as it was made for the viewer. */
export interface AzureSource {
  archive: ArchiveSettings;
  client: DicomwebClient;
  /** The stock source underneath. */
  inner: DataSource;
  /** SOP Instance UIDs that the archive has confirmed on this page; they are not sent again. */
  stored: Set<string>;
}

/** What lives as long as the page; made in `preRegistration`, used by every module of the extension. */
export interface AzureRuntime {
  settings: ViewerSettings;
  session: BrowserSession | undefined;
  accessTokens: AccessTokens;
  controller: ReportController;
  drafts: Drafts;
  measurementDrafts: MeasurementDrafts;
  /** By the archive's sourceName. */
  clients: Map<
    string,
    { client: DicomwebClient; searchClient: DicomwebClient; reader: ArchiveReader }
  >;
  sources: Map<DataSource, AzureSource>;
  /** The data source that the page was loaded with. */
  pageSource: string | undefined;
  /** Undefined in viewers older than OHIF 3.9, which do not put their Cornerstone on the page. */
  reading: Reading | undefined;
}

export function archiveNamed(
  runtime: AzureRuntime,
  sourceName: unknown
): ArchiveSettings | undefined {
  return runtime.settings.archives.find(archive => archive.sourceName === sourceName);
}

/** Our data source that is active; undefined when another is. */
export function activeSource(
  runtime: AzureRuntime,
  extensionManager: Pick<ExtensionManager, 'getActiveDataSource'>
): AzureSource | undefined {
  const [active] = extensionManager.getActiveDataSource() ?? [];
  return active && runtime.sources.get(active);
}
