import { closeSync, openSync, statSync, write, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { checkPixelData } from '../part10/part10-file.ts';
import { readPart10Header } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { addTrailingElements } from '../part10/trailing-elements.ts';
import type { ReadBytes } from '../part10/trailing-elements.ts';
import { removeIfThere } from './durable-files.ts';
import { readWholeHeader } from './header-on-disk.ts';
import { giveSlab, takeSlab } from './slabs.ts';

const writeLater = promisify(write);
/** Bytes up to which a file waits in memory; longer ones go to the disk while they come in. */
const MAX_HELD_BYTES = 1024 * 1024;
/** Bytes of all files which wait in memory. */
const MAX_HELD_BYTES_IN_ALL = 48 * 1024 * 1024;

/**
 * Files which were received and are not instances yet, by the temporary path which stands for them:
 * small ones are in memory, and reach the disk once, under their name, when they are kept.
 */
const HELD = new Map<string, { slab: Buffer; bytes: Buffer }>();
let heldBytes = 0;

/**
 * Receives a file, holding no more of it in memory than a megabyte.
 *
 * @param path - a temporary path; to be given to {@link removeReceived} in the end.
 * @throws whatever `content` throws, or a system error when the disk takes no more; a part of the
 *   file may be left then.
 */
export async function receiveFile(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  let chunks: Uint8Array[] = [];
  let bytes = 0;
  let file: number | undefined;
  try {
    for await (const chunk of content) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (!file && bytes <= MAX_HELD_BYTES && heldBytes + bytes <= MAX_HELD_BYTES_IN_ALL) continue;
      file ??= openSync(path, 'wx');
      for (const one of chunks) await writeAll(file, one);
      chunks = [];
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }
  if (file === undefined) hold(path, chunks, bytes);
}

async function writeAll(file: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await writeLater(file, bytes, at, bytes.length - at, null)).bytesWritten;
  }
}

function hold(path: string, chunks: readonly Uint8Array[], length: number): void {
  const slab = takeSlab(length);
  let offset = 0;
  for (const chunk of chunks) {
    slab.set(chunk, offset);
    offset += chunk.length;
  }
  HELD.set(path, { slab, bytes: slab.subarray(0, length) });
  heldBytes += length;
}

/** The bytes of a received file, when they are in memory: until {@link removeReceived} is called. */
export const heldFile = (path: string): Buffer | undefined => HELD.get(path)?.bytes;

/** Writes a received file to its temporary path, if it is not there yet. */
export function spillToDisk(path: string): void {
  const bytes = heldFile(path);
  if (!bytes) return;
  writeFileSync(path, bytes, { flag: 'wx' });
  HELD.delete(path);
  heldBytes -= bytes.length;
}

/**
 * Removes a received file, wherever it is, if it is still there. Its header is not to be read any
 * more, as the memory is used for other files then.
 */
export function removeReceived(path: string): void {
  const held = HELD.get(path);
  if (!held) {
    removeIfThere(path);
    return;
  }
  HELD.delete(path);
  heldBytes -= held.bytes.length;
  giveSlab(held.slab);
}

/**
 * The header of a received file.
 *
 * @throws {Part10FormatError} when it is no Part 10 file, or only a part of one.
 */
export async function readReceivedHeader(path: string): Promise<Part10Header> {
  const bytes = heldFile(path);
  if (!bytes) return readWholeHeader(path, statSync(path).size);
  const header = readPart10Header(bytes, true);
  const end = await checkPixelData(
    {
      async read(buffer, offset, length, position) {
        const part = bytes.subarray(position, position + length);
        buffer.set(part, offset);
        return { bytesRead: part.length };
      },
      stat: async () => ({ size: bytes.length }),
    },
    header
  );
  const read: ReadBytes = (offset, length) => bytes.subarray(offset, offset + length);
  addTrailingElements(header, bytes.length, read, end);
  return header;
}
