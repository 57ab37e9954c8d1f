import { mkdir, open, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';

/** Makes what a file or folder holds survive a power failure. */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Moves a flushed file to its final place below `root` so that, whatever happens, it is there
 * either whole or not at all: makes the folders, renames, and flushes every folder that changed.
 */
export async function moveDurably(from: string, to: string, root: string): Promise<void> {
  let folder = resolve(root);
  for (const name of relative(folder, dirname(resolve(to))).split(sep)) {
    const parent = folder;
    folder = resolve(folder, name);
    if (await makeFolder(folder)) await flush(parent);
  }
  await rename(from, to);
  await flush(folder);
}

/** Removes a file, and its folders below `root` which are empty then. */
export async function removeDurably(path: string, root: string): Promise<void> {
  await unlink(path);
  const top = resolve(root);
  let folder = dirname(resolve(path));
  await flush(folder);
  while (folder !== top && folder.startsWith(top + sep) && (await removeIfEmpty(folder))) {
    folder = dirname(folder);
    await flush(folder);
  }
}

/** All files below a folder, in a stable order; folders and files whose names begin with `.` are left out. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = resolve(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function removeIfEmpty(path: string): Promise<boolean> {
  try {
    await rmdir(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}
