import type { FileHandle } from 'node:fs/promises';
import { LONG_FORM_VRS, NUMBER_BYTES } from './data-set.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { readExtent } from './part10-file.ts';
import type { Part10Header } from './part10-reader.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN } from './transfer-syntax.ts';

const UNDEFINED_LENGTH = 0xffff_ffff;
const LONGEST_SHORT_FORM = 0xffff;

/**
 * Writes an uncompressed instance anew in Explicit VR Little Endian: preamble, File Meta
 * Information with the new Transfer Syntax UID, data set and pixel data. Elements behind the
 * pixel data are not carried over.
 */
export async function toExplicitLittleEndian(
  file: FileHandle,
  header: Part10Header
): Promise<Buffer> {
  const swap = !header.littleEndian;
  const meta = header.meta
    .filter(element => element.tag !== '00020000')
    .map(element =>
      element.tag === '00020010'
        ? { ...element, value: Buffer.from(`${EXPLICIT_VR_LITTLE_ENDIAN}\0`) }
        : element
    );
  const metaBytes = Buffer.concat(meta.map(element => encode(element, false)));
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(metaBytes.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    encode({ tag: '00020000', vr: 'UL', value: groupLength }, false),
    metaBytes,
    encodeDataSet(header.dataSet, swap),
    await encodePixelData(file, header, swap),
  ]);
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
  { pixelData, inflated }: Part10Header,
  swap: boolean
): Promise<Buffer> {
  if (!pixelData) return Buffer.alloc(0);
  const { vr, offset, length = 0 } = pixelData;
  const value = inflated
    ? inflated.subarray(offset, offset + length)
    : await readExtent(file, { offset, length });
  return encode({ tag: '7FE00010', vr, value }, swap);
}

function encodeDataSet(dataSet: DataSet, swap: boolean): Buffer {
  // Group lengths would no longer be right; they are retired outside group 0002.
  const kept = dataSet.filter(element => !element.tag.endsWith('0000'));
  return Buffer.concat(kept.map(element => encode(element, swap)));
}

function encode(element: DataElement, swap: boolean): Buffer {
  const { tag, vr, items } = element;
  if (items) return Buffer.concat([head(tag, 'SQ', UNDEFINED_LENGTH), ...encodeItems(items, swap)]);
  const value = swap ? swapped(element.value, NUMBER_BYTES[vr] ?? 1) : element.value;
  const padding = Buffer.alloc(value.length % 2);
  const fits = LONG_FORM_VRS.has(vr) || value.length <= LONGEST_SHORT_FORM;
  // PS3.5 section 6.2.2, note 2: what is too long for its VR's short form is written as UN.
  return Buffer.concat([
    head(tag, fits ? vr : 'UN', value.length + padding.length),
    value,
    padding,
  ]);
}

function* encodeItems(items: readonly DataSet[], swap: boolean): Generator<Buffer> {
  for (const item of items) {
    const content = encodeDataSet(item, swap);
    yield itemHead('FFFEE000', content.length);
    yield content;
  }
  yield itemHead('FFFEE0DD', 0);
}

function head(tag: string, vr: string, length: number): Buffer {
  const long = LONG_FORM_VRS.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  writeTag(bytes, tag);
  bytes.write(vr, 4, 'latin1');
  if (long) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

function itemHead(tag: string, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  writeTag(bytes, tag);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

function writeTag(bytes: Buffer, tag: string): void {
  bytes.writeUInt16LE(Number.parseInt(tag.slice(0, 4), 16), 0);
  bytes.writeUInt16LE(Number.parseInt(tag.slice(4), 16), 2);
}
