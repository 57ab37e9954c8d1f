import type { FileMeta } from './file-meta.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, metaElements } from './file-meta.ts';
import type { VROf } from './vr-dictionary.ts';

/** The data set is not what its Transfer Syntax says. The message has nothing of the content. */
export class TranscodeError extends Error {}

const GROUP = 0x10000;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const PIXEL_REPRESENTATION = 0x00280103;
const UNDEFINED_LENGTH = 0xffffffff;
const HEADER_BYTES = 8;
const MAX_SHORT_LENGTH = 0xffff;
/** Nesting beyond this is taken for an attack. */
const MAX_DEPTH = 64;
const EMPTY = Buffer.alloc(0);

/** VRs whose length has 32 bits. @see PS3.5 7.1.2 */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

interface Frame {
  readonly kind: 'sequence' | 'item';
  /** Offset behind it; undefined: a delimiter ends it. */
  readonly end: number | undefined;
  readonly isSigned: boolean;
}

function tagBytes(bytes: Buffer, tag: number): void {
  bytes.writeUInt16LE(Math.floor(tag / GROUP), 0);
  bytes.writeUInt16LE(tag % GROUP, 2);
}

/** An item, or a delimiter: tag and length, without VR (PS3.5 7.5). */
function marker(tag: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  tagBytes(bytes, tag);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

/** The head of an element in Explicit VR Little Endian. */
function elementHead(tag: number, vr: string, length: number): Buffer {
  const isLong = LONG_VRS.has(vr);
  const bytes = Buffer.alloc(isLong ? 12 : 8);
  tagBytes(bytes, tag);
  bytes.write(vr, 4, 'latin1');
  if (isLong) bytes.writeUInt32LE(length, 8);
  else bytes.writeUInt16LE(length, 6);
  return bytes;
}

/**
 * Makes Explicit VR Little Endian of a data set in Implicit VR Little Endian as it comes, in the memory of one element's head. Values stay as they are; sequences
 * and items get an undefined length, since theirs is not known before they have passed; group lengths (retired) go. Private and unknown
 * elements become UN (PS3.5 6.2.2), and so does what is too long for a length of 16 bits.
 * @see PS3.5 7.1.3, 7.5, A.1, A.2
 */
export class ExplicitVRTranscoder {
  readonly #vrOf: VROf;
  readonly #frames: Frame[] = [];
  #isSigned = false;
  #held: Buffer = EMPTY;
  /** Offset in the data set of what comes next. */
  #at = 0;
  /** Bytes of the value under way. */
  #left = 0;
  #isSkipping = false;

  constructor(vrOf: VROf) {
    this.#vrOf = vrOf;
  }

  /** @throws {TranscodeError} */
  push(chunk: Buffer): Buffer[] {
    const output: Buffer[] = [];
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = EMPTY;
    let at = 0;
    for (;;) {
      if (this.#left > 0) {
        const end = Math.min(at + this.#left, bytes.length);
        if (!this.#isSkipping && end > at) output.push(bytes.subarray(at, end));
        this.#left -= end - at;
        this.#at += end - at;
        at = end;
        if (this.#left > 0) return output;
      }
      this.#isSkipping = false;
      this.#closeEnded(output);
      const used = this.#readHead(bytes, at, output);
      if (used === undefined) {
        this.#held = at < bytes.length ? Buffer.from(bytes.subarray(at)) : EMPTY;
        return output;
      }
      at += used;
      this.#at += used;
    }
  }

  /**
   * To be called at the data set's end.
   * @throws {TranscodeError} when it is cut.
   */
  end(): Buffer[] {
    const output: Buffer[] = [];
    this.#closeEnded(output);
    if (this.#left > 0 || this.#held.length > 0 || this.#frames.length > 0) {
      throw new TranscodeError('the data set is cut');
    }
    return output;
  }

  #closeEnded(output: Buffer[]): void {
    for (let top = this.#frames.at(-1); top?.end !== undefined; top = this.#frames.at(-1)) {
      if (this.#at < top.end) return;
      if (this.#at > top.end) throw new TranscodeError('an element is longer than what it is in');
      this.#pop(top.kind, output);
    }
  }

  #pop(kind: Frame['kind'], output: Buffer[]): void {
    const top = this.#frames.pop();
    if (top?.kind !== kind) throw new TranscodeError('a delimiter without its beginning');
    if (kind === 'item') this.#isSigned = top.isSigned;
    output.push(marker(kind === 'item' ? ITEM_END : SEQUENCE_END, 0));
  }

  #open(kind: Frame['kind'], length: number): void {
    if (this.#frames.length >= MAX_DEPTH)
      throw new TranscodeError('sequences are nested too deeply');
    const end = length === UNDEFINED_LENGTH ? undefined : this.#at + HEADER_BYTES + length;
    this.#frames.push({ kind, end, isSigned: this.#isSigned });
  }

  /** @returns how many bytes were used; undefined: more are needed. */
  #readHead(bytes: Buffer, at: number, output: Buffer[]): number | undefined {
    if (at + HEADER_BYTES > bytes.length) return undefined;
    const tag = bytes.readUInt16LE(at) * GROUP + bytes.readUInt16LE(at + 2);
    const length = bytes.readUInt32LE(at + 4);
    if (Math.floor(tag / GROUP) === 0xfffe) return this.#readMarker(tag, length, output);
    if (this.#frames.at(-1)?.kind === 'sequence') {
      throw new TranscodeError('an element where an item has to be');
    }
    if (tag === PIXEL_REPRESENTATION && length === 2) {
      if (at + HEADER_BYTES + 2 > bytes.length) return undefined;
      this.#isSigned = bytes.readUInt16LE(at + HEADER_BYTES) === 1;
    }
    this.#readElement(tag, length, output);
    return HEADER_BYTES;
  }

  #readElement(tag: number, length: number, output: Buffer[]): void {
    const vr = this.#vrOf(tag, this.#isSigned);
    // In Implicit VR only sequences have an undefined length (PS3.5 7.5.1, A.4).
    if (length === UNDEFINED_LENGTH || (vr === 'SQ' && length > 0)) {
      output.push(elementHead(tag, 'SQ', UNDEFINED_LENGTH));
      this.#open('sequence', length);
      return;
    }
    this.#left = length;
    this.#isSkipping = tag % GROUP === 0;
    if (this.#isSkipping) return;
    const isTooLong = !LONG_VRS.has(vr) && length > MAX_SHORT_LENGTH;
    output.push(elementHead(tag, isTooLong ? 'UN' : vr, length));
  }

  #readMarker(tag: number, length: number, output: Buffer[]): number {
    const top = this.#frames.at(-1);
    if (tag === ITEM && top?.kind === 'sequence') {
      output.push(marker(ITEM, UNDEFINED_LENGTH));
      this.#open('item', length);
    } else if (tag === ITEM_END && top?.kind === 'item' && top.end === undefined) {
      this.#pop('item', output);
    } else if (tag === SEQUENCE_END && top?.kind === 'sequence' && top.end === undefined) {
      this.#pop('sequence', output);
    } else {
      throw new TranscodeError('an item or a delimiter where none can be');
    }
    return HEADER_BYTES;
  }
}

/** Preamble, prefix and File Meta Information with Explicit VR Little Endian as Transfer Syntax UID (0002,0010). @see PS3.10 7.1 */
export function explicitFileMeta(head: Buffer, { dataSetOffset }: FileMeta): Buffer {
  const meta = head.subarray(0, dataSetOffset);
  const { elements } = metaElements(meta);
  const uid = Buffer.from(`${EXPLICIT_VR_LITTLE_ENDIAN}\0`, 'latin1');
  const first = elements[0]?.start ?? dataSetOffset;
  const rewritten = elements
    .filter(({ element }) => element !== 0x0000)
    .map(({ element, start, end }) =>
      element === 0x0010
        ? Buffer.concat([elementHead(0x00020010, 'UI', uid.length), uid])
        : meta.subarray(start, end)
    );
  const group = Buffer.concat(rewritten);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(group.length);
  return Buffer.concat([meta.subarray(0, first), elementHead(0x00020000, 'UL', 4), length, group]);
}
