export { createDicomwebClient } from './client.ts';
export type { Dialect, DicomwebClient, DicomwebClientOptions, StudyResource } from './client.ts';
export type { AuthorizationSource, Operation, RequestOptions, Waiting } from './exchange.ts';
export type { AccessTokens } from './bearer-authorization.ts';
export { bearerAuthorization } from './bearer-authorization.ts';
export type { RetryPolicy } from './retry.ts';
export { DEFAULT_RETRY_POLICY } from './retry.ts';
export { parseRetryAfter } from '@ohif-azure/core';

export type {
  BodySent,
  RequestBody,
  StreamBody,
  Transport,
  TransportRequest,
  TransportResponse,
} from './transport.ts';
export { TransportError } from './transport.ts';
export { fetchTransport } from './fetch-transport.ts';
export { xhrTransport } from './xhr-transport.ts';

export type {
  InstanceBytes,
  InstanceStream,
  InstanceToStore,
  StoreOptions,
  StoreProgress,
  StoreResult,
} from './store.ts';
export type { InstanceOutcome, Outcome } from './store-outcome.ts';
export { countStored } from './store-outcome.ts';
export type { Settlement } from './settle.ts';
export type { ReasonText } from './reasons.ts';
export {
  describeFailureReason,
  describeWarningReason,
  formatReasonCode,
  KNOWN_FAILURE_REASONS,
  KNOWN_WARNING_REASONS,
} from './reasons.ts';
export { describeHttpStatus, KNOWN_STATUSES } from './status-text.ts';

export type { SearchLevel, SearchParameters } from './search.ts';
export type { UnsupportedFilter } from './azure-search.ts';
export { AZURE_MAX_LIMIT, toAzureFilters } from './azure-search.ts';
export type { ExtendedQueryTag } from './extended-query-tags.ts';
export { extendedQueryTags } from './extended-query-tags.ts';
export { partitionNames } from './partitions.ts';
export type { FindStudiesOptions, FoundStudies } from './study-search/find-studies.ts';
export { findStudies } from './study-search/find-studies.ts';
export { studyMatches } from './study-search/match-study.ts';
export type { StudyQuery, StudySearchPlan } from './study-search/plan-study-search.ts';
export { ALTERNATIVE_TAGS, planStudySearch } from './study-search/plan-study-search.ts';
export type { SearchMemory } from './study-search/search-memory.ts';
export { createSearchMemory, SEARCH_MEMORY_MS } from './study-search/search-memory.ts';
export type { StudyFilters, TextFilter } from './study-search/study-filters.ts';
export { instancePages, seriesPages, studiesOfPatient, studyPages } from './pages.ts';
export type { InstanceUIDs } from './retrieve.ts';
export type { RenderedOptions, RetrievedPart } from './retrieve-stream.ts';
export { retrieveFrames, retrieveInstances, retrieveRendered } from './retrieve-stream.ts';
export type { StreamMetadataOptions } from './retrieve-metadata-stream.ts';
export type { HealingPolicy } from './heal.ts';
export { heal, isHealable } from './heal.ts';
export { streamMetadata } from './retrieve-metadata-stream.ts';
export type { YieldToTasks } from './pace.ts';
export type {
  FrameLoader,
  FrameLoaderOptions,
  FrameResource,
  SeriesOutline,
  StoredFrame,
  Urgency,
} from './frames/index.ts';
export { createFrameLoader, declareRGB } from './frames/index.ts';
export type { ChangeFeedEntry, ChangeFeedParameters } from './change-feed.ts';
export { changeFeed, latestChange } from './change-feed.ts';
export type { Operation as LongOperation } from './operations.ts';
export { DEFAULT_POLL_MS, operationStatus, waitForOperation } from './operations.ts';

export { DeleteError, RetrieveError, SearchError, StoreError } from './errors.ts';
export type {
  DeleteErrorCode,
  FailureDetails,
  RetrieveErrorCode,
  SearchErrorCode,
  StoreErrorCode,
} from './errors.ts';

export type { Attribute, DicomJson, DicomJsonElement } from './dicom-json.ts';
export { itemsOf, numberOf, personNameOf, stringOf, stringsOf, valuesOf } from './dicom-json.ts';
export type { Keyword } from './tags.ts';
export { TAGS } from './tags.ts';
export type { BulkValue, EncapsulatedPixelData } from './bulk-values.ts';
export { bulkValues, encapsulatedPixelData } from './bulk-values.ts';
export type { EncapsulatedDocument, InstanceIdentity } from './part10.ts';
export { encapsulatedDocument, isPart10, readIdentity } from './part10.ts';
export { encodePart10 } from './encode-part10.ts';
export { storeDataSet } from './store-data-set.ts';
export type { MultipartBody } from './multipart.ts';
export { encodeMultipart } from './multipart.ts';
