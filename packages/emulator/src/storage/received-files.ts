import { closeSync, openSync, statSync, write, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { checkPixelData } from '../part10/part10-file.ts';
import { readPart10Header } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { removeIfThere } from './durable-files.ts';
import { readWholeHeader } from './header-on-disk.ts';

const writeLater = promisify(write);
/** Bytes up to which a file waits in memory; longer ones go to the disk while they come in. */
const MAX_HELD_BYTES = 1024 * 1024;
/** Bytes of all files which wait in memory. */
const MAX_HELD_BYTES_IN_ALL = 48 * 1024 * 1024;

/**
 * Files which were received and are not instances yet, by the temporary path which stands for them:
 * small ones are in memory, and reach the disk once, under their name, when they are kept.
 */
const HELD = new Map<string, Buffer>();
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
  if (file === undefined) hold(path, Buffer.concat(chunks, bytes));
}

async function writeAll(file: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await writeLater(file, bytes, at, bytes.length - at, null)).bytesWritten;
  }
}

function hold(path: string, bytes: Buffer): void {
  HELD.set(path, bytes);
  heldBytes += bytes.length;
}

/** The bytes of a received file, when they are in memory. */
export const heldFile = (path: string): Buffer | undefined => HELD.get(path);

/** Writes a received file to its temporary path, if it is not there yet. */
export function spillToDisk(path: string): void {
  const bytes = HELD.get(path);
  if (!bytes) return;
  writeFileSync(path, bytes, { flag: 'wx' });
  release(path, bytes);
}

/** Removes a received file, wherever it is, if it is still there. */
export function removeReceived(path: string): void {
  const bytes = HELD.get(path);
  if (bytes) release(path, bytes);
  else removeIfThere(path);
}

function release(path: string, bytes: Buffer): void {
  HELD.delete(path);
  heldBytes -= bytes.length;
}

/**
 * The header of a received file.
 *
 * @throws {Part10FormatError} when it is no Part 10 file, or only a part of one.
 */
export async function readReceivedHeader(path: string): Promise<Part10Header> {
  const bytes = HELD.get(path);
  if (!bytes) return readWholeHeader(path, statSync(path).size);
  const header = readPart10Header(bytes, true);
  await checkPixelData(
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
  return header;
}
