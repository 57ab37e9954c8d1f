/** One data element as it stands in a file; nothing is decoded, trimmed or swapped. */
export interface DataElement {
  /** Eight upper-case hex digits. */
  tag: string;
  vr: string;
  /** The value field's bytes. Empty for sequences. */
  value: Uint8Array;
  /** The items of a sequence. */
  items?: DataSet[];
  /** The value in ISO 8859-1, where the element gives it faster than {@link latin1Text}. */
  readonly latin1?: string;
}

/** The data elements of a data set or item, in file order. */
export type DataSet = DataElement[];

/** VRs whose explicit form has two reserved bytes and a 32-bit length. @see PS3.5 section 7.1.2 */
export const LONG_FORM_VRS: ReadonlySet<string> = new Set([
  'OB',
  'OD',
  'OF',
  'OL',
  'OV',
  'OW',
  'SQ',
  'SV',
  'UC',
  'UN',
  'UR',
  'UT',
  'UV',
]);

/** VRs whose value is a binary blob; the service leaves them out of metadata. */
export const BULK_VRS: ReadonlySet<string> = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);

/** Bytes of one number of a binary VR. */
export const NUMBER_BYTES: Readonly<Record<string, number>> = {
  AT: 2,
  FD: 8,
  FL: 4,
  OD: 8,
  OF: 4,
  OL: 4,
  OV: 8,
  OW: 2,
  SL: 4,
  SS: 2,
  SV: 8,
  UL: 4,
  US: 2,
  UV: 8,
};

/** The element of a tag at the top of a data set. */
export function findElement(dataSet: DataSet, tag: string): DataElement | undefined {
  return dataSet.find(element => element.tag === tag);
}

/** A short ASCII value (UI, CS, IS, DS, DA), its padding removed; `''` when absent. */
export function asciiValue(dataSet: DataSet, tag: string): string {
  const element = findElement(dataSet, tag);
  return element ? withoutPadding(latin1Of(element)) : '';
}

/** The value of an element as ISO 8859-1. */
export const latin1Of = (element: DataElement): string =>
  element.latin1 ?? latin1Text(element.value);

/** Bytes as ISO 8859-1, of which ASCII is a part. */
export function latin1Text(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return (Buffer.isBuffer(bytes) ? bytes : Buffer.from(buffer, byteOffset, byteLength)).toString(
    'latin1'
  );
}

/** Removes trailing spaces and NUL, which PS3.5 section 6.2 calls padding. */
export function withoutPadding(value: string): string {
  let end = value.length;
  // Character by character: a regular expression takes several times as long, and there are many values.
  for (; end > 0; end -= 1) {
    const code = value.charCodeAt(end - 1);
    if (code !== SPACE && code !== 0) break;
  }
  return value.slice(0, end);
}

/** Removes one character wherever it stands at the end. */
export function withoutTrailing(value: string, character: '\0' | ' '): string {
  let end = value.length;
  while (end > 0 && value[end - 1] === character) end -= 1;
  return value.slice(0, end);
}

const SPACE = 0x20;
