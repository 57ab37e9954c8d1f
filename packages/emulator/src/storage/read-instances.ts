import { renameSync, rmSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Part10FormatError } from '../part10/part10-reader.ts';
import { newScratch, readWholeHeader } from './header-on-disk.ts';
import type { InstanceIndex } from './instance-index.ts';
import type { FileState, InstanceJournal } from './instance-journal.ts';
import { scanFolder, stateOf } from './scan-folder.ts';
import { describeInstance } from './stored-instance.ts';
import type { StoredInstance } from './stored-instance.ts';

/** Files which are read before others have their turn. */
const FILES_PER_TURN = 64;
/** `<SOP Instance UID>_<watermark>_v<API version>.dcm`, with `.original` for the first version of a changed one. */
const FILE_NAME = /^([\d.]+)_(\d+)_v([12])\.dcm(\.original)?$/;

/** The ending of a file which keeps what an instance was before it was first changed. */
export const ORIGINAL_SUFFIX = '.original';

/**
 * Reads a data folder into an index: what the journal knows from there, the rest from the files,
 * which it then knows too.
 *
 * @returns the journal to go on with, and the highest watermark.
 */
export async function readInstances(
  root: string,
  journal: InstanceJournal,
  index: InstanceIndex
): Promise<{ journal: InstanceJournal; lastWatermark: number }> {
  const unknown: FileState[] = [];
  const originals: StoredInstance[] = [];
  let lastWatermark = 0;
  const take = (instance: StoredInstance) => {
    lastWatermark = Math.max(lastWatermark, instance.watermark);
    if (instance.path.endsWith(ORIGINAL_SUFFIX)) originals.push(instance);
    else adopt(index, instance);
  };
  for await (const files of scanFolder(root)) {
    for (const file of files) {
      const known = journal.find(file);
      if (known) take(known);
      else unknown.push(file);
    }
  }
  const scratch = newScratch();
  for (const [at, file] of unknown.entries()) {
    const instance = await readStoredFile(root, file, scratch);
    if (instance) take(journal.add(instance, file));
    if (at % FILES_PER_TURN === 0) await nextTurn();
  }
  for (const original of originals) attach(index, original);
  journal.endReading();
  index.putInOrder();
  if (!journal.isMostlyDead(index.count)) return { journal, lastWatermark };
  return { journal: renewed(root, journal, index), lastWatermark };
}

/**
 * Of two files which the store named the newer one counts: the other one is what an interrupted
 * replacement left, and goes. Of foreign files with the same UIDs the older one counts, as it
 * would have been stored first, and both stay where they are.
 */
function adopt(index: InstanceIndex, instance: StoredInstance): void {
  const present = index.get(instance);
  if (!present) {
    index.add(instance);
    return;
  }
  const newer = instance.watermark > present.watermark;
  const named = isNamedByStore(instance) && isNamedByStore(present);
  if (newer === named) index.add(instance);
  if (named) rmSync((newer ? present : instance).path);
}

const isNamedByStore = ({ path, sopInstanceUID }: StoredInstance) =>
  FILE_NAME.exec(basename(path))?.[1] === sopInstanceUID;

/** Without a present version the change was interrupted before it took place: it is undone. */
function attach(index: InstanceIndex, original: StoredInstance): void {
  const present = index.get(original);
  if (present) {
    present.original = original;
    return;
  }
  const path = original.path.slice(0, -ORIGINAL_SUFFIX.length);
  renameSync(original.path, path);
  index.add(movedTo(original, path));
}

/** The same instance in another file. */
export function movedTo(instance: StoredInstance, path: string): StoredInstance {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID } = instance;
  const { transferSyntaxUID, version, watermark, size, indexed, metadata } = instance;
  return {
    ...{ studyInstanceUID, seriesInstanceUID, sopInstanceUID, sopClassUID, transferSyntaxUID },
    ...{ version, watermark, path, size, indexed, metadata },
  };
}

function renewed(root: string, journal: InstanceJournal, index: InstanceIndex): InstanceJournal {
  const fresh = journal.renew();
  const copy = (instance: StoredInstance) => {
    const state = { path: relative(root, instance.path), ...stateOf(instance.path) };
    return fresh.add(instance, state);
  };
  for (const instance of [...index.all()]) {
    const copied = copy(instance);
    if (instance.original) copied.original = copy(instance.original);
    index.add(copied);
  }
  fresh.publish();
  journal.close();
  return fresh;
}

/** `undefined` for files which are no instance: the folder may hold others. */
async function readStoredFile(
  root: string,
  state: FileState,
  scratch: Buffer
): Promise<StoredInstance | undefined> {
  const path = join(root, state.path);
  try {
    const header = await readWholeHeader(path, state.size, scratch);
    const [, , watermark, version] = FILE_NAME.exec(basename(path)) ?? [];
    const instance = describeInstance(header, version === '1' ? 1 : 2, {
      path,
      size: state.size,
      watermark: watermark === undefined ? Math.floor(state.mtimeMs) : Number(watermark),
    });
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
    return studyInstanceUID && seriesInstanceUID && sopInstanceUID ? instance : undefined;
  } catch (error) {
    if (error instanceof Part10FormatError) return undefined;
    throw error;
  }
}
