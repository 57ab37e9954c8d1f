/** One data element as it stands in a file; nothing is decoded, trimmed or swapped. */
export interface DataElement {
  /** Eight upper-case hex digits. */
  tag: string;
  vr: string;
  /** The value field's bytes. Empty for sequences. */
  value: Uint8Array;
  /** The items of a sequence. */
  items?: DataSet[];
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
  return element
    ? Buffer.from(element.value)
        .toString('latin1')
        .replace(/[\0 ]+$/, '')
    : '';
}
