import { latin1Of, NUMBER_BYTES } from './data-set.ts';
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

/**
 * ASCII which does not shift the code (ESC, SO, SI): it means the same in each encoding of
 * {@link textDecoding}, and most values are such.
 */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const PLAIN = /^[\x00-\x0d\x10-\x1a\x1c-\x7f]*$/;

/** Whether values of this VR are character strings. */
export function isStringVr(vr: string): boolean {
  return STRING_VRS.has(vr);
}

/**
 * The values of a string element as they stand, including padding and NUL.
 * An element without a value gives no values; an empty one between backslashes gives `''`.
 */
export function rawStrings(element: DataElement, decode: TextDecoding): string[] {
  const latin1 = latin1Of(element);
  if (latin1 === '') return [];
  const text = TEXT_VRS.has(element.vr) && !PLAIN.test(latin1) ? decode(element.value) : latin1;
  return SINGLE_VALUE_VRS.has(element.vr) || !text.includes('\\') ? [text] : text.split('\\');
}

export { withoutPadding } from './data-set.ts';

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
