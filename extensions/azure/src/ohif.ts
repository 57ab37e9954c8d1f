/**
 * What this extension uses of OHIF 3.13, typed by hand: the viewer hands these objects in at run time, and
 * a drop-in module must not import `@ohif/core` (docs/architecture.md).
 */

/** A data set keyed by PS3.6 keyword, as the viewer's dcmjs makes it. */
export type NaturalizedDataset = Record<string, unknown> & {
  SOPClassUID?: string;
  SOPInstanceUID?: string;
  StudyInstanceUID?: string;
  SeriesInstanceUID?: string;
  Modality?: string;
  _meta?: Record<string, unknown>;
};

/** The viewer's dcmjs object that can write a Part 10 file. */
export interface DicomDict {
  meta: Record<string, { vr: string; Value: unknown[] }>;
  dict: Record<string, unknown>;
}

export interface StudyRow {
  studyInstanceUid: string;
  date: string;
  time: string;
  accession: string;
  mrn: string;
  patientName: string;
  patientBirthDate: string;
  instances: number;
  description: string;
  modalities: string;
  referringPhysicianName: string;
}

export interface StudySearchParams {
  patientId?: string;
  patientName?: string;
  studyDescription?: string;
  modalitiesInStudy?: string[] | string;
  accessionNumber?: string;
  startDate?: string;
  endDate?: string;
  offset?: number;
  limit?: number;
  studyInstanceUid?: string | string[];
  /** Whole values are meant: the viewer's search for the patient's other studies. */
  disableWildcard?: boolean;
  /** A column of the work list. */
  sortBy?: string;
  /** `asc`, `desc`, `ascending` or `descending`. */
  sortDirection?: string;
}

export interface DataSource {
  initialize(input: { params: unknown; query: unknown }): unknown;
  query: {
    studies: { search(params: StudySearchParams): Promise<StudyRow[]>; [key: string]: unknown };
    series: { search(studyInstanceUID: string): Promise<unknown>; [key: string]: unknown };
    instances: Record<string, unknown>;
    [key: string]: unknown;
  };
  retrieve: {
    directURL(params: DirectURLParams): unknown;
    renderedURL?(params: DirectURLParams, options?: { signal?: AbortSignal }): Promise<RenderedURL>;
    series: {
      metadata(params: {
        StudyInstanceUID: string;
        filters?: { seriesInstanceUID?: string[] };
        madeInClient?: boolean;
      }): Promise<unknown>;
    };
    [key: string]: unknown;
  };
  store: {
    dicom(
      dataset: NaturalizedDataset | ArrayBuffer,
      request?: XMLHttpRequest | null,
      dicomDict?: DicomDict
    ): Promise<unknown>;
  };
  getConfig?(): Record<string, unknown> | undefined;
  getImageIdsForInstance(request: {
    instance: NaturalizedDataset;
    frame?: number;
  }): string | undefined;
  /** Forgets what was read of a study. */
  deleteStudyMetadataPromise?(studyInstanceUID: string): void;
  [key: string]: unknown;
}

export interface DirectURLParams {
  instance: NaturalizedDataset;
  tag?: string;
  defaultType?: string;
  singlepart?: string | boolean;
}

export interface RenderedURL {
  url: string | null;
  revoke?: () => void;
}

export interface Command {
  commandFn(options?: unknown): unknown;
}

export interface CommandsManager {
  getCommand(name: string, context?: string): Command | undefined;
  runCommand(name: string, options?: unknown, context?: string): unknown;
}

export interface Measurement {
  uid: string;
  referenceStudyUID?: string;
  referenceSeriesUID?: string;
  modifiedTimestamp?: number;
  predecessorImageId?: string;
  toolName?: string;
  /** World coordinates. */
  points?: unknown;
  label?: string;
  finding?: { CodeValue?: string };
}

/** Where measurements come from; the viewer's drawing tools are one. */
export interface MeasurementMapping {
  annotationType: string;
  toMeasurementSchema(data: unknown): unknown;
}

export interface Services {
  userAuthenticationService: {
    setServiceImplementation(implementation: {
      getAuthorizationHeader?: () => Record<string, string>;
      handleUnauthenticated?: () => void;
    }): void;
  };
  measurementService: {
    EVENTS: Record<string, string>;
    getMeasurements(filter?: (each: Measurement) => boolean): Measurement[];
    subscribe(
      event: string,
      listener: (data: { measurement?: Measurement }) => void
    ): { unsubscribe(): void };
    getSource(name: string, version: string): unknown;
    getSourceMappings(name: string, version: string): MeasurementMapping[] | undefined;
    addRawMeasurement(
      source: unknown,
      annotationType: string,
      data: unknown,
      toMeasurementSchema: MeasurementMapping['toMeasurementSchema'],
      dataSource: DataSource
    ): string | undefined;
  };
  displaySetService: {
    getActiveDisplaySets(): {
      displaySetInstanceUID: string;
      SOPInstanceUID?: string;
      StudyInstanceUID?: string;
      SeriesNumber?: number | string;
      instances?: NaturalizedDataset[];
    }[];
    getMostRecentDisplaySet(): { displaySetInstanceUID: string } | undefined;
  };
  viewportGridService: {
    getState(): {
      activeViewportId: string;
      viewports: Map<string, { displaySetInstanceUIDs?: string[] }>;
    };
  };
  customizationService: {
    getCustomization(key: string): unknown;
    setCustomizations(customizations: Record<string, unknown>, scope?: string): void;
  };
  uiNotificationService: { show(notification: Record<string, unknown>): void };
  uiDialogService: { show(dialog: Record<string, unknown>): void; hide(id: string): void };
  [name: string]: unknown;
}

export interface ServicesManager {
  services: Services;
}

export interface ExtensionManager {
  activeDataSourceName?: string;
  getDataSources(name?: string | null): DataSource[] | undefined;
  getActiveDataSource(): DataSource[];
  getModuleEntry(
    id: string
  ):
    | { createDataSource(config: unknown, services: ServicesManager, manager: unknown): DataSource }
    | undefined;
}

export interface AppConfig {
  dataSources?: {
    namespace?: string;
    sourceName?: string;
    configuration?: Record<string, unknown>;
  }[];
  defaultDataSourceName?: string;
  oidc?: unknown;
  httpErrorHandler?: (error: unknown) => void;
  [key: string]: unknown;
}

export interface ExtensionParams {
  servicesManager: ServicesManager;
  commandsManager: CommandsManager;
  extensionManager: ExtensionManager;
  appConfig: AppConfig;
}
