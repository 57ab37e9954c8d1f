import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { checkPixelData } from '../part10/part10-file.ts';
import { MoreBytesNeeded, Part10FormatError, readPart10Header } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { addTrailingElements } from '../part10/trailing-elements.ts';
import type { ReadBytes } from '../part10/trailing-elements.ts';
import { byteSourceOf } from './byte-source.ts';

/** Most headers are shorter, and to read more of 100,000 files takes a second. */
const FIRST_READ_BYTES = 16 * 1024;
const SCRATCH_BYTES = 16 * FIRST_READ_BYTES;

/** Memory for {@link readWholeHeader} which is read into again and again. */
export const newScratch = (): Buffer => Buffer.allocUnsafe(SCRATCH_BYTES);

/**
 * Reads the header of a Part 10 file synchronously: it lies in the kernel's memory when the file
 * has just been written, and few files are read in any other case.
 *
 * @throws {Part10FormatError} when it is none any more; a system error when it is gone.
 */
export function readStoredHeader(path: string): Part10Header {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const header = readFrom(file, size);
    addTrailingElements(header, size, bytesOf(file));
    return header;
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the header of a Part 10 file and makes sure that its pixel data is there to the last byte.
 *
 * @param size - of the file, in bytes.
 * @param scratch - where the header's values may lie; it holds until the next call with the same.
 * @throws {Part10FormatError} when it is no Part 10 file, or only a part of one.
 */
export async function readWholeHeader(
  path: string,
  size: number,
  scratch?: Buffer
): Promise<Part10Header> {
  const file = openSync(path, 'r');
  try {
    const header = readFrom(file, size, scratch);
    let end: number | undefined;
    const { length, offset = 0 } = header.pixelData ?? { length: 0 };
    if (length === undefined || header.inflated) {
      // Encapsulated pixel data is walked over, item by item.
      end = await checkPixelData(byteSourceOf(file), header);
    } else if (offset + length > size) {
      throw new Part10FormatError('The file ends within the pixel data.');
    }
    addTrailingElements(header, size, bytesOf(file), end);
    return header;
  } finally {
    closeSync(file);
  }
}

const bytesOf =
  (file: number): ReadBytes =>
  (offset, length) => {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  };

function readFrom(file: number, size: number, scratch?: Buffer): Part10Header {
  for (let wanted = FIRST_READ_BYTES; ; wanted *= 4) {
    const length = Math.min(wanted, size);
    const bytes =
      scratch && length <= scratch.length
        ? scratch.subarray(0, length)
        : Buffer.allocUnsafe(length);
    const read = readSync(file, bytes, 0, length, 0);
    if (read < length) throw new Part10FormatError('The file became shorter.');
    try {
      return readPart10Header(bytes, length === size);
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
    }
  }
}
