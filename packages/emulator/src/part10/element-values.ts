import { NUMBER_BYTES } from './data-set.ts';
import type { DataElement } from './data-set.ts';
import type { TextDecoding } from './character-set.ts';

/** VRs of text; those in the second set hold a single value, in which `\` is a letter. */
const TEXT_VRS = new Set(['LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UT']);
const SINGLE_VALUE_VRS = new Set(['LT', 'ST', 'UR', 'UT']);
const STRING_VRS = new Set([
  ...TEXT_VRS,
  'AE',
  'AS',
  'CS',
  'DA',
  'DS',
  'DT',
  'IS',
  'TM',
  'UI',
  'UR',
]);

/** Whether values of this VR are character strings. */
export function isStringVr(vr: string): boolean {
  return STRING_VRS.has(vr);
}

/**
 * The values of a string element as they stand, including padding and NUL.
 * An element without a value gives no values; an empty one between backslashes gives `''`.
 */
export function rawStrings(element: DataElement, decode: TextDecoding): string[] {
  if (element.value.length === 0) return [];
  const text = TEXT_VRS.has(element.vr)
    ? decode(element.value)
    : Buffer.from(element.value).toString('latin1');
  return SINGLE_VALUE_VRS.has(element.vr) ? [text] : text.split('\\');
}

/** Removes trailing spaces and NUL, which PS3.5 section 6.2 calls padding. */
export function withoutPadding(value: string): string {
  return value.replace(/[\0 ]+$/, '');
}

/** The numbers of a binary element; 64-bit integers beyond 2^53 as strings, AT as hex. */
export function binaryValues(element: DataElement, littleEndian: boolean): (number | string)[] {
  const { value, vr } = element;
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  const size = vr === 'AT' ? 4 : (NUMBER_BYTES[vr] ?? 1);
  const values: (number | string)[] = [];
  for (let offset = 0; offset + size <= value.length; offset += size) {
    values.push(binaryValue(view, offset, vr, littleEndian));
  }
  return values;
}

function binaryValue(view: DataView, offset: number, vr: string, littleEndian: boolean) {
  switch (vr) {
    case 'AT': {
      const group = view.getUint16(offset, littleEndian);
      const element = view.getUint16(offset + 2, littleEndian);
      return (group * 0x1_0000 + element).toString(16).toUpperCase().padStart(8, '0');
    }
    case 'FD':
      return finite(view.getFloat64(offset, littleEndian));
    case 'FL':
      return finite(view.getFloat32(offset, littleEndian));
    case 'SL':
      return view.getInt32(offset, littleEndian);
    case 'SS':
      return view.getInt16(offset, littleEndian);
    case 'SV':
      return safe(view.getBigInt64(offset, littleEndian));
    case 'UL':
      return view.getUint32(offset, littleEndian);
    case 'US':
      return view.getUint16(offset, littleEndian);
    case 'UV':
      return safe(view.getBigUint64(offset, littleEndian));
    default:
      return view.getUint8(offset);
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : String(value));
const safe = (value: bigint) =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
