import { findElement } from '../part10/data-set.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { numbersOf } from './frame-attributes.ts';
import { storedValues } from './sample-reader.ts';
import { CodecError } from './wasm-codecs.ts';

const RED_DESCRIPTOR = '00281101';
const TABLES = ['00281201', '00281202', '00281203'];

/**
 * Renders one frame of PALETTE COLOR, like the service's renderer: the red table's descriptor is
 * that of all three, values below the first entry take it, and values behind the last one fail.
 *
 * @returns three bytes a pixel.
 * @throws {CodecError} when a table is missing, is a segmented one, or has no entry for a pixel.
 * @see PS3.3 C.7.6.3.1.5, C.7.6.3.1.6; fo-dicom DicomPixelData.PaletteColorLUT, PaletteColorLUT
 */
export function renderPalette(
  samples: Buffer,
  pixels: ImagePixels,
  header: Part10Header
): Uint8Array {
  const descriptor = numbersOf(findElement(header.dataSet, RED_DESCRIPTOR), header.littleEndian);
  const [size, first, bits] = descriptor;
  if (size === undefined || first === undefined || bits === undefined) {
    throw new CodecError('The descriptor of a colour table is missing.');
  }
  const length = size === 0 ? 65_536 : size;
  const bytes = TABLES.map(tag => tableBytes(header, tag));
  // One byte an entry, or words, of which 8 bits count.
  const packed = bytes[0]?.length === length;
  const [step, offset] = packed ? [1, 0] : [2, bits === 16 ? 1 : 0];
  const count = pixels.rows * pixels.columns;
  const read = storedValues(samples, pixels, header);
  const rendered = new Uint8Array(count * 3);
  for (let index = 0; index < count; index += 1) {
    const entry = Math.max(read(index) - first, 0);
    for (const [channel, table] of bytes.entries()) {
      const value = entry < length ? table[entry * step + offset] : undefined;
      if (value === undefined) throw new CodecError('A colour table has no such entry.');
      rendered[index * 3 + channel] = value;
    }
  }
  return rendered;
}

/** A table's bytes, its words little endian. */
function tableBytes({ dataSet, littleEndian }: Part10Header, tag: string): Buffer {
  const table = findElement(dataSet, tag);
  if (!table) throw new CodecError('A colour table is missing.');
  const bytes = Buffer.from(table.value);
  return littleEndian || bytes.length % 2 === 1 ? bytes : bytes.swap16();
}
