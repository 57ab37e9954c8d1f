import { findElement } from '../part10/data-set.ts';
import type { DataElement } from '../part10/data-set.ts';
import { binaryValues } from '../part10/element-values.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { sampleReader } from './grayscale.ts';
import { CodecError } from './wasm-codecs.ts';

const DESCRIPTORS = ['00281101', '00281102', '00281103'];
const TABLES = ['00281201', '00281202', '00281203'];

/**
 * Renders one frame of PALETTE COLOR.
 *
 * @returns three bytes a pixel.
 * @throws {CodecError} when a colour table is missing or is a segmented one.
 * @see PS3.3 C.7.6.3.1.5, C.7.6.3.1.6
 */
export function renderPalette(
  samples: Buffer,
  pixels: ImagePixels,
  header: Part10Header
): Uint8Array {
  const tables = TABLES.map((tag, index) => tableOf(header, DESCRIPTORS[index] ?? '', tag));
  const count = pixels.rows * pixels.columns;
  const read = sampleReader(samples, pixels);
  const rendered = new Uint8Array(count * 3);
  for (let index = 0; index < count; index += 1) {
    const value = read(index);
    for (const [channel, { first, entries }] of tables.entries()) {
      const entry = Math.min(Math.max(value - first, 0), entries.length - 1);
      rendered[index * 3 + channel] = entries[entry] ?? 0;
    }
  }
  return rendered;
}

/** A colour table: the value of its first entry, and its entries, of 8 bits. */
function tableOf(
  header: Part10Header,
  descriptorTag: string,
  tag: string
): { first: number; entries: Uint8Array } {
  const descriptor = findElement(header.dataSet, descriptorTag);
  const table = findElement(header.dataSet, tag);
  if (!descriptor || !table) throw new CodecError('A colour table is missing.');
  const [size = 0, first = 0, bits = 16] = numbersOf(descriptor, header.littleEndian);
  const length = size === 0 ? 65_536 : size;
  const bytes = Buffer.from(table.value);
  // Tables of 8 bits stand two entries to a word, or, against the letter, one to a word.
  if (bits === 8 && bytes.length < length * 2) {
    if (!header.littleEndian) bytes.swap16();
    return { first, entries: Uint8Array.from(bytes.subarray(0, length)) };
  }
  if (bytes.length < length * 2) throw new CodecError('A colour table is too short.');
  const entries = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) {
    const entry = header.littleEndian
      ? bytes.readUInt16LE(index * 2)
      : bytes.readUInt16BE(index * 2);
    entries[index] = bits === 8 ? entry & 0xff : entry >> 8;
  }
  return { first, entries };
}

/** The descriptor's second value is signed when the samples are, and then its VR is SS. */
const numbersOf = (element: DataElement, littleEndian: boolean) =>
  binaryValues(element, littleEndian).map(Number);
