import type { Retry } from '@ohif-azure/core';
import type { Outcome } from '../store-outcome.ts';

/**
 * What became of one file.
 * - the outcomes of an instance ({@link Outcome}): `stored`, `storedWithWarnings`, `alreadyStored`, `rejected`, `unknown`;
 * - `notSent`: nothing of it was stored, and it may go in another run: the run was stopped, or the service could not be reached, or
 *   the file could not be read;
 * - `notDicom`: it was left aside: no `DICM` at byte 128, a DICOMDIR, or no regular file.
 */
export type FileOutcomeKind = Outcome | 'notSent' | 'notDicom';

/** All kinds, in the order of a summary. */
export const FILE_OUTCOME_KINDS = [
  'stored',
  'storedWithWarnings',
  'alreadyStored',
  'rejected',
  'unknown',
  'notSent',
  'notDicom',
] as const satisfies readonly FileOutcomeKind[];

/** What became of one file; what a report has a line of. Without patient data, but for what the file's path tells. */
export interface FileOutcome {
  /** As it was given, or found below a folder that was given. */
  readonly file: string;
  readonly outcome: FileOutcomeKind;
  readonly sopClassUID?: string;
  readonly sopInstanceUID?: string;
  readonly studyInstanceUID?: string;
  readonly seriesInstanceUID?: string;
  /** Of the file, in bytes; absent when it could not be asked for. */
  readonly bytes?: number;
  /** FailureReason (0008,1197). In words: `message`; as 45070 (0xB00E): `formatReasonCode`. */
  readonly failureReason?: number;
  /** WarningReason (0008,1196). */
  readonly warningReason?: number;
  /** The status of a request that was refused with this file as its only one. */
  readonly httpStatus?: number;
  /** In words, one line: why, or what was remarked; absent for `stored`. */
  readonly message?: string;
  /** What to do about it, in words. */
  readonly remedy?: string;
  /** Whether it may succeed when it is sent again unchanged; absent: there is no need. */
  readonly retry?: Retry;
  /** The server's own remarks, without the values that it quoted. */
  readonly comments?: readonly string[];
  /** The outcome is what the server said when it was asked afterwards. */
  readonly settled?: true;
  /** The outcome stands in the journal of an earlier run; nothing was sent in this one. */
  readonly fromJournal?: true;
  /** The file is not as it was when an earlier run of this journal noted its outcome. */
  readonly changed?: true;
}

/** How many files had which outcome; all kinds are there, also with 0. */
export type FileOutcomeCounts = Readonly<Record<FileOutcomeKind, number>>;

/** Counts of nothing. */
export function noOutcomes(): Record<FileOutcomeKind, number> {
  return {
    stored: 0,
    storedWithWarnings: 0,
    alreadyStored: 0,
    rejected: 0,
    unknown: 0,
    notSent: 0,
    notDicom: 0,
  };
}
