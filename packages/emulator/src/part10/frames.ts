import { findElement } from './data-set.ts';
import { frameBits, imagePixels } from './image-pixels.ts';
import { readEncapsulation, readExtent } from './part10-file.ts';
import type { ByteSource, Encapsulation, Extent } from './part10-file.ts';
import { Part10FormatError } from './part10-reader.ts';
import type { Part10Header, PixelDataPlace } from './part10-reader.ts';

/** The frames of an instance. */
export interface Frames {
  /** How many there are; 0 without pixel data. */
  count: number;
  /** Frame `index`, from 0, as stored: plain samples, or one compressed bit stream. */
  read(index: number): Promise<Buffer>;
}

/** Where the frames of a file lie; good for as long as the file does not change. */
export interface LocatedFrames {
  count: number;
  read(file: ByteSource, index: number): Promise<Buffer>;
}

/**
 * Opens the frames of an instance.
 *
 * @throws {Part10FormatError} when encapsulated frames cannot be told apart.
 */
export async function openFrames(file: ByteSource, header: Part10Header): Promise<Frames> {
  const located = await locateFrames(file, header);
  return { count: located.count, read: index => located.read(file, index) };
}

/**
 * Finds the frames of an instance.
 *
 * @throws {Part10FormatError} when encapsulated frames cannot be told apart.
 */
export async function locateFrames(file: ByteSource, header: Part10Header): Promise<LocatedFrames> {
  const place = header.pixelData;
  if (!place) return { count: 0, read: () => Promise.reject(new RangeError('No pixel data.')) };
  return place.length === undefined
    ? encapsulatedFrames(file, header, place)
    : nativeFrames(header, place, place.length);
}

function nativeFrames(header: Part10Header, place: PixelDataPlace, length: number): LocatedFrames {
  const pixels = imagePixels(header);
  const bits = frameBits(pixels);
  const whole = bits === 0 ? 0 : Math.floor((length * 8) / bits);
  const read = (file: ByteSource, { offset, length: bytes }: Extent) =>
    header.inflated
      ? Promise.resolve(Buffer.from(header.inflated.subarray(offset, offset + bytes)))
      : readExtent(file, { offset, length: bytes });
  return {
    count: Math.min(pixels.numberOfFrames, whole),
    async read(file, index) {
      const firstBit = index * bits;
      const first = Math.floor(firstBit / 8);
      const end = Math.ceil((firstBit + bits) / 8);
      const bytes = await read(file, { offset: place.offset + first, length: end - first });
      return firstBit % 8 === 0 ? bytes : shiftedDown(bytes, firstBit % 8, Math.ceil(bits / 8));
    },
  };
}

/** Bits Allocated 1: a frame may begin within a byte. @see PS3.5 section 8.1.1 */
function shiftedDown(bytes: Buffer, shift: number, length: number): Buffer {
  const shifted = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) {
    const low = (bytes[index] ?? 0) >> shift;
    shifted[index] = low | ((bytes[index + 1] ?? 0) << (8 - shift));
  }
  return shifted;
}

async function encapsulatedFrames(
  file: ByteSource,
  header: Part10Header,
  place: PixelDataPlace
): Promise<LocatedFrames> {
  const { numberOfFrames } = imagePixels(header);
  const encapsulation = await readEncapsulation(file, place);
  const frames = framesOfFragments(
    encapsulation,
    numberOfFrames,
    extendedOffsetTable(header) ?? encapsulation.basicOffsetTable
  );
  return {
    count: frames.length,
    read: async (opened, index) =>
      Buffer.concat(await Promise.all((frames[index] ?? []).map(one => readExtent(opened, one)))),
  };
}

/**
 * Shares fragments out to frames: one frame takes all, equal numbers go one to one, and else an
 * offset table must say where each frame begins.
 *
 * @param offsets - of each frame's first item, from the first fragment's item on.
 * @see PS3.5 annex A.4
 */
export function framesOfFragments(
  { fragments }: Pick<Encapsulation, 'fragments'>,
  numberOfFrames: number,
  offsets: readonly number[]
): Extent[][] {
  const [first] = fragments;
  if (!first) return [];
  if (numberOfFrames === 1) return [fragments];
  if (offsets.length !== numberOfFrames) {
    if (fragments.length === numberOfFrames) return fragments.map(fragment => [fragment]);
    throw new Part10FormatError('An offset table is needed to tell the frames apart.');
  }
  return offsets.map((offset, index) => {
    const end = offsets[index + 1] ?? Infinity;
    const items = fragments.filter(fragment => {
      const distance = fragment.offset - first.offset;
      return distance >= offset && distance < end;
    });
    if (items.length === 0) throw new Part10FormatError('The offset table names no fragment.');
    return items;
  });
}

/** Extended Offset Table (7FE0,0001), 64-bit offsets. @see PS3.3 C.7.6.3 */
function extendedOffsetTable({ dataSet }: Part10Header): number[] | undefined {
  const table = findElement(dataSet, '7FE00001');
  if (!table || table.value.length === 0) return undefined;
  const bytes = Buffer.from(table.value);
  return Array.from({ length: Math.floor(bytes.length / 8) }, (_, index) =>
    Number(bytes.readBigUInt64LE(index * 8))
  );
}
