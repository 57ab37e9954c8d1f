import { bulkValues, valuesOf, type BulkValue, type DicomJson } from '@ohif-azure/dicomweb';

/** The colours of PALETTE COLOR images, as the viewer's decoder takes them: one number for each index. */
export interface Palette {
  red: ArrayLike<number>;
  green: ArrayLike<number>;
  blue: ArrayLike<number>;
}

/** Number of entries, first index, bits of an entry. @see PS3.3 C.7.6.3.1.5 */
type Descriptor = readonly [entries: number, first: number, bits: number];

const DATA = [0x00281201, 0x00281202, 0x00281203] as const;
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
  const values = await bulkValues(instance, DATA);
  const [red, green, blue] = DATA.map((tag, colour) => {
    const value = values.get(tag);
    const descriptor = descriptors[colour];
    return value && descriptor && table(value, descriptor);
  });
  return red && green && blue ? { red, green, blue } : undefined;
}

/** Entries of 8 bits may also stand one to a word. @see PS3.3 C.7.6.3.1.6 */
function table(
  { bytes, littleEndian, vr }: BulkValue,
  [count, , bits]: Descriptor
): Uint16Array | undefined {
  const entries = count || MOST_ENTRIES;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const colours = new Uint16Array(entries);
  if (bits > 8 || bytes.length >= 2 * entries) {
    if (bytes.length < 2 * entries) return undefined;
    for (let at = 0; at < entries; at += 1) colours[at] = view.getUint16(2 * at, littleEndian);
    return colours;
  }
  if (bytes.length < entries) return undefined;
  // Two entries to a word, the first one in its lower half: in big endian words the other way round.
  const flip = !littleEndian && vr === 'OW' ? 1 : 0;
  for (let at = 0; at < entries; at += 1) colours[at] = bytes[at ^ flip] ?? 0;
  return colours;
}
