import { bulkValues, valuesOf, type BulkValue, type DicomJson } from '@ohif-azure/dicomweb';
import { expandSegments } from './segmentedPalette.ts';

/** The colours of PALETTE COLOR images, as the viewer's decoder takes them: one number for each index. */
export interface Palette {
  red: ArrayLike<number>;
  green: ArrayLike<number>;
  blue: ArrayLike<number>;
}

/** Number of entries, first index, bits of an entry. @see PS3.3 C.7.6.3.1.5 */
type Descriptor = readonly [entries: number, first: number, bits: number];

const DATA = [0x00281201, 0x00281202, 0x00281203] as const;
const SEGMENTED = [0x00281221, 0x00281222, 0x00281223] as const;
const DESCRIPTORS = ['00281101', '00281102', '00281103'] as const;
/** An entry count of 0 stands for 2^16. */
const MOST_ENTRIES = 65_536;

/** The descriptors of an instance whose colours are not in its metadata; undefined when it needs none. */
export function missingPalette(instance: DicomJson): Descriptor[] | undefined {
  if (valuesOf(instance, '00280004')[0] !== 'PALETTE COLOR') return undefined;
  if ('InlineBinary' in (instance['00281201'] ?? {})) return undefined;
  const descriptors = DESCRIPTORS.map(tag => valuesOf(instance, tag).map(Number));
  return descriptors.every(each => each.length === 3)
    ? descriptors.map(([entries = 0, first = 0, bits = 0]) => [entries, first, bits] as const)
    : undefined;
}

/**
 * The palette out of an instance's Part 10 bytes.
 * @returns undefined when the instance has none, or less than its descriptors say.
 */
export async function paletteOf(
  instance: Uint8Array,
  descriptors: readonly Descriptor[]
): Promise<Palette | undefined> {
  const values = await bulkValues(instance, [...DATA, ...SEGMENTED]);
  const [red, green, blue] = DATA.map((tag, colour) => {
    const descriptor = descriptors[colour];
    if (!descriptor) return undefined;
    const value = values.get(tag);
    if (value) return table(value, descriptor);
    const segments = values.get(SEGMENTED[colour] ?? 0);
    return segments && segmentedTable(segments, descriptor);
  });
  return red && green && blue ? { red, green, blue } : undefined;
}

function segmentedTable(value: BulkValue, [count, , bits]: Descriptor): Uint16Array | undefined {
  const isWords = bits > 8;
  return expandSegments(isWords ? words(value) : octets(value), isWords, count || MOST_ENTRIES);
}

function words({ bytes, littleEndian }: BulkValue): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 1 }, (_, at) => view.getUint16(2 * at, littleEndian));
}

/** Two to a word, the first one in its lower half: in big endian words the other way round. */
function octets({ bytes, littleEndian, vr }: BulkValue): Uint8Array {
  return !littleEndian && vr === 'OW'
    ? Uint8Array.from(bytes, (_, at) => bytes[at ^ 1] ?? 0)
    : bytes;
}

/** Entries of 8 bits may also stand one to a word. @see PS3.3 C.7.6.3.1.6 */
function table(value: BulkValue, [count, , bits]: Descriptor): Uint16Array | undefined {
  const entries = count || MOST_ENTRIES;
  const { length } = value.bytes;
  const isWords = bits > 8 || length >= 2 * entries;
  if (length < (isWords ? 2 : 1) * entries) return undefined;
  return Uint16Array.from((isWords ? words(value) : octets(value)).slice(0, entries));
}
