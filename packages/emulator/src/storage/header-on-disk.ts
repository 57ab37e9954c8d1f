import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { checkPixelData, withFile } from '../part10/part10-file.ts';
import { MoreBytesNeeded, Part10FormatError, readPart10Header } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';

const FIRST_READ_BYTES = 64 * 1024;

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
    for (let wanted = FIRST_READ_BYTES; ; wanted *= 4) {
      const bytes = Buffer.allocUnsafe(Math.min(wanted, size));
      const read = readSync(file, bytes, 0, bytes.length, 0);
      try {
        return readPart10Header(bytes.subarray(0, read), wanted >= size);
      } catch (error) {
        if (!(error instanceof MoreBytesNeeded)) throw error;
      }
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Reads the header of a Part 10 file and makes sure that its pixel data is there to the last byte.
 *
 * @throws {Part10FormatError} when it is no Part 10 file, or only a part of one.
 */
export async function readWholeHeader(path: string, size: number): Promise<Part10Header> {
  const header = readStoredHeader(path);
  const { length, offset = 0 } = header.pixelData ?? { length: 0 };
  if (length === undefined || header.inflated) {
    // Encapsulated pixel data is walked over, item by item.
    await withFile(path, file => checkPixelData(file, header));
  } else if (offset + length > size) {
    throw new Part10FormatError('The file ends within the pixel data.');
  }
  return header;
}
