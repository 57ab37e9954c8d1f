import { inflateRawSync } from 'node:zlib';
import { asciiValue, LONG_FORM_VRS } from './data-set.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { implicitVr } from './dictionary.ts';
import {
  DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
  EXPLICIT_VR_BIG_ENDIAN,
  EXPLICIT_VR_LITTLE_ENDIAN,
  IMPLICIT_VR_LITTLE_ENDIAN,
} from './transfer-syntax.ts';

const PREAMBLE_BYTES = 128;
const UNDEFINED_LENGTH = 0xffff_ffff;
const MAX_SEQUENCE_DEPTH = 64;
const ITEM = 'FFFEE000';
const ITEM_END = 'FFFEE00D';
const SEQUENCE_END = 'FFFEE0DD';
const PIXEL_DATA_TAGS = new Set(['7FE00008', '7FE00009', '7FE00010']);

/** Bytes which are no Part 10 file. The message never quotes a value. */
export class Part10FormatError extends Error {
  override readonly name = 'Part10FormatError';
}

/** The bytes given end before the pixel data or the end of the file: give more. */
export class MoreBytesNeeded extends Error {
  override readonly name = 'MoreBytesNeeded';
}

/** Where the pixel data of an instance lies. */
export interface PixelDataPlace {
  vr: string;
  /** Offset of the value field in the file, or in `inflated` where that is present. */
  offset: number;
  /** Bytes of the value field; `undefined` when encapsulated. */
  length: number | undefined;
}

/** All of a Part 10 file up to its pixel data. */
export interface Part10Header {
  transferSyntaxUID: string;
  meta: DataSet;
  /** Elements before the pixel data. What stands behind it is not read. */
  dataSet: DataSet;
  littleEndian: boolean;
  pixelData?: PixelDataPlace;
  /** The data set's bytes, when the Transfer Syntax is the deflated one. */
  inflated?: Uint8Array;
}

/** Whether the bytes begin like a Part 10 file (PS3.10 section 7.1). */
export function hasPart10Prefix(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4)).toString('latin1') === 'DICM'
  );
}

/**
 * Reads a Part 10 file up to its pixel data.
 *
 * @param bytes - the file, or its beginning.
 * @param whole - the bytes are the whole file.
 * @throws {MoreBytesNeeded} when the beginning of the file does not reach far enough.
 * @throws {Part10FormatError} when it is no Part 10 file, or ends within an element.
 * @see PS3.10 section 7; PS3.5 section 7
 */
export function readPart10Header(bytes: Uint8Array, whole: boolean): Part10Header {
  if (bytes.length < PREAMBLE_BYTES + 4 && !whole) throw new MoreBytesNeeded();
  if (!hasPart10Prefix(bytes)) throw new Part10FormatError('The prefix DICM is missing.');
  const metaReader = new ElementReader(bytes, whole, EXPLICIT_VR_LITTLE_ENDIAN);
  metaReader.offset = PREAMBLE_BYTES + 4;
  const meta = metaReader.fileMetaInformation();
  const transferSyntaxUID = asciiValue(meta, '00020010');
  if (!transferSyntaxUID) throw new Part10FormatError('(0002,0010) is missing.');
  const littleEndian = transferSyntaxUID !== EXPLICIT_VR_BIG_ENDIAN;

  let reader: ElementReader;
  let inflated: Uint8Array | undefined;
  if (transferSyntaxUID === DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN) {
    if (!whole) throw new MoreBytesNeeded();
    inflated = inflate(bytes.subarray(metaReader.offset));
    reader = new ElementReader(inflated, true, transferSyntaxUID);
  } else {
    reader = new ElementReader(bytes, whole, transferSyntaxUID);
    reader.offset = metaReader.offset;
  }
  const dataSet = reader.elements(bytesEnd(reader), 0);
  return { transferSyntaxUID, meta, dataSet, littleEndian, pixelData: reader.pixelData, inflated };
}

const bytesEnd = (reader: ElementReader) => (reader.whole ? reader.bytes.length : Infinity);

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes);
  } catch (cause) {
    throw new Part10FormatError('The deflated data set cannot be inflated.', { cause });
  }
}

class ElementReader {
  readonly bytes: Uint8Array;
  readonly whole: boolean;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #implicit: boolean;
  #signedPixels = false;
  offset = 0;
  pixelData: PixelDataPlace | undefined;

  constructor(bytes: Uint8Array, whole: boolean, transferSyntaxUID: string) {
    this.bytes = bytes;
    this.whole = whole;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#littleEndian = transferSyntaxUID !== EXPLICIT_VR_BIG_ENDIAN;
    this.#implicit = transferSyntaxUID === IMPLICIT_VR_LITTLE_ENDIAN;
  }

