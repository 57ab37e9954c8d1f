import { copyFile, open, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { hasPart10Prefix } from '../part10/part10-reader.ts';
import { filesBelow } from '../storage/durable-files.ts';
import type { Archive } from '../archive/archive.ts';
import { FAILURE, storePart } from './store-part.ts';
import type { PartOutcome } from './store-part.ts';

const RULES = { version: 2, profile: 'open-source' } as const;

/** What became of a folder's files. */
export interface ImportResult {
  stored: number;
  alreadyStored: number;
  /** Paths within the folder, and why. */
  rejected: { file: string; reason: string }[];
  /** Files without the prefix of Part 10. */
  notDicom: number;
}

/** Stores one Part 10 file by the rules of v2, in the default partition. */
export async function storeFile(
  archive: Archive,
  part10: Uint8Array
): Promise<'stored' | 'alreadyStored' | 'rejected'> {
  const partition = archive.partitions.default;
  const { store } = partition;
  const path = store.temporaryPath();
  try {
    await writeFile(path, part10);
    return resultOf(await storePart({ archive, partition }, path, RULES));
  } finally {
    await store.discard(path);
  }
}

/** Stores the Part 10 files of a folder and its subfolders by the rules of v2; they stay there. */
export async function importFolder(archive: Archive, folder: string): Promise<ImportResult> {
  const partition = archive.partitions.default;
  const { store } = partition;
  const result: ImportResult = { stored: 0, alreadyStored: 0, rejected: [], notDicom: 0 };
  for (const file of await filesBelow(folder)) {
    if (!(await isPart10(file))) {
      result.notDicom += 1;
      continue;
    }
    const path = store.temporaryPath();
    try {
      await copyFile(file, path);
      const outcome = await storePart({ archive, partition }, path, RULES);
      const kind = resultOf(outcome);
      if (kind === 'rejected') {
        result.rejected.push({ file: relative(folder, file), reason: reasonOf(outcome) });
      } else {
        result[kind] += 1;
      }
    } finally {
      await store.discard(path);
    }
  }
  return result;
}

async function isPart10(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(132), 0, 132, 0);
    return hasPart10Prefix(buffer);
  } finally {
    await file.close();
  }
}

function resultOf(outcome: PartOutcome): 'stored' | 'alreadyStored' | 'rejected' {
  if (outcome.failureReason === undefined) return 'stored';
  return outcome.failureReason === FAILURE.alreadyExists ? 'alreadyStored' : 'rejected';
}

/** The failure and the tags concerned, without the values which the comments quote. */
function reasonOf({ failureReason = 0, comments, instance }: PartOutcome): string {
  const tags = comments.map(comment => /\([0-9a-f]{4},[0-9a-f]{4}\)/.exec(comment)?.[0]);
  const hex = failureReason.toString(16).toUpperCase().padStart(4, '0');
  const what = instance ? tags.filter(Boolean).join(', ') : 'not a readable Part 10 file';
  return `FailureReason ${failureReason} (0x${hex})${what ? `: ${what}` : ''}`;
}
