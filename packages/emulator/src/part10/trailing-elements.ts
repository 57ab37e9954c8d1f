import { readElements } from './part10-reader.ts';
import type { Part10Header, PixelDataPlace } from './part10-reader.ts';

/** Of what stands behind the pixel data no more than this is read; elements beyond it are left out. */
const MAX_TRAILING_BYTES = 1024 * 1024;
const LAST_PIXEL_DATA_TAG = '7FE00010';
const ITEM_TAG = 0xe000_fffe;
const SEQUENCE_END_TAG = 0xe0dd_fffe;

/** Gives bytes of a file, fewer where it ends before. */
export type ReadBytes = (offset: number, length: number) => Uint8Array;

/**
 * Adds the elements behind the pixel data to the data set: signatures and the like, and padding. The
 * pixel data is passed over by its length, or item by item. Of bytes which are no elements nothing
 * is taken.
 *
 * @param size - of the file, in bytes.
 * @param pixelDataEnd - where encapsulated pixel data ends, if that is known.
 * @see PS3.5 sections 7.1 and A.4; PS3.10 7.2 for Data Set Trailing Padding
 */
export function addTrailingElements(
  header: Part10Header,
  size: number,
  read: ReadBytes,
  pixelDataEnd?: number
): void {
  const { pixelData, inflated, transferSyntaxUID } = header;
  if (!pixelData) return;
  const total = inflated?.length ?? size;
  const from: ReadBytes = inflated
    ? (offset, length) => inflated.subarray(offset, offset + length)
    : read;
  const end = pixelDataEnd ?? endOf(pixelData, from);
  if (end === undefined || end >= total) return;
  const bytes = from(end, Math.min(total - end, MAX_TRAILING_BYTES));
  const trailing = readElements(bytes, transferSyntaxUID);
  header.dataSet.push(...trailing.filter(element => element.tag > LAST_PIXEL_DATA_TAG));
}

function endOf({ offset, length }: PixelDataPlace, read: ReadBytes): number | undefined {
  if (length !== undefined) return offset + length;
  for (let at = offset; ;) {
    const bytes = read(at, 8);
    if (bytes.length < 8) return undefined;
    const head = new DataView(bytes.buffer, bytes.byteOffset, 8);
    const tag = head.getUint32(0, true);
    if (tag === SEQUENCE_END_TAG) return at + 8;
    if (tag !== ITEM_TAG) return undefined;
    at += 8 + head.getUint32(4, true);
  }
}
