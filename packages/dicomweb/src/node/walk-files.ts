import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file that was given, or found below a folder that was given. */
export interface FoundFile {
  /** As it was given, or the folder as it was given and the path below it. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
}

/** What cannot be stored, and why: `file` and the words. */
export interface WalkProblem {
  readonly file: string;
  readonly kind: 'notAFile' | 'notReadable';
  readonly message: string;
}

/** Error codes of the system in words. */
const WORDS: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder',
  EACCES: 'It may not be read',
  EPERM: 'It may not be read',
  ELOOP: 'It is a symbolic link in a ring',
  EIO: 'The disk cannot read it',
  EMFILE: 'Too many files are open',
};

/** What the system says of a file, in words and with its code. */
export function describeFileError(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return `${WORDS[code] ?? 'It cannot be read'}${code && ` (${code})`}.`;
}

export const isProblem = (found: FoundFile | WalkProblem): found is WalkProblem => 'kind' in found;

/**
 * Walks files and folders to their leaves, each folder in the order of its names. Symbolic links are followed; a folder that was walked
 * already is not walked again, so that rings end. A path that is met twice is given once.
 */
export async function* walkFiles(
  given: readonly string[]
): AsyncGenerator<FoundFile | WalkProblem, void> {
  const seenFolders = new Set<string>();
  const seenPaths = new Set<string>();
  for (const file of given) yield* walk(file);

  async function* walk(file: string): AsyncGenerator<FoundFile | WalkProblem, void> {
    const absolute = path.resolve(file);
    let stats: Stats;
    try {
      stats = await stat(absolute);
    } catch (error) {
      yield { file, kind: 'notReadable', message: describeFileError(error) };
      return;
    }
    if (stats.isDirectory()) {
      yield* walkFolder(file, stats);
      return;
    }
    if (seenPaths.has(absolute)) return;
    seenPaths.add(absolute);
    if (!stats.isFile()) {
      yield { file, kind: 'notAFile', message: 'It is no regular file.' };
      return;
    }
    yield { file, path: absolute, bytes: stats.size, mtimeMs: stats.mtimeMs };
  }

  async function* walkFolder(
    folder: string,
    stats: Stats
  ): AsyncGenerator<FoundFile | WalkProblem, void> {
    const id = `${stats.dev}:${stats.ino}`;
    if (seenFolders.has(id)) return;
    seenFolders.add(id);
    let names: string[];
    try {
      names = (await readdir(folder)).sort();
    } catch (error) {
      yield { file: folder, kind: 'notReadable', message: describeFileError(error) };
      return;
    }
    for (const name of names) yield* walk(path.join(folder, name));
  }
}
