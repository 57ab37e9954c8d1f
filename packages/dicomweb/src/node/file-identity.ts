import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { constants, inflateRawSync } from 'node:zlib';
import { isPart10, readIdentity } from '../part10.ts';
import type { InstanceIdentity } from '../part10.ts';

/** How much of a file is looked at for its UIDs, in bytes: more only where the first did not have them. */
const HEADS = [64 * 1024, 1024 * 1024, 16 * 1024 * 1024];
/** Where a Part 10 file has its prefix, and the end of that. @see PS3.10 7.1 */
const PREFIX_END = 132;

/** Inflates the beginning of a data set; nothing where it is no deflated one. */
function inflate(deflated: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(deflated, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: 64 * 1024 * 1024,
    });
  } catch {
    return new Uint8Array(0);
  }
}

/** Tells whether an identity has the three UIDs that a path to an instance needs. */
export function isNamed(
  identity: InstanceIdentity
): identity is InstanceIdentity &
  Record<'sopInstanceUID' | 'studyInstanceUID' | 'seriesInstanceUID', string> {
  return Boolean(
    identity.sopInstanceUID && identity.studyInstanceUID && identity.seriesInstanceUID
  );
}

async function readHead(handle: FileHandle, length: number): Promise<Uint8Array> {
  const head = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(head, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return head.subarray(0, filled);
}

/**
 * Reads what names the instance in a file, from the beginning of the file.
 * @returns undefined when it is no Part 10 file: no `DICM` at byte 128, whatever its name.
 * @throws what the file system throws.
 * @see PS3.10 7.1
 */
export async function readFileIdentity(path: string): Promise<InstanceIdentity | undefined> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    let identity: InstanceIdentity = {};
    for (const length of HEADS) {
      const head = await readHead(handle, Math.min(length, size));
      if (head.length < PREFIX_END || !isPart10(head)) return undefined;
      identity = readIdentity(head, inflate);
      if (isNamed(identity) || size <= length) break;
    }
    return identity;
  } finally {
    await handle.close();
  }
}
