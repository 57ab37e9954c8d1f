import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { MoreBytesNeeded, Part10FormatError, readPart10Header } from './part10-reader.ts';
import type { Part10Header, PixelDataPlace } from './part10-reader.ts';

const FIRST_READ_BYTES = 64 * 1024;
const ITEM_TAG = 0xe000_fffe;
/** Tag and length of an item or a delimiter. */
const ITEM_HEAD_BYTES = 8;
const SEQUENCE_END_TAG = 0xe0dd_fffe;

/** Bytes at a place of a file. */
export interface Extent {
  offset: number;
  length: number;
}

/** The items of encapsulated pixel data. @see PS3.5 annex A.4 */
export interface Encapsulation {
  /** The Basic Offset Table's entries; empty when the table is. */
  basicOffsetTable: number[];
  /** The fragments, without the Basic Offset Table. */
  fragments: Extent[];
}

/** Where bytes come from: a `FileHandle`, or what reads like one. */
export interface ByteSource {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number
  ): Promise<{ bytesRead: number }>;
  stat(): Promise<{ size: number }>;
}

/** Opens a Part 10 file, hands it to `use`, and closes it. */
export async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

/**
 * Reads the header of a Part 10 file: from 64 KiB on, as much as it takes to reach the pixel data.
 *
 * @throws {Part10FormatError} when it is no Part 10 file.
 */
export async function readHeader(file: ByteSource): Promise<Part10Header> {
  const { size } = await file.stat();
  for (let length = FIRST_READ_BYTES; ; length *= 4) {
    const bytes = await readExtent(file, { offset: 0, length: Math.min(length, size) });
    try {
      return readPart10Header(bytes, bytes.length === size);
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error;
    }
  }
}

/** Reads bytes of a file. @throws {Part10FormatError} when the file ends before. */
export async function readExtent(file: ByteSource, extent: Extent): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(extent.length);
  let read = 0;
  while (read < extent.length) {
    const { bytesRead } = await file.read(buffer, read, extent.length - read, extent.offset + read);
    if (bytesRead === 0) throw new Part10FormatError('The file ends within an element.');
    read += bytesRead;
  }
  return buffer;
}

/**
 * Walks over the items of encapsulated pixel data.
 *
 * @throws {Part10FormatError} when an item or the delimiter is missing.
 */
export async function readEncapsulation(
  file: ByteSource,
  place: PixelDataPlace
): Promise<Encapsulation> {
  const items: Extent[] = [];
  for (let offset = place.offset; ;) {
    const head = await readExtent(file, { offset, length: 8 });
    const tag = head.readUInt32LE(0);
    const length = head.readUInt32LE(4);
    if (tag === SEQUENCE_END_TAG) break;
    if (tag !== ITEM_TAG) throw new Part10FormatError('The pixel data has no item where it must.');
    items.push({ offset: offset + 8, length });
    offset += 8 + length;
  }
  const [table, ...fragments] = items;
  if (!table) throw new Part10FormatError('The pixel data has no Basic Offset Table item.');
  const bytes = await readExtent(file, table);
  const basicOffsetTable = Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    bytes.readUInt32LE(index * 4)
  );
  return { basicOffsetTable, fragments };
}

/**
 * Checks that the pixel data is there to its last byte.
 *
 * @returns where encapsulated pixel data ends, if it has frames: behind its delimiter.
 * @throws {Part10FormatError} when the file ends before.
 */
export async function checkPixelData(
  file: ByteSource,
  header: Part10Header
): Promise<number | undefined> {
  const place = header.pixelData;
  if (!place) return undefined;
  if (place.length === undefined) {
    if (header.inflated) throw new Part10FormatError('Deflated pixel data has no length.');
    const last = (await readEncapsulation(file, place)).fragments.at(-1);
    return last && last.offset + last.length + ITEM_HEAD_BYTES;
  }
  const size = header.inflated?.length ?? (await file.stat()).size;
  if (place.offset + place.length > size) {
    throw new Part10FormatError('The file ends within the pixel data.');
  }
  return undefined;
}
