import { elements, type Element, type Encoding } from '../element-reader.ts';
import { encapsulatedItems, type Range } from '../encapsulated-items.ts';
import { dataSetOf } from '../part10.ts';
import type { StoredFrame } from './stored-frame.ts';

/** An instance taken apart. */
export interface InstanceFrames {
  readonly sopInstanceUID: string;
  /** In order; the first is frame 1. */
  readonly frames: readonly StoredFrame[];
}

const TAG = {
  sopInstanceUID: 0x00080018,
  samplesPerPixel: 0x00280002,
  numberOfFrames: 0x00280008,
  rows: 0x00280010,
  columns: 0x00280011,
  bitsAllocated: 0x00280100,
  extendedOffsets: 0x7fe00001,
  pixelData: 0x7fe00010,
} as const;

const WANTED = new Set<number>(Object.values(TAG));
/** Implicit and explicit little endian, explicit big endian. @see PS3.5 A.1, A.2, A.3 */
const NATIVE = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']);

interface Found {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly elements: ReadonlyMap<number, Element>;
}

function text({ bytes, elements: found }: Found, tag: number): string | undefined {
  const element = found.get(tag);
  if (!element) return undefined;
  const value = new TextDecoder().decode(bytes.subarray(element.start, element.end));
  return value.replace(/[\0 ]+$/, '').trim() || undefined;
}

function unsigned16({ view, elements: found, littleEndian }: Found, tag: number): number {
  const element = found.get(tag);
  return element && element.end - element.start >= 2
    ? view.getUint16(element.start, littleEndian)
    : Number.NaN;
}

/**
 * The frames of an instance, out of its Part 10 bytes. Native pixel data are cut by their size, encapsulated ones by the fragments, the
 * offset table or the extended offset table.
 * @returns undefined when the frames cannot be told apart with certainty: deflated data sets, pixels of one bit, several frames in fragments
 *   without offsets, cut or unreadable bytes. The archive's frame resource knows better then. Never throws.
 * @see PS3.5 8.1, 8.2, A.4; PS3.3 C.7.6.3
 */
export function framesOfInstance(instance: Uint8Array): InstanceFrames | undefined {
  const dataSet = dataSetOf(instance);
  return dataSet && framesOfDataSet({ bytes: instance, ...dataSet });
}

/** Where a data set begins, and how it is encoded. */
interface DataSet {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly encoding: Encoding;
  readonly transferSyntaxUID: string | undefined;
}

/** The frames in a data set. See {@link framesOfInstance}. */
export function framesOfDataSet({
  bytes: instance,
  offset,
  encoding,
  transferSyntaxUID,
}: DataSet): InstanceFrames | undefined {
  const wanted = new Map<number, Element>();
  for (const element of elements(instance, offset, encoding)) {
    if (WANTED.has(element.tag)) wanted.set(element.tag, element);
    if (element.tag >= TAG.pixelData) break;
  }
  const view = new DataView(instance.buffer, instance.byteOffset, instance.byteLength);
  const { littleEndian } = encoding;
  const found: Found = { view, bytes: instance, littleEndian, elements: wanted };
  const sopInstanceUID = text(found, TAG.sopInstanceUID);
  const pixelData = wanted.get(TAG.pixelData);
  const count = Number(text(found, TAG.numberOfFrames) ?? 1);
  if (!sopInstanceUID || !pixelData || !Number.isInteger(count) || count < 1) return undefined;
  if (pixelData.isUndefinedLength === NATIVE.has(transferSyntaxUID ?? '')) return undefined;
  const ranges = pixelData.isUndefinedLength
    ? encapsulatedFrames(found, pixelData, count)
    : nativeFrames(found, pixelData, count);
  if (!ranges) return undefined;
  const frames = ranges.map(pieces => ({ bytes: copyOf(instance, pieces), transferSyntaxUID }));
  return { sopInstanceUID, frames };
}

function copyOf(instance: Uint8Array, pieces: readonly Range[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, [start, end]) => sum + end - start, 0));
  let at = 0;
  for (const [start, end] of pieces) {
    bytes.set(instance.subarray(start, end), at);
    at += end - start;
  }
  return bytes;
}

function nativeFrames(found: Found, { start, end }: Element, count: number): Range[][] | undefined {
  const bits = unsigned16(found, TAG.bitsAllocated);
  // Frames of one bit need not begin at a byte (PS3.5 8.1.1).
  if (bits % 8 !== 0) return undefined;
  const length =
    unsigned16(found, TAG.rows) *
    unsigned16(found, TAG.columns) *
    unsigned16(found, TAG.samplesPerPixel) *
    (bits / 8);
  if (!(length > 0) || start + count * length > end) return undefined;
  return Array.from({ length: count }, (_, index) => {
    const from = start + index * length;
    return [[from, from + length]];
  });
}

function encapsulatedFrames(found: Found, pixelData: Element, count: number) {
  const [table, ...fragments] = encapsulatedItems(found.bytes, pixelData) ?? [];
  if (!table || fragments.length === 0) return undefined;
  if (count === 1) return [fragments];
  if (fragments.length === count) return fragments.map(fragment => [fragment]);
  return byOffsets(fragments, offsets(found, table), count);
}

/** Where the frames begin, counted from the first fragment's item. Both tables are little endian in every encapsulated syntax. */
function offsets({ view, elements: found }: Found, table: Range): number[] {
  const extended = found.get(TAG.extendedOffsets);
  if (extended) {
    const count = Math.floor((extended.end - extended.start) / 8);
    return Array.from({ length: count }, (_, index) =>
      Number(view.getBigUint64(extended.start + index * 8, true))
    );
  }
  const count = Math.floor((table[1] - table[0]) / 4);
  return Array.from({ length: count }, (_, index) => view.getUint32(table[0] + index * 4, true));
}

function byOffsets(fragments: readonly Range[], starts: readonly number[], count: number) {
  if (starts[0] !== 0) return undefined;
  const base = fragments[0]?.[0] ?? 0;
  const frames: Range[][] = [];
  for (const fragment of fragments) {
    if (fragment[0] - base === starts[frames.length]) frames.push([]);
    frames.at(-1)?.push(fragment);
  }
  // Each offset in order is that of a fragment, the first one that of the first fragment.
  return starts.length === count && frames.length === count ? frames : undefined;
}
