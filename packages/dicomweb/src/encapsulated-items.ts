import type { Element } from './element-reader.ts';

/** First byte of a value, and the byte after its last one. */
export type Range = readonly [start: number, end: number];

const ITEM = 0xfffee000;

/**
 * Where the values of the items of encapsulated pixel data are; the first is the Basic Offset Table, also when it is empty.
 * @returns undefined when they are cut.
 * @see PS3.5 A.4
 */
export function encapsulatedItems(
  bytes: Uint8Array,
  { start, end }: Pick<Element, 'start' | 'end'>
): Range[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Range[] = [];
  let at = start;
  while (at + 8 <= end) {
    const tag = view.getUint16(at, true) * 0x10000 + view.getUint16(at + 2, true);
    if (tag !== ITEM) return found;
    const length = view.getUint32(at + 4, true);
    if (at + 8 + length > end) return undefined;
    found.push([at + 8, at + 8 + length]);
    at += 8 + length;
  }
  return undefined;
}
