import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { besideOf, writeWhole } from '../files/write-whole.ts';
import type { InstallPlan, PlannedFile } from './plan.ts';
import { sha256, type InstalledFile, type InstallRecord } from './record.ts';

/** The folders that are not there yet and have to be made for these files, each before those in it. */
async function missingFolders(root: string, files: readonly string[]): Promise<string[]> {
  const missing = new Set<string>();
  for (const file of files) {
    const parts = path.posix.dirname(file).split('/');
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      const isThere = await stat(path.join(root, folder)).then(
        () => true,
        () => false
      );
      if (!isThere) missing.add(folder);
    }
  }
  return [...missing];
}

/** The mode of what was there, so that a web server may read the new file as it read the old one. */
async function modeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mode }) => mode & 0o777,
    () => undefined
  );
}

async function writeBeside(root: string, file: PlannedFile): Promise<void> {
  const place = path.join(root, file.path);
  const handle = await open(besideOf(place), 'w', (await modeOf(place)) ?? 0o644);
  try {
    await handle.writeFile(file.content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function installedFile({ path: relative, content, before }: PlannedFile): InstalledFile {
  return {
    path: relative,
    sha256: sha256(content),
    ...(before === undefined ? {} : { before: before.toString('base64') }),
  };
}

/**
 * Carries a plan out. First comes the record, by which `uninstall` puts everything back whatever happens next; then every new file is
 * written beside its place; only when all are there are they put in place by renaming, and the file that turns the plug-in on comes last:
 * whoever opens the viewer meanwhile gets the old one or the new one, whole.
 * @throws the error of `node:fs` (a full disk, say); everything is as it was then.
 */
export async function install({ target, files, obsolete, previous }: InstallPlan): Promise<void> {
  const { folder } = target;
  const record = path.join(folder, target.record);
  const made = await missingFolders(folder, [target.record, ...files.map(file => file.path)]);
  const entries = new Map((previous?.files ?? []).map(file => [file.path, file]));
  for (const relative of obsolete) entries.delete(relative);
  for (const file of files) entries.set(file.path, installedFile(file));
  const folders = [...new Set([...(previous?.folders ?? []), ...made])];
  try {
    // The record's own folders come first: from then on everything can be put back.
    const first = made.filter(one => target.record.startsWith(`${one}/`));
    for (const one of first) await mkdir(path.join(folder, one));
    await writeRecord(record, { format: 1, files: [...entries.values()], folders });
    for (const one of made) if (!first.includes(one)) await mkdir(path.join(folder, one));
    for (const file of files) await writeBeside(folder, file);
  } catch (error) {
    for (const file of files) await rm(besideOf(path.join(folder, file.path)), { force: true });
    if (previous) await writeRecord(record, previous).catch(() => undefined);
    else await rm(record, { force: true });
    for (const one of made.reverse()) await rmdir(path.join(folder, one)).catch(() => undefined);
    throw error;
  }
  for (const file of files) {
    const place = path.join(folder, file.path);
    await rename(besideOf(place), place);
  }
  for (const relative of obsolete) await rm(path.join(folder, relative), { force: true });
}

function writeRecord(file: string, record: InstallRecord): Promise<void> {
  return writeWhole(file, `${JSON.stringify(record, null, 2)}\n`);
}
