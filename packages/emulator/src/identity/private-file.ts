import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file that only its owner may read, so that a reader finds the old content or the new, never a part.
 * @param path - the file; its folder is made where it is missing.
 * @throws the error of `node:fs` (such as `ENOSPC`); the old content stays.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Another name each time: two processes on one folder must not write into one temporary file.
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Reads a JSON file of our own.
 * @returns undefined when there is none, or when it is not JSON (cut short, or edited by hand).
 * @throws the error of `node:fs` when it is there and cannot be read (such as `EACCES`).
 */
export async function readJsonFile(path: string): Promise<unknown> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}
