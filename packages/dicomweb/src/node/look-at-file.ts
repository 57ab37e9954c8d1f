import type { FileOutcome } from './file-outcome.ts';
import { readFileIdentity } from './file-identity.ts';
import { checksumOf } from './file-source.ts';
import type { FileToStore } from './file-to-store.ts';
import type { JournalEntry, StoreJournal } from './store-journal.ts';
import { describeFileError, isProblem } from './walk-files.ts';
import type { FoundFile, WalkProblem } from './walk-files.ts';

/** What is to become of a found file. */
export type Looked =
  | { readonly kind: 'store'; readonly file: FileToStore }
  /** Its outcome stands in the journal; `file` has it. */
  | { readonly kind: 'done'; readonly file: FileToStore; readonly outcome: FileOutcome }
  | {
      readonly kind: 'aside';
      readonly found: FoundFile | undefined;
      readonly outcome: FileOutcome;
    };

/** Media Storage Directory Storage: the DICOMDIR of a medium, which lists its files. @see PS3.10 8.6 */
const MEDIA_STORAGE_DIRECTORY = '1.2.840.10008.1.3.10';

/** Whether an outcome of an earlier run is the last word on a version of a file. */
function isFinal({ outcome, retry }: FileOutcome): boolean {
  if (outcome === 'rejected') return retry !== 'transient';
  return outcome !== 'unknown' && outcome !== 'notSent';
}

function aside(
  found: FoundFile | undefined,
  outcome: Omit<FileOutcome, 'bytes'>
): Extract<Looked, { kind: 'aside' }> {
  return { kind: 'aside', found, outcome: { ...outcome, bytes: found?.bytes } };
}

/** Whether a file is still the version that was noted: its times may differ when its content does not. */
async function isSameVersion(found: FoundFile, entry: JournalEntry): Promise<boolean> {
  if (found.bytes !== entry.bytes) return false;
  if (found.mtimeMs === entry.mtimeMs) return true;
  return entry.crc32 !== undefined && (await checksumOf(found)) === entry.crc32;
}

/**
 * Looks at what was found: a Part 10 file is known by its content. What an earlier run noted counts as long as the file is the same.
 * Never throws.
 */
export async function lookAtFile(
  found: FoundFile | WalkProblem,
  journal: StoreJournal | undefined
): Promise<Looked> {
  if (isProblem(found)) {
    const outcome = found.kind === 'notAFile' ? 'notDicom' : 'notSent';
    return aside(undefined, { file: found.file, outcome, message: found.message });
  }
  const { file } = found;
  try {
    const identity = await readFileIdentity(found.path);
    if (!identity) {
      return aside(found, {
        file,
        outcome: 'notDicom',
        message: 'It is no DICOM Part 10 file: no DICM at byte 128.',
      });
    }
    if (identity.sopClassUID === MEDIA_STORAGE_DIRECTORY) {
      return aside(found, {
        file,
        outcome: 'notDicom',
        message: 'It is a DICOMDIR, which lists the files of a medium and is no instance itself.',
      });
    }
    const entry = journal?.entry(found.path);
    const isSame = entry !== undefined && (await isSameVersion(found, entry));
    const toStore: FileToStore = {
      ...found,
      identity,
      mustAsk: isSame && (entry.outcome === undefined || entry.outcome.outcome === 'unknown'),
      earlier: isSame ? entry.earlier : entry,
    };
    const noted = isSame ? entry.outcome : undefined;
    if (!entry || !noted || !isFinal(noted)) return { kind: 'store', file: toStore };
    const outcome: FileOutcome = { ...noted, file, fromJournal: true };
    return { kind: 'done', file: { ...toStore, outcome, checksum: entry.crc32 }, outcome };
  } catch (error) {
    return aside(found, { file, outcome: 'notSent', message: describeFileError(error) });
  }
}
