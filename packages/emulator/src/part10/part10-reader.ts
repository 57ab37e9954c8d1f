import { inflateRawSync } from 'node:zlib';
import { asciiValue, latin1Text, LONG_FORM_VRS } from './data-set.ts';
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
const ITEM = 0xfffe_e000;
const ITEM_END = 0xfffe_e00d;
const SEQUENCE_END = 0xfffe_e0dd;
/** Float Pixel Data, Double Float Pixel Data and Pixel Data. */
const PIXEL_DATA_TAGS: ReadonlySet<number> = new Set([0x7fe0_0008, 0x7fe0_0009, 0x7fe0_0010]);
const MAX_KNOWN_TAGS = 20_000;
const NO_BYTES = new Uint8Array();

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
  /** Elements before the pixel data; those behind it are added by `addTrailingElements`. */
  dataSet: DataSet;
  littleEndian: boolean;
  pixelData?: PixelDataPlace;
  /** The data set's bytes, when the Transfer Syntax is the deflated one. */
  inflated?: Uint8Array;
}

/** Whether the bytes begin like a Part 10 file (PS3.10 section 7.1). */
export function hasPart10Prefix(bytes: Uint8Array): boolean {
  return latin1Text(bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4)) === 'DICM';
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

/** The elements of bytes, up to the first which is cut or none. */
export function readElements(bytes: Uint8Array, transferSyntaxUID: string): DataSet {
  return new ElementReader(bytes, true, transferSyntaxUID).wholeElements();
}

const bytesEnd = (reader: ElementReader) => (reader.whole ? reader.bytes.length : Infinity);

function inflate(bytes: Uint8Array): Uint8Array {
  try {
    return inflateRawSync(bytes);
  } catch (cause) {
    throw new Part10FormatError('The deflated data set cannot be inflated.', { cause });
  }
}

/** Tags in words by number, VRs by their two letters: worked out once rather than for each element. */
const TAGS = new Map<number, string>();
const VRS = new Map<number, string>();

function tagText(number: number): string {
  const known = TAGS.get(number);
  if (known !== undefined) return known;
  const tag = number.toString(16).toUpperCase().padStart(8, '0');
  if (TAGS.size < MAX_KNOWN_TAGS) TAGS.set(number, tag);
  return tag;
}

/** `undefined` for letters which are no VR. */
function vrText(first: number, second: number): string | undefined {
  const letters = first * 256 + second;
  const known = VRS.get(letters);
  if (known !== undefined) return known;
  const vr = String.fromCharCode(first, second);
  if (!/^[A-Z]{2}$/.test(vr)) return undefined;
  VRS.set(letters, vr);
  return vr;
}

/** An element whose value is cut out of the file's bytes when it is asked for. */
class ElementInFile implements DataElement {
  readonly tag: string;
  readonly vr: string;
  readonly #file: Buffer;
  readonly #offset: number;
  readonly #length: number;
  #latin1: string | undefined;

  constructor(tag: string, vr: string, file: Buffer, offset: number, length: number) {
    this.tag = tag;
    this.vr = vr;
    this.#file = file;
    this.#offset = offset;
    this.#length = length;
  }

  get value(): Uint8Array {
    return this.#file.subarray(this.#offset, this.#offset + this.#length);
  }

  get latin1(): string {
    return (this.#latin1 ??= this.#file.toString(
      'latin1',
      this.#offset,
      this.#offset + this.#length
    ));
  }
}

class ElementReader {
  readonly bytes: Uint8Array;
  readonly whole: boolean;
  readonly #buffer: Buffer;
  readonly #view: DataView;
  readonly #littleEndian: boolean;
  #implicit: boolean;
  #signedPixels = false;
  offset = 0;
  pixelData: PixelDataPlace | undefined;

  constructor(bytes: Uint8Array, whole: boolean, transferSyntaxUID: string) {
    this.bytes = bytes;
    this.whole = whole;
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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

  wholeElements(): DataSet {
    const dataSet: DataSet = [];
    try {
      while (this.offset < this.bytes.length) dataSet.push(this.#element(0));
    } catch (error) {
      if (!(error instanceof Part10FormatError)) throw error;
    }
    return dataSet;
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
      if (depth === 0 && tag >= 0x7fe0_0008 && PIXEL_DATA_TAGS.has(tag)) {
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
    if (vr === 'SQ') return { tag, vr, value: NO_BYTES, items: this.#items(length, depth) };
    if (length === UNDEFINED_LENGTH) {
      // PS3.5 section 6.2.2: UN of undefined length is a sequence in Implicit VR Little Endian.
      if (vr !== 'UN') throw new Part10FormatError(`${tag} has an undefined length.`);
      const implicit = this.#implicit;
      this.#implicit = true;
      const items = this.#items(length, depth);
      this.#implicit = implicit;
      return { tag, vr, value: NO_BYTES, items };
    }
    this.#need(length);
    const element = new ElementInFile(tag, vr, this.#buffer, this.offset, length);
    this.offset += length;
    return element;
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
      if (tag !== ITEM) throw new Part10FormatError(`${tagText(tag)} stands where an item must.`);
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
    const tag = tagText(this.#peekTag());
    this.offset += 4;
    if (this.#implicit) {
      const length = this.#view.getUint32(this.offset, true);
      this.offset += 4;
      const vr = implicitVr(tag, this.#signedPixels);
      // An unknown attribute of undefined length can only be a sequence.
      return { tag, vr: vr === 'UN' && length === UNDEFINED_LENGTH ? 'SQ' : vr, length };
    }
    const vr = vrText(this.bytes[this.offset] ?? 0, this.bytes[this.offset + 1] ?? 0);
    if (vr === undefined) throw new Part10FormatError(`${tag} has no VR.`);
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

  #peekTag(): number {
    this.#need(8);
    const group = this.#view.getUint16(this.offset, this.#littleEndian);
    const element = this.#view.getUint16(this.offset + 2, this.#littleEndian);
    return group * 0x1_0000 + element;
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
