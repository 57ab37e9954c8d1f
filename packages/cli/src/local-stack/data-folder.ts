import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { UsageError } from '../usage-error.ts';

/**
 * Makes sure that the data folder can be written, before anything is started.
 *
 * @throws {UsageError} naming the folder and what the system said
 */
export async function checkDataFolder(folder: string): Promise<void> {
  const probe = path.join(folder, `.write-test-${process.pid}`);
  try {
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
