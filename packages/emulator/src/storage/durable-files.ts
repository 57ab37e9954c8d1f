import { existsSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';

/*
 * A change of names takes microseconds in the kernel's memory, less than it takes to hand it to
 * another thread. What waits for the disk is the flush.
 */

/**
 * Moves a file to its final place below `root`: makes the folders and renames.
 *
 * @param touched - gets the folders to flush before the move is durable.
 */
export function moveInto(from: string, to: string, root: string, touched: Set<string>): void {
  const folder = dirname(resolve(to));
  try {
    renameSync(from, to);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    makeFolders(folder, resolve(root), touched);
    renameSync(from, to);
  }
  touched.add(folder);
}

/**
 * Removes a file if it is there, and its folders below `root` which are empty then.
 *
 * @param touched - gets the folders to flush before the removal is durable.
 */
export function removeFrom(path: string, root: string, touched: Set<string>): void {
  removeIfThere(path);
  const top = resolve(root);
  let folder = dirname(resolve(path));
  touched.add(folder);
  while (folder !== top && folder.startsWith(top + sep) && removeIfEmpty(folder)) {
    folder = dirname(folder);
    touched.add(folder);
  }
}

/** Removes a file if it is there. */
export function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
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

/**
 * Makes the folders for a file below `root`.
 *
 * @param touched - gets the folders to flush before a file in them is durable.
 */
export function makeFoldersFor(path: string, root: string, touched: Set<string>): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) makeFolders(folder, resolve(root), touched);
  touched.add(folder);
}

function makeFolders(folder: string, top: string, touched: Set<string>): void {
  let at = top;
  for (const name of relative(top, folder).split(sep)) {
    const parent = at;
    at = resolve(at, name);
    if (makeFolder(at)) touched.add(parent);
  }
}

function makeFolder(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

function removeIfEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    if (code === 'ENOENT') return true;
    throw error;
  }
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
