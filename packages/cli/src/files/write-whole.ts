import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** A folder's own entry on the disk, where the system lets it be synced; so that a rename outlives a power cut. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Where the new content of a file is written first: always the same name, so that what a killed process left is found. */
export const besideOf = (file: string): string => `${file}.ohif-azure-new`;

/**
 * Writes a file beside its place, and puts it there when it is whole: whoever reads it sees the old one or the new one.
 * @throws the error of `node:fs`; the file is as it was then.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const beside = besideOf(file);
  try {
    const handle = await open(beside, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await syncFolder(folder);
}
