import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';

/**
 * Makes sure that the data folder can be written, before anything is started.
 *
 * @throws {UsageError} naming the folder and what the system said
 */
export async function checkDataFolder(folder: string): Promise<void> {
  const probe = path.join(folder, `.write-test-${process.pid}`);
  try {
    // One level at a time: Node's recursive mkdir does not end on some file systems, such as /proc.
    await makeFolder(path.resolve(folder));
    await writeFile(probe, '');
    await rm(probe);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `--data ${folder} cannot be written (${code ?? message}). Choose a folder that this user may write.`,
      { cause }
    );
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error;
    await makeFolder(path.dirname(folder));
    await mkdir(folder);
  }
}
