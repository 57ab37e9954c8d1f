import type { ArchiveSettings } from '@ohif-azure/core/settings';
import type { DicomwebClient } from '@ohif-azure/dicomweb';
import type {
  DataSource,
  DicomDict,
  ExtensionManager,
  NaturalizedDataset,
  ServicesManager,
  StudyRow,
  StudySearchParams,
} from '../ohif.ts';
import { cornerstoneOfPage } from '../frames/cornerstone.ts';
import { frameImageIds } from '../frames/frameImageIds.ts';
import type { AccessTokens } from '../session/accessTokens.ts';
import type { Reading } from '../viewport/startReading.ts';
import type { ArchiveReader } from './ArchiveReader.ts';
import { unlessRefused } from './emptyRefusal.ts';
import { documentURL, ENCAPSULATED_DOCUMENT } from './encapsulatedObject.ts';
import { readStudiesWith } from './readStudiesWith.ts';
import { documentShown } from './documentShown.ts';
import { searchSeries } from './seriesSearch.ts';

export interface AzureDataSourceParts {
  archive: ArchiveSettings;
  client: DicomwebClient;
  /** The same archive by its root of searches. */
  searchClient: DicomwebClient;
  reader: ArchiveReader;
  reading: Reading | undefined;
  accessTokens: AccessTokens;
  searchStudies(params: StudySearchParams): Promise<StudyRow[]>;
  /** Studies the page is about, for requests whose study the stock source does not tell. */
  studiesOfPage(): string[];
  /** Called when a search fails; gives the error that the viewer shows. */
  onSearchFailed(error: unknown): Error;
  store(
    inner: DataSource,
    dataset: NaturalizedDataset | ArrayBuffer,
    request: XMLHttpRequest | null | undefined,
    dicomDict: DicomDict | undefined
  ): Promise<void>;
}

const STOCK = '@ohif/extension-default.dataSourcesModule.dicomweb';

/**
 * The data source `azure-dicomweb`: the stock DICOMweb source with our search, our Store, and an access
 * token chosen for each request.
 */
export function createAzureDataSource(
  configuration: Record<string, unknown>,
  servicesManager: ServicesManager,
  extensionManager: ExtensionManager,
  parts: AzureDataSourceParts
): { dataSource: DataSource; inner: DataSource } {
  const { archive, client, searchClient, reader, accessTokens } = parts;
  const stock = extensionManager.getModuleEntry(STOCK);
  if (!stock)
    throw new Error(`${STOCK} is not registered; this viewer has no DICOMweb data source.`);

  let study: string | undefined;
  const inner = stock.createDataSource(
    configuration,
    withAuthentication(servicesManager, () =>
      accessTokens.header(archive, 'retrieve', study ?? parts.studiesOfPage()[0])
    ),
    extensionManager
  );

  /**
   * Renews the token where that is due, then lets the stock source read its header: it does so in the same
   * turn in which it is called, so the study stands for this call alone.
   */
  const reading =
    <Arguments extends unknown[], Result>(
      studyOf: (...args: Arguments) => string | undefined,
      call: (...args: Arguments) => Promise<Result>
    ) =>
    async (...args: Arguments): Promise<Result> => {
      await accessTokens.fresh();
      study = studyOf(...args);
      try {
        // Not awaited: the study stands for this turn only.
        return call(...args);
      } finally {
        study = undefined;
      }
    };

  /** The stock source remembers a study under its own name and the UID, but forgets it by whatever it is told (3.13). */
  const forgetStock = (studyInstanceUID: string) => {
    inner.deleteStudyMetadataPromise?.(studyInstanceUID);
    inner.deleteStudyMetadataPromise?.(`${String(configuration.name)}:${studyInstanceUID}`);
  };
  const forget = (studyInstanceUID: string) => {
    forgetStock(studyInstanceUID);
    reader.metadata.forget(studyInstanceUID);
  };

  reader.onAdded = (studyInstanceUID, seriesInstanceUID) => {
    forgetStock(studyInstanceUID);
    const filters = { seriesInstanceUID };
    inner.retrieve.series
      .metadata({ StudyInstanceUID: studyInstanceUID, filters })
      .catch(() => undefined)
      .finally(() => forgetStock(studyInstanceUID));
  };

  const dataSource: DataSource = {
    ...inner,
    ...(cornerstoneOfPage() && { getImageIdsForInstance: frameImageIds(inner) }),
    initialize(input) {
      const initialized = inner.initialize(input);
      const { metadata } = reader;
      readStudiesWith(inner, {
        seriesOf: (...uids) => metadata.seriesOf(...uids),
        instancesOf: parts.reading
          ? parts.reading.bulkObjects.watching(reader.client, (...uids) =>
              metadata.instancesOf(...uids)
            )
          : (...uids) => metadata.instancesOf(...uids),
      });
      return initialized;
    },
    deleteStudyMetadataPromise: forget,
    query: {
      ...inner.query,
      studies: {
        ...inner.query.studies,
        search: params => {
          // The viewer asks so whether a study is there, and opens it.
          [params.studyInstanceUid ?? []].flat().forEach(uid => reader.metadata.ahead(uid));
          return parts
            .searchStudies(params)
            .then(rows => unlessRefused(rows, params, archive, accessTokens))
            .then(rows => {
              rows.forEach(row => reader.metadata.learn(row.studyInstanceUid, row.instances));
              return rows;
            })
            .catch(error => {
              throw parts.onSearchFailed(error);
            });
        },
      },
      series: {
        ...inner.query.series,
        search: uid => {
          // A row of the work list was chosen.
          reader.metadata.ahead(uid);
          return searchSeries(searchClient, uid);
        },
      },
    },
    retrieve: {
      ...inner.retrieve,
      directURL: params =>
        params.tag === ENCAPSULATED_DOCUMENT ? '' : inner.retrieve.directURL(params),
      renderedURL: async (params, options) =>
        params.tag === ENCAPSULATED_DOCUMENT
          ? documentShown(parts.reading?.problems, params.instance, () =>
              documentURL(client, params.instance, params.defaultType, options?.signal)
            )
          : ((await inner.retrieve.renderedURL?.(params, options)) ?? { url: null }),
      series: {
        ...inner.retrieve.series,
        metadata: reading(
          params => params.StudyInstanceUID,
          params => {
            // What the archive has now, each time that a study is opened: others save reports, too.
            forgetStock(params.StudyInstanceUID);
            if (!params.filters?.seriesInstanceUID) reader.metadata.open(params.StudyInstanceUID);
            return inner.retrieve.series.metadata(params);
          }
        ),
      },
    },
    store: {
      ...inner.store,
      dicom: (dataset, request, dicomDict) => parts.store(inner, dataset, request, dicomDict),
    },
  };
  return { dataSource, inner };
}

/** The services, with a header of this source's own: another source's requests never see its token. */
function withAuthentication(
  servicesManager: ServicesManager,
  getAuthorizationHeader: () => Record<string, string>
): ServicesManager {
  const { services } = servicesManager;
  const userAuthenticationService = Object.assign(
    Object.create(services.userAuthenticationService) as typeof services.userAuthenticationService,
    // A refused rendered image must not send the clinician away to sign in: measurements would be lost.
    { getAuthorizationHeader, handleUnauthenticated: () => undefined }
  );
  const scoped = Object.create(servicesManager) as ServicesManager;
  return Object.assign(scoped, { services: { ...services, userAuthenticationService } });
}
