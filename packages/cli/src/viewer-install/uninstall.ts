import { rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { besideOf, writeWhole } from '../files/write-whole.ts';
import { bytesOf, sha256, type InstalledFile, type InstallRecord } from './record.ts';
import type { Target } from './target.ts';

/** How a file is now, against how it was put there. */
export type FileState = 'installed' | 'changed' | 'gone' | 'restored';

/** Looks at every file of a record. */
export async function statesOf(
  { folder }: Target,
  { files }: InstallRecord
): Promise<{ file: InstalledFile; state: FileState }[]> {
  return Promise.all(
    files.map(async file => {
      const now = await bytesOf(path.join(folder, file.path));
      const before = file.before === undefined ? undefined : Buffer.from(file.before, 'base64');
      const isBefore = now === undefined ? before === undefined : before?.equals(now) === true;
      const state: FileState = isBefore
        ? 'restored'
        : now === undefined
          ? 'gone'
          : sha256(now) === file.sha256
            ? 'installed'
            : 'changed';
      return { file, state };
    })
  );
}

/**
 * Puts everything back as it was before the first installation, byte for byte: the file that turns the plug-in on comes first, so that the
 * viewer never asks for a file that is gone. Folders that were made are taken away when they are empty.
 */
export async function uninstall(target: Target, record: InstallRecord): Promise<void> {
  const { folder } = target;
  for (const file of [...record.files].reverse()) {
    const place = path.join(folder, file.path);
    if (file.before === undefined) await rm(place, { force: true });
    else await writeWhole(place, Buffer.from(file.before, 'base64'));
    await rm(besideOf(place), { force: true });
  }
  await rm(path.join(folder, target.record), { force: true });
  for (const made of [...record.folders].reverse()) {
    // Somebody else may have put something there.
    await rmdir(path.join(folder, made)).catch(() => undefined);
  }
}

/**
 * Takes away what an installation left that was ended before it had even a record: empty folders of ours, and the beginning of a record.
 * @returns whether there was something.
 */
export async function sweep({ folder, record }: Target): Promise<boolean> {
  const beside = besideOf(path.join(folder, record));
  const isThere = (file: string) =>
    stat(file).then(
      () => true,
      () => false
    );
  let found = await isThere(beside);
  await rm(beside, { force: true });
  if (!record.startsWith('plugins/ohif-azure/')) return found;
  for (const own of ['plugins/ohif-azure', 'plugins']) {
    const isEmptied = await rmdir(path.join(folder, own)).then(
      () => true,
      () => false
    );
    found ||= isEmptied;
    if (!isEmptied) break;
  }
  return found;
}
