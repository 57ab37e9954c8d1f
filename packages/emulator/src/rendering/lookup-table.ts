import { findElement } from '../part10/data-set.ts';
import type { DataElement, DataSet } from '../part10/data-set.ts';
import { CodecError } from './wasm-codecs.ts';

const LUT_DESCRIPTOR = '00283002';
const LUT_DATA = '00283006';

/** A Modality or VOI lookup table. */
export interface LookupTable {
  /** Maps a value; outside the table it is the nearest entry's. @throws {CodecError} when the entry is missing */
  map(value: number): number;
  /** The first entry and the last one. */
  first: number;
  last: number;
}

/** How the service's renderer reads a table's descriptor. */
export interface DescriptorReading {
  /** The numbers are signed. */
  signed: boolean;
  /** The renderer knows that 0 stands for 65,536 entries, and checks that all entries are there. */
  checked: boolean;
}

/**
 * Reads the first item of a Modality LUT Sequence or VOI LUT Sequence like the service's renderer:
 * entries are words, whatever the descriptor's bits say, so that packed bytes are not enough
 * entries.
 *
 * @throws {CodecError} when it cannot be read, and so when it has 65,536 entries unless `checked`.
 * @see PS3.3 C.11.1.1, C.11.2.1.1; fo-dicom ModalitySequenceLUT, VOISequenceLUT
 */
export function readLookupTable(
  item: DataSet,
  littleEndian: boolean,
  { signed, checked }: DescriptorReading
): LookupTable {
  const descriptor = findElement(item, LUT_DESCRIPTOR);
  const data = findElement(item, LUT_DATA);
  if (!descriptor || !data || !['OW', 'US', 'SS'].includes(data.vr)) {
    throw new CodecError('A lookup table is missing.');
  }
  const [size = 0, start = 0] = words(descriptor, littleEndian, signed);
  // A negative number of entries is taken for one read with the wrong sign.
  const count = checked && size === 0 ? 65_536 : Math.abs(size);
  const entries = words(data, littleEndian, data.vr === 'SS');
  if (checked && entries.length < count) throw new CodecError('A lookup table is too short.');
  const entry = (index: number) => {
    const value = entries[index];
    if (value === undefined) throw new CodecError('A lookup table has no such entry.');
    return value;
  };
  const map = (value: number) => {
    if (value < start) return entry(0);
    return entry(value > start + count - 1 ? count - 1 : Math.trunc(value - start));
  };
  return { map, first: entries[0] ?? 0, last: entries[count - 1] ?? 0 };
}

/** Whether a descriptor's VR says that its numbers are signed. */
export const isSigned = (item: DataSet): boolean => findElement(item, LUT_DESCRIPTOR)?.vr === 'SS';

/** The words of an element, of whatever VR. */
function words({ value }: DataElement, littleEndian: boolean, signed: boolean): number[] {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return Array.from({ length: value.byteLength >> 1 }, (_, index) =>
    signed ? view.getInt16(index * 2, littleEndian) : view.getUint16(index * 2, littleEndian)
  );
}
