import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes a folder and those that it is in, where they are missing. One level at a time: Node's recursive mkdir does not end on some file
 * systems, such as /proc.
 * @param folder - absolute.
 * @param mode - of folders that are made. Default: what the system's mask leaves.
 * @throws the error of `node:fs` when one cannot be made.
 */
export async function makeFolder(folder: string, mode?: number): Promise<void> {
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder), mode);
    await mkdir(folder, { mode });
  }
}
