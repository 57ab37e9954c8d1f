import { LONG_FORM_VRS } from './data-set.ts';
import type { DataElement, DataSet } from './data-set.ts';

const UNDEFINED_LENGTH = 0xffff_ffff;
const LONGEST_SHORT_FORM = 0xffff;

/** How data elements are laid out. */
export interface Layout {
  implicit: boolean;
  littleEndian: boolean;
}

export const EXPLICIT_LITTLE_ENDIAN: Layout = { implicit: false, littleEndian: true };

/**
 * Writes data elements in a layout; values are taken as they stand, in the byte order of the
 * layout. Group lengths are left out, as they would no longer be right; sequences get undefined
 * lengths.
 *
 * @see PS3.5 section 7
 */
export function writeDataSet(dataSet: DataSet, layout: Layout): Buffer {
  const kept = dataSet.filter(element => !element.tag.endsWith('0000'));
  return Buffer.concat(kept.map(element => writeElement(element, layout)));
}

/** Writes one data element. @see writeDataSet */
export function writeElement({ tag, vr, value, items }: DataElement, layout: Layout): Buffer {
  if (items) {
    const parts = [head(tag, 'SQ', UNDEFINED_LENGTH, layout)];
    for (const item of items) {
      const content = writeDataSet(item, layout);
      parts.push(itemHead('FFFEE000', content.length, layout), content);
    }
    return Buffer.concat([...parts, itemHead('FFFEE0DD', 0, layout)]);
  }
  const padding = Buffer.alloc(
    value.length % 2,
    vr === 'UI' || vr === 'OB' || vr === 'UN' ? 0 : ' '
  );
  const fits = LONG_FORM_VRS.has(vr) || value.length <= LONGEST_SHORT_FORM;
  // PS3.5 section 6.2.2, note 2: what is too long for its VR's short form is written as UN.
  const length = value.length + padding.length;
  return Buffer.concat([head(tag, fits ? vr : 'UN', length, layout), value, padding]);
}

function head(tag: string, vr: string, length: number, layout: Layout): Buffer {
  if (layout.implicit) return itemHead(tag, length, layout);
  const long = LONG_FORM_VRS.has(vr);
  const bytes = Buffer.alloc(long ? 12 : 8);
  writeTag(bytes, tag, layout);
  bytes.write(vr, 4, 'latin1');
  if (long) write32(bytes, length, 8, layout);
  else write16(bytes, length, 6, layout);
  return bytes;
}

function itemHead(tag: string, length: number, layout: Layout): Buffer {
  const bytes = Buffer.alloc(8);
  writeTag(bytes, tag, layout);
  write32(bytes, length, 4, layout);
  return bytes;
}

function writeTag(bytes: Buffer, tag: string, layout: Layout): void {
  write16(bytes, Number.parseInt(tag.slice(0, 4), 16), 0, layout);
  write16(bytes, Number.parseInt(tag.slice(4), 16), 2, layout);
}

function write16(bytes: Buffer, value: number, offset: number, { littleEndian }: Layout): void {
  if (littleEndian) bytes.writeUInt16LE(value, offset);
  else bytes.writeUInt16BE(value, offset);
}

function write32(bytes: Buffer, value: number, offset: number, { littleEndian }: Layout): void {
  if (littleEndian) bytes.writeUInt32LE(value, offset);
  else bytes.writeUInt32BE(value, offset);
}
