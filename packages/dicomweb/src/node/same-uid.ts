import { checksumOf } from './file-source.ts';
import type { FileOutcome } from './file-outcome.ts';
import { plainOutcome } from './file-to-store.ts';
import type { FileToStore } from './file-to-store.ts';

/** The file of a run that has a SOP Instance UID, and what became of it. */
interface Holder {
  readonly file: string;
  readonly path: string;
  readonly bytes: number;
  mtimeMs: number;
  outcome: FileOutcome['outcome'] | undefined;
}

/** Keeps files with the same SOP Instance UID apart: the later ones wait for the outcome of the first. */
export class SameUIDs {
  readonly #holders = new Map<string, Holder>();
  readonly #later: FileToStore[] = [];

  /** @returns true for the first file with its UID (and for those without); others are kept until {@link later} is asked for. */
  admit(file: FileToStore): boolean {
    const { sopInstanceUID } = file.identity;
    if (sopInstanceUID === undefined) return true;
    if (this.#holders.has(sopInstanceUID)) {
      this.#later.push(file);
      return false;
    }
    const { path, bytes, mtimeMs } = file;
    this.#holders.set(sopInstanceUID, {
      file: file.file,
      path,
      bytes,
      mtimeMs,
      outcome: undefined,
    });
    return true;
  }

  /** A file that was kept does not wait. */
  forget(file: FileToStore): void {
    const index = this.#later.indexOf(file);
    if (index >= 0) this.#later.splice(index, 1);
  }

  /** Notes what became of a file. */
  finished(file: FileToStore, outcome: FileOutcome): void {
    const holder = this.#holders.get(file.identity.sopInstanceUID ?? '');
    if (holder?.path !== file.path) return;
    holder.outcome = outcome.outcome;
    holder.mtimeMs = file.mtimeMs;
  }

  /** The files that waited. */
  later(): FileToStore[] {
    return this.#later.splice(0);
  }

  /**
   * What becomes of a later file with the UID of one that has its outcome.
   * @returns undefined: the other one is not on the server, so this one may be sent.
   */
  async judge(file: FileToStore): Promise<FileOutcome | undefined> {
    const uid = file.identity.sopInstanceUID ?? '';
    const holder = this.#holders.get(uid);
    switch (holder?.outcome) {
      case 'stored':
      case 'storedWithWarnings':
      case 'alreadyStored': {
        if (await isSameContent(file, holder)) {
          return plainOutcome(file, 'alreadyStored', {
            message: `It is the same as ${holder.file}, which the server has.`,
          });
        }
        return plainOutcome(file, 'rejected', {
          message: `${holder.file} has the same SOP Instance UID and other content, and is the one that the server has.`,
          remedy: 'Decide which of the two is right. If both are, one needs a UID of its own.',
          retry: 'permanent',
        });
      }
      case 'unknown':
        return plainOutcome(file, 'notSent', {
          message: `${holder.file} has the same SOP Instance UID, and it is not known whether the server has it.`,
          remedy: 'Run it again with the same journal.',
          retry: 'transient',
        });
      default:
        // This one takes the place of the other.
        this.#holders.delete(uid);
        this.admit(file);
        return undefined;
    }
  }
}

async function isSameContent(file: FileToStore, holder: Holder): Promise<boolean> {
  if (file.bytes !== holder.bytes) return false;
  try {
    return (await checksumOf(file)) === (await checksumOf(holder));
  } catch {
    return false;
  }
}
