import type { DicomwebClient } from '@ohif-azure/dicomweb';

/** One report on its way into the archive. The same bytes are sent again on retry, so there is one SR at most. */
export interface ReportJob {
  /** Of its draft; unique in this browser. */
  id: string;
  name: string;
  /** Friendly name of the archive. */
  archive: string;
  /** The archive's data source. */
  sourceName: string;
  /** How long its draft is kept at most; undefined where the settings want none. */
  draftHours?: number;
  /** Who made it; only the same account sends it again, as it is signed with that name. */
  account?: { id: string; displayName: string };
  /** Name in the report as its person observer. */
  observer?: string;
  studyInstanceUID: string;
  /** Study Description (0008,1030). */
  studyDescription?: string;
  client: Pick<DicomwebClient, 'store' | 'settle'>;
  /** Part 10 files. */
  instances: readonly { bytes: Uint8Array; sopInstanceUID?: string }[];
  /** Keys of the measurements that it holds (measurementKey.ts). */
  measurements?: readonly string[];
  /** Shows the report in the study; called once, after the archive confirmed it. */
  onStored(): void | Promise<void>;
}