  /** Group 0002, by its elements; the group length (0002,0000) is not relied upon. */
  fileMetaInformation(): DataSet {
    const meta: DataSet = [];
    for (;;) {
      if (!this.#has(2)) {
        if (!this.whole) throw new MoreBytesNeeded();
        break;
      }
      if (this.#view.getUint16(this.offset, true) !== 2) break;
      meta.push(this.#element(0));
    }
    if (meta.length === 0) throw new Part10FormatError('The File Meta Information is missing.');
    return meta;
  }

  elements(end: number, depth: number): DataSet {
    const dataSet: DataSet = [];
    while (this.offset < end) {
      if (end === Infinity && !this.whole && this.offset === this.bytes.length) {
        throw new MoreBytesNeeded();
      }
      const tag = this.#peekTag();
      if (tag === ITEM_END && depth > 0) {
        this.offset += 8;
        return dataSet;
      }
      if (depth === 0 && PIXEL_DATA_TAGS.has(tag)) {
        this.pixelData = this.#pixelDataPlace();
        return dataSet;
      }
      const element = this.#element(depth);
      if (element.tag === '00280103')
        this.#signedPixels = element.value[this.#littleEndian ? 0 : 1] === 1;
      dataSet.push(element);
    }
    return dataSet;
  }

  #element(depth: number): DataElement {
    const { tag, vr, length } = this.#header();
    if (vr === 'SQ') return { tag, vr, value: new Uint8Array(), items: this.#items(length, depth) };
    if (length === UNDEFINED_LENGTH) {
      // PS3.5 section 6.2.2: UN of undefined length is a sequence in Implicit VR Little Endian.
      if (vr !== 'UN') throw new Part10FormatError(`${tag} has an undefined length.`);
      const implicit = this.#implicit;
      this.#implicit = true;
      const items = this.#items(length, depth);
      this.#implicit = implicit;
      return { tag, vr, value: new Uint8Array(), items };
    }
    this.#need(length);
    const value = this.bytes.subarray(this.offset, this.offset + length);
    this.offset += length;
    return { tag, vr, value };
  }

  #items(length: number, depth: number): DataSet[] {
    if (depth >= MAX_SEQUENCE_DEPTH) throw new Part10FormatError('Sequences are nested too deep.');
    const items: DataSet[] = [];
    const end = length === UNDEFINED_LENGTH ? Infinity : this.offset + length;
    if (end !== Infinity) this.#need(length);
    while (this.offset < end) {
      const tag = this.#peekTag();
      const itemLength = this.#view.getUint32(this.offset + 4, this.#littleEndian);
      this.offset += 8;
      if (tag === SEQUENCE_END) return items;
      if (tag !== ITEM) throw new Part10FormatError(`${tag} stands where an item must.`);
      if (itemLength === UNDEFINED_LENGTH) {
        items.push(this.elements(Infinity, depth + 1));
      } else {
        this.#need(itemLength);
        items.push(this.elements(this.offset + itemLength, depth + 1));
      }
    }
    return items;
  }

  #pixelDataPlace(): PixelDataPlace {
    const { vr, length } = this.#header();
    return { vr, offset: this.offset, length: length === UNDEFINED_LENGTH ? undefined : length };
  }

  #header(): { tag: string; vr: string; length: number } {
    const tag = this.#peekTag();
    this.offset += 4;
    if (this.#implicit) {
      const length = this.#view.getUint32(this.offset, true);
      this.offset += 4;
      const vr = implicitVr(tag, this.#signedPixels);
      // An unknown attribute of undefined length can only be a sequence.
      return { tag, vr: vr === 'UN' && length === UNDEFINED_LENGTH ? 'SQ' : vr, length };
    }
    const vr = String.fromCharCode(this.bytes[this.offset] ?? 0, this.bytes[this.offset + 1] ?? 0);
    if (!/^[A-Z]{2}$/.test(vr)) throw new Part10FormatError(`${tag} has no VR.`);
    if (!LONG_FORM_VRS.has(vr)) {
      const length = this.#view.getUint16(this.offset + 2, this.#littleEndian);
      this.offset += 4;
      return { tag, vr, length };
    }
    this.offset += 4;
    this.#need(4);
    const length = this.#view.getUint32(this.offset, this.#littleEndian);
    this.offset += 4;
    return { tag, vr, length };
  }

  #peekTag(): string {
    this.#need(8);
    const group = this.#view.getUint16(this.offset, this.#littleEndian);
    const element = this.#view.getUint16(this.offset + 2, this.#littleEndian);
    return (group * 0x1_0000 + element).toString(16).toUpperCase().padStart(8, '0');
  }

  #need(length: number): void {
    if (this.#has(length)) return;
    if (!this.whole) throw new MoreBytesNeeded();
    throw new Part10FormatError('The file ends within an element.');
  }

  #has(length: number): boolean {
    return this.offset + length <= this.bytes.length;
  }
}
