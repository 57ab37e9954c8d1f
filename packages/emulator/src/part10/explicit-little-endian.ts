import type { FileHandle } from 'node:fs/promises';
import { EXPLICIT_LITTLE_ENDIAN, writeDataSet, writeElement } from './data-set-writer.ts';
import { NUMBER_BYTES } from './data-set.ts';
import type { DataElement } from './data-set.ts';
import { readExtent } from './part10-file.ts';
import type { Part10Header } from './part10-reader.ts';
import { imagePixels } from './image-pixels.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntax.ts';

const UNDEFINED_LENGTH = 0xffff_ffff;

/**
 * Writes an uncompressed instance anew in Explicit VR Little Endian: preamble, File Meta
 * Information with the new Transfer Syntax UID, data set and pixel data. Elements behind the
 * pixel data are not carried over.
 */
export async function toExplicitLittleEndian(
  file: FileHandle,
  header: Part10Header
): Promise<Buffer> {
  return Buffer.concat([
    writeBeginning(header, EXPLICIT_VR_LITTLE_ENDIAN),
    await encodePixelData(file, header, !header.littleEndian),
  ]);
}

/**
 * Writes an instance anew up to its pixel data: preamble, File Meta Information and data set, in
 * Explicit VR Little Endian, which all compressed Transfer Syntaxes have for their data sets.
 *
 * @param changed - elements, little endian, to write in the place of those with their tags; tags
 *   which the data set does not have are left out.
 */
export function writeBeginning(
  header: Part10Header,
  transferSyntaxUID: string,
  changed: readonly DataElement[] = []
): Buffer {
  const padding = transferSyntaxUID.length % 2 === 0 ? '' : '\0';
  const meta = header.meta
    .filter(element => element.tag !== '00020000')
    .map(element =>
      element.tag === '00020010'
        ? { ...element, value: Buffer.from(`${transferSyntaxUID}${padding}`) }
        : element
    );
  const metaBytes = Buffer.concat(
    meta.map(element => writeElement(element, EXPLICIT_LITTLE_ENDIAN))
  );
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(metaBytes.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    writeElement({ tag: '00020000', vr: 'UL', value: groupLength }, EXPLICIT_LITTLE_ENDIAN),
    metaBytes,
    writeDataSet(
      header.dataSet.map(
        element =>
          changed.find(({ tag }) => tag === element.tag) ?? inOrder(element, !header.littleEndian)
      ),
      EXPLICIT_LITTLE_ENDIAN
    ),
  ]);
}

/** The head of Pixel Data. @param length - `undefined` for encapsulated frames. */
export function pixelDataHead(vr: 'OB' | 'OW', length: number | undefined): Buffer {
  const bytes = Buffer.from([0xe0, 0x7f, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.write(vr, 4, 'latin1');
  bytes.writeUInt32LE(length ?? UNDEFINED_LENGTH, 8);
  return bytes;
}

/** The head of an item, or the delimiter behind the last one. */
export function itemHead(tag: 'FFFEE000' | 'FFFEE0DD', length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(0xfffe, 0);
  bytes.writeUInt16LE(tag === 'FFFEE000' ? 0xe000 : 0xe0dd, 2);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

/** Puts the bytes of each number in the other order. */
export function swapped(value: Uint8Array, size: number): Buffer {
  const bytes = Buffer.from(value);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % size));
  if (size === 2) whole.swap16();
  if (size === 4) whole.swap32();
  if (size === 8) whole.swap64();
  return bytes;
}

async function encodePixelData(
  file: FileHandle,
  header: Part10Header,
  swap: boolean
): Promise<Buffer> {
  const { pixelData, inflated, transferSyntaxUID } = header;
  if (!pixelData) return Buffer.alloc(0);
  const { offset, length = 0 } = pixelData;
  // Implicit VR implies OW. The service writes OB for samples of 8 bits. [TranscoderTestsFiles]
  const bytes = transferSyntaxUID === IMPLICIT_VR_LITTLE_ENDIAN && isOfBytes(header);
  const vr = bytes ? 'OB' : pixelData.vr;
  const value = inflated
    ? inflated.subarray(offset, offset + length)
    : await readExtent(file, { offset, length });
  return writeElement(inOrder({ tag: '7FE00010', vr, value }, swap), EXPLICIT_LITTLE_ENDIAN);
}

const isOfBytes = (header: Part10Header) => {
  const { bitsAllocated } = imagePixels(header);
  return bitsAllocated > 0 && bitsAllocated <= 8;
};

/** An element with the bytes of its numbers in the other order, if need be. */
function inOrder(element: DataElement, swap: boolean): DataElement {
  const items = element.items?.map(item => item.map(one => inOrder(one, swap)));
  const value = swap ? swapped(element.value, NUMBER_BYTES[element.vr] ?? 1) : element.value;
  return { ...element, value, items };
}
