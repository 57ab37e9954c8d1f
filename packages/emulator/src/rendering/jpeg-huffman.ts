import { CodecError } from './wasm-codecs.ts';

const LOOK_AHEAD_BITS = 8;
const LONGEST_CODE = 16;

/** A Huffman table of JPEG, ready to decode. */
export interface HuffmanTable {
  /** By the next eight bits: the code's length in the upper byte, its symbol in the lower; 0 when it is longer. */
  short: Uint16Array;
  /** By length: the highest code (or -1), and what to add to a code to find its symbol. */
  highest: Int32Array;
  offset: Int32Array;
  symbols: Uint8Array;
}

/** @see ITU-T T.81 annex C and F.2.2.3 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const short = new Uint16Array(1 << LOOK_AHEAD_BITS);
  const highest = new Int32Array(LONGEST_CODE + 2).fill(-1);
  const offset = new Int32Array(LONGEST_CODE + 2);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST_CODE; length += 1) {
    const count = counts[length - 1] ?? 0;
    offset[length] = index - code;
    for (let one = 0; one < count; one += 1, code += 1, index += 1) {
      if (length <= LOOK_AHEAD_BITS) {
        const first = code << (LOOK_AHEAD_BITS - length);
        const entry = (length << 8) | (symbols[index] ?? 0);
        short.fill(entry, first, first + (1 << (LOOK_AHEAD_BITS - length)));
      }
    }
    if (count > 0) highest[length] = code - 1;
    code <<= 1;
  }
  return { short, highest, offset, symbols: Uint8Array.from(symbols) };
}

/** Reads entropy-coded data bit by bit, undoing byte stuffing. Behind the end it reads zeros, for a while. */
export class BitReader {
  readonly #data: Uint8Array;
  #at = 0;
  #bits = 0;
  #count = 0;
  #missing = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
  }

  /** The next bits, at most 16, without taking them. */
  peek(count: number): number {
    while (this.#count < count) this.#fill();
    return (this.#bits >>> (this.#count - count)) & ((1 << count) - 1);
  }

  skip(count: number): void {
    this.#count -= count;
    this.#bits &= (1 << this.#count) - 1;
  }

  take(count: number): number {
    const bits = this.peek(count);
    this.skip(count);
    return bits;
  }

  /** Goes on behind a restart marker. */
  restart(): void {
    this.#count = this.#bits = 0;
    const marker = this.#data[this.#at + 1] ?? 0;
    if (this.#data[this.#at] !== 0xff || marker < 0xd0 || marker > 0xd7) {
      throw new CodecError('A JPEG restart marker is missing.');
    }
    this.#at += 2;
  }

  /** How far the entropy-coded data goes: to the next marker. */
  end(): number {
    let at = Math.max(this.#at - 4, 0);
    const { length } = this.#data;
    while (at < length && !(this.#data[at] === 0xff && (this.#data[at + 1] ?? 0) !== 0)) at += 1;
    return at;
  }

  #fill(): void {
    this.#bits = ((this.#bits << 8) | this.#nextByte()) >>> 0;
    this.#count += 8;
  }

  /** A marker, and the end of the data, stop the reader. */
  #nextByte(): number {
    if (this.#at >= this.#data.length) return this.#behindEnd();
    const byte = this.#data[this.#at] ?? 0;
    const stuffed = byte === 0xff;
    if (stuffed && this.#data[this.#at + 1] !== 0) return this.#behindEnd();
    this.#at += stuffed ? 2 : 1;
    return byte;
  }

  #behindEnd(): number {
    this.#missing += 1;
    if (this.#missing > 8) throw new CodecError('The JPEG data ends too early.');
    return 0;
  }
}

/** One difference: its category by Huffman code, then its bits. @see ITU-T T.81 F.2.2.1, H.1.2.2 */
export function readDifference(bits: BitReader, table: HuffmanTable): number {
  const category = readSymbol(bits, table);
  if (category === 0) return 0;
  if (category === 16) return 32_768;
  if (category > 16) throw new CodecError('A JPEG difference is too large.');
  return readSigned(bits, category);
}

/** A number of a category from 1 to 15. @see ITU-T T.81 F.2.2.1, EXTEND */
export function readSigned(bits: BitReader, category: number): number {
  const value = bits.take(category);
  return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
}

/** @throws {CodecError} when no code of the table comes next. */
export function readSymbol(bits: BitReader, table: HuffmanTable): number {
  const entry = table.short[bits.peek(LOOK_AHEAD_BITS)] ?? 0;
  if (entry !== 0) {
    bits.skip(entry >> 8);
    return entry & 0xff;
  }
  for (let length = LOOK_AHEAD_BITS + 1; length <= LONGEST_CODE; length += 1) {
    const code = bits.peek(length);
    if (code <= (table.highest[length] ?? -1)) {
      bits.skip(length);
      return table.symbols[code + (table.offset[length] ?? 0)] ?? 0;
    }
  }
  throw new CodecError('A JPEG code is unknown.');
}
