import { formatReasonCode } from '../reasons.ts';
import type { InstanceIdentity } from '../part10.ts';
import type { InstanceToStore } from '../store.ts';
import type { InstanceOutcome } from '../store-outcome.ts';
import type { FileOutcome } from './file-outcome.ts';
import { readVersion } from './file-source.ts';
import type { FileVersion } from './file-source.ts';
import type { JournalEntry } from './store-journal.ts';

/** A Part 10 file on its way. */
export interface FileToStore extends FileVersion {
  /** As it is called in its outcome. */
  readonly file: string;
  readonly identity: InstanceIdentity;
  /** An earlier run sent it, or may have: ask before it is sent. */
  mustAsk: boolean;
  /** What an earlier run noted of it when it was another version. */
  readonly earlier?: JournalEntry;
  /** Of what was sent last. */
  checksum?: number;
  /** Why it could not be read while it was sent. */
  readError?: unknown;
  /** Known at its end. */
  outcome?: FileOutcome;
}

/** The instance that a request has of a file. */
export function instanceOf(file: FileToStore): InstanceToStore {
  const { identity, bytes } = file;
  return {
    byteLength: bytes,
    sopClassUID: identity.sopClassUID,
    sopInstanceUID: identity.sopInstanceUID,
    studyInstanceUID: identity.studyInstanceUID,
    seriesInstanceUID: identity.seriesInstanceUID,
    async *open() {
      file.readError = undefined;
      try {
        yield* readVersion(file, checksum => (file.checksum = checksum));
      } catch (error) {
        file.readError = error;
        throw error;
      }
    },
  };
}

/** The names that stand in each outcome of a file. */
function namesOf({ file, bytes, identity }: FileToStore): Omit<FileOutcome, 'outcome'> {
  const { sopClassUID, sopInstanceUID, studyInstanceUID, seriesInstanceUID } = identity;
  return { file, bytes, sopClassUID, sopInstanceUID, studyInstanceUID, seriesInstanceUID };
}

/** An outcome that no server said. */
export function plainOutcome(
  file: FileToStore,
  outcome: FileOutcome['outcome'],
  more: Pick<
    FileOutcome,
    'message' | 'remedy' | 'retry' | 'settled' | 'httpStatus' | 'comments'
  > = {}
): FileOutcome {
  return { ...namesOf(file), outcome, ...more };
}

/** Whether what the server has under the file's UID is, or may be, another version of the file that an earlier run stored. */
function isOlderVersion({ earlier, identity }: FileToStore): boolean {
  if (!earlier) return false;
  const { outcome } = earlier;
  if (!outcome) return true;
  const wasStored = ['stored', 'storedWithWarnings', 'alreadyStored'].includes(outcome.outcome);
  return wasStored && outcome.sopInstanceUID === identity.sopInstanceUID;
}

function olderVersion(file: FileToStore): FileOutcome {
  return {
    ...namesOf(file),
    outcome: 'rejected',
    changed: true,
    message:
      'The file has changed since an earlier run sent it. The server keeps that version, which has the same SOP Instance UID.',
    remedy: 'Delete the instance from the server and store it again, or give the file a new UID.',
    retry: 'permanent',
  };
}

/** The outcome of a file which the server has, by what it said when it was asked. */
export function presentOutcome(file: FileToStore): FileOutcome {
  return isOlderVersion(file)
    ? olderVersion(file)
    : plainOutcome(file, 'stored', { settled: true });
}

/** The outcome of a file by that of its instance. */
export function outcomeOf(file: FileToStore, result: InstanceOutcome): FileOutcome {
  const { outcome, failureReason, warningReason, comments, reason, settled } = result;
  const changed = file.earlier ? { changed: true as const } : {};
  if (outcome === 'alreadyStored' && isOlderVersion(file)) {
    return { ...olderVersion(file), failureReason };
  }
  const code = failureReason ?? warningReason;
  return {
    ...namesOf(file),
    sopInstanceUID: result.sopInstanceUID ?? file.identity.sopInstanceUID,
    outcome,
    ...changed,
    failureReason,
    warningReason,
    message: reason && `${code === undefined ? '' : `${formatReasonCode(code)} `}${reason.meaning}`,
    remedy: reason?.remedy,
    retry: outcome === 'rejected' || outcome === 'unknown' ? reason?.retry : undefined,
    comments: comments.length > 0 ? comments : undefined,
    settled,
  };
}
