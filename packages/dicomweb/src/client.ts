import { isAzureDicomHost, systemClock } from '@ohif-azure/core';
import type { Clock } from '@ohif-azure/core';
import { keepContext } from './client-context.ts';
import { deleteResource } from './delete.ts';
import type { DicomJson } from './dicom-json.ts';
import type { AuthorizationSource, ExchangeContext, RequestOptions } from './exchange.ts';
import { fetchTransport } from './fetch-transport.ts';
import type { InstanceIdentity } from './part10.ts';
import { serviceRoot } from './resource.ts';
import { retrieveInstance, retrieveInstanceMetadata, retrieveMetadata } from './retrieve.ts';
import type { InstanceUIDs } from './retrieve.ts';
import { DEFAULT_RETRY_POLICY } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { search, searchAll } from './search.ts';
import type { SearchParameters } from './search.ts';
import { settleInstances } from './settle.ts';
import type { Settlement } from './settle.ts';
import { store } from './store.ts';
import type { InstanceToStore, StoreOptions, StoreResult } from './store.ts';
import type { Transport } from './transport.ts';
import { xhrTransport } from './xhr-transport.ts';

/** `azure`: the Azure DICOM service's rules for searches. `standard`: PS3.18 as it stands. */
export type Dialect = 'azure' | 'standard';

/** Options of {@link createDicomwebClient}. */
export interface DicomwebClientOptions {
  /** The DICOMweb root with the version, and the partition if there is one: `https://x.dicom.azurehealthcareapis.com/v2`. */
  readonly serviceUrl: string;
  /** Default: `azure` for hosts of the Azure DICOM service, else `standard`. */
  readonly dialect?: Dialect;
  /** Default: no Authorization header. */
  readonly authorization?: AuthorizationSource;
  /** Default: XMLHttpRequest where there is one (it knows whether a body was sent), else fetch. */
  readonly transport?: Transport;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** Default: {@link DEFAULT_RETRY_POLICY}. */
  readonly retry?: Partial<RetryPolicy>;
  /** For the jitter of the back-off: 0 to below 1. Default: Math.random. */
  readonly random?: () => number;
}

/** One study, or a series or an instance of it. */
export type StudyResource = Partial<InstanceUIDs> & Pick<InstanceUIDs, 'studyInstanceUID'>;

/** The transactions of one DICOMweb service. Errors: see each function of the same name. */
export interface DicomwebClient {
  /** Without a slash at its end. */
  readonly serviceUrl: string;
  readonly dialect: Dialect;

  /** One Store transaction: one outcome for each instance. See {@link store}. */
  store(instances: readonly InstanceToStore[], options?: StoreOptions): Promise<StoreResult>;
  /** Asks whether the server has this instance, and whether it is this one; never rejects. See {@link Settlement}. */
  settle(instance: InstanceIdentity, options?: RequestOptions): Promise<Settlement>;

  /** One page of studies. See {@link search}. */
  searchForStudies(parameters?: SearchParameters): Promise<DicomJson[]>;
  /** One page of series, of one study when it is named. */
  searchForSeries(parameters?: SearchParameters): Promise<DicomJson[]>;
  /** One page of instances, of one study or series when they are named. */
  searchForInstances(parameters?: SearchParameters): Promise<DicomJson[]>;
  /** All studies, page after page, each once. See {@link searchAll}. */
  allStudies(parameters?: SearchParameters): AsyncGenerator<DicomJson, void>;
  /** All series, likewise. */
  allSeries(parameters?: SearchParameters): AsyncGenerator<DicomJson, void>;
  /** All instances, likewise. */
  allInstances(parameters?: SearchParameters): AsyncGenerator<DicomJson, void>;

  /** Part 10 bytes of one instance, in its own Transfer Syntax. See {@link retrieveInstance}. */
  retrieveInstance(uids: InstanceUIDs, options?: RequestOptions): Promise<Uint8Array>;
  /** Metadata of one instance. */
  retrieveInstanceMetadata(uids: InstanceUIDs, options?: RequestOptions): Promise<DicomJson>;
  /** Metadata of all instances of a study or series. See {@link retrieveMetadata}. */
  retrieveMetadata(uids: StudyResource, options?: RequestOptions): Promise<DicomJson[]>;

  /** Deletes a study. See {@link deleteResource}. */
  deleteStudy(
    uids: Pick<InstanceUIDs, 'studyInstanceUID'>,
    options?: RequestOptions
  ): Promise<void>;
  /** Deletes a series. */
  deleteSeries(uids: Omit<InstanceUIDs, 'sopInstanceUID'>, options?: RequestOptions): Promise<void>;
  /** Deletes an instance. */
  deleteInstance(uids: InstanceUIDs, options?: RequestOptions): Promise<void>;
}

function defaultTransport(): Transport {
  return typeof XMLHttpRequest === 'function' ? xhrTransport() : fetchTransport();
}

/**
 * Makes a client for one DICOMweb service. Makes no request.
 * @throws TypeError when `serviceUrl` is not an HTTP address, or has a user, a password, a query string or a fragment.
 * @see PS3.18 10
 */
export function createDicomwebClient(options: DicomwebClientOptions): DicomwebClient {
  const serviceUrl = serviceRoot(options.serviceUrl);
  const dialect =
    options.dialect ?? (isAzureDicomHost(new URL(serviceUrl).hostname) ? 'azure' : 'standard');
  const context: ExchangeContext = {
    serviceUrl,
    dialect,
    transport: options.transport ?? defaultTransport(),
    authorization: options.authorization,
    clock: options.clock ?? systemClock,
    retry: { ...DEFAULT_RETRY_POLICY, ...options.retry },
    random: options.random ?? Math.random,
  };
  const client: DicomwebClient = {
    serviceUrl,
    dialect,
    store: (instances, storeOptions) => store(context, instances, storeOptions),
    async settle(instance, requestOptions = {}) {
      const [settlement] = await settleInstances(context, [instance], [], requestOptions);
      return settlement ?? 'unknown';
    },
    searchForStudies: parameters => search(context, 'studies', parameters),
    searchForSeries: parameters => search(context, 'series', parameters),
    searchForInstances: parameters => search(context, 'instances', parameters),
    allStudies: parameters => searchAll(context, 'studies', parameters),
    allSeries: parameters => searchAll(context, 'series', parameters),
    allInstances: parameters => searchAll(context, 'instances', parameters),
    retrieveInstance: (uids, requestOptions) => retrieveInstance(context, uids, requestOptions),
    retrieveInstanceMetadata: (uids, requestOptions) =>
      retrieveInstanceMetadata(context, uids, requestOptions),
    retrieveMetadata: (uids, requestOptions) => retrieveMetadata(context, uids, requestOptions),
    deleteStudy: ({ studyInstanceUID }, requestOptions) =>
      deleteResource(context, { studyInstanceUID }, requestOptions),
    deleteSeries: async ({ studyInstanceUID, seriesInstanceUID }, requestOptions) =>
      deleteResource(context, required({ studyInstanceUID, seriesInstanceUID }), requestOptions),
    deleteInstance: async (
      { studyInstanceUID, seriesInstanceUID, sopInstanceUID },
      requestOptions
    ) =>
      deleteResource(
        context,
        required({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }),
        requestOptions
      ),
  };
  return keepContext(client, context);
}

/** A UID that is missing at run time must not turn the deletion of an instance into that of its study. */
function required<UIDs extends Record<string, string>>(uids: UIDs): UIDs {
  for (const [name, uid] of Object.entries(uids)) {
    if (typeof uid !== 'string') throw new TypeError(`delete: expected a ${name}`);
  }
  return uids;
}
