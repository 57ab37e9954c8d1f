import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { Target } from './target.ts';

/** One file that was put into a viewer. */
export interface InstalledFile {
  /** Relative to the viewer's folder, with `/`. */
  readonly path: string;
  /** Of what was put there, hexadecimal. */
  readonly sha256: string;
  /** What was there before, base64; absent: nothing was. */
  readonly before?: string;
}

/** What `uninstall` needs; kept in the viewer's folder. */
export interface InstallRecord {
  readonly format: 1;
  readonly files: readonly InstalledFile[];
  /** Folders that were made, from the outermost. */
  readonly folders: readonly string[];
}

/** SHA-256, hexadecimal. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A file's bytes, or undefined when there is none. */
export async function bytesOf(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A path of the record must stay in the viewer's folder, whoever wrote the record. */
function isInside(relative: unknown): relative is string {
  return (
    typeof relative === 'string' &&
    relative !== '' &&
    !path.isAbsolute(relative) &&
    !relative.split(/[\\/]/).includes('..')
  );
}

/**
 * Reads what was installed.
 * @returns undefined when nothing was.
 * @throws {UsageError} when the record is not one of ours.
 */
export async function readRecord({ folder, record }: Target): Promise<InstallRecord | undefined> {
  const content = await bytesOf(path.join(folder, record));
  if (content === undefined) return undefined;
  try {
    const { format, files, folders } = JSON.parse(content.toString('utf8')) as InstallRecord;
    const isRight =
      format === 1 &&
      files.every(file => isInside(file.path) && /^[0-9a-f]{64}$/.test(file.sha256)) &&
      folders.every(isInside);
    if (isRight) return { format, files, folders };
  } catch {
    // Said below.
  }
  throw new UsageError(
    `${path.join(folder, record)} is not a record of ohif-azure install that this version can read.`
  );
}
