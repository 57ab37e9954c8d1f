import type { KeptAnnotation } from './annotations.ts';

/** Where a draft stands between the viewer and the archive. */
export type DraftKind =
  /** A report that the user saved; it may already be in the archive. */
  | 'report'
  /** Measurements that the user has not saved as a report, kept as the report they would make. */
  | 'measurements';

/** A report that is not known to be in the archive, as it is kept on this computer. */
export interface Draft {
  /** Unique in this browser. */
  id: string;
  kind: DraftKind;
  /** What the report is called. */
  name: string;
  /** Study Description (0008,1030), for people. */
  studyDescription?: string;
  studyInstanceUID: string;
  /** Path of the viewer's page it was made on, without the study, such as `/azure`. */
  page?: string;
  /** The data source it goes to. */
  sourceName: string;
  /** Who made it; undefined with a share link alone. */
  account?: { id: string; displayName: string };
  /** Name in the report as its person observer. */
  observer?: string;
  /** Milliseconds since 1970. */
  madeAt: number;
  /** Milliseconds since 1970; it is removed then. */
  expiresAt: number;
  /** Keys of its measurements (measurementKey.ts). */
  measurements?: readonly string[];
  /** The drawings, to bring them back into the viewer. */
  annotations?: readonly KeptAnnotation[];
  /** Part 10 files; none where the measurements have no form in a report. */
  instances: readonly { bytes: Uint8Array; sopInstanceUID?: string }[];
}
