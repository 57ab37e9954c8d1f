/**
 * Writes Part 10 files element by element, for tests. It shares no code with the reader, and it
 * writes what it is told: wrong values, odd lengths and missing elements too.
 */
import { deflateRawSync } from 'node:zlib';

export const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';
const LONG_FORM = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ');

/** A value: text (padded to even length), bytes, numbers of a binary VR, or items. */
export type BuilderValue = string | Uint8Array | number[] | BuilderElements[];

/** Elements by tag: `[vr, value]`. `undefined` leaves an element out. */
export type BuilderElements = Record<
  string,
  readonly [vr: string, value: BuilderValue] | undefined
>;

/** How a file is to be written. */
export interface BuilderOptions {
  /** Default Explicit VR Little Endian. */
  transferSyntax?: string;
  /** Compressed frames' fragments: the first entry is the Basic Offset Table. */
  fragments?: Uint8Array[];
  /** Write sequences and items with undefined lengths. */
  undefinedLengths?: boolean;
}

let lastUid = 0;

/** A new UID below the example root 2.25. */
export function newUid(): string {
  lastUid += 1;
  return `2.25.${Date.now()}.${process.pid}.${lastUid}`;
}

/** A valid small instance: 4 x 4 pixels of 16 bits; `changes` are laid over it. */
export function instanceElements(changes: BuilderElements = {}): BuilderElements {
  return {
    '00080016': ['UI', CT_IMAGE_STORAGE],
    '00080018': ['UI', newUid()],
    '00080020': ['DA', '20240131'],
    '00080030': ['TM', '101500'],
    '00080050': ['SH', 'ACC-1'],
    '00080060': ['CS', 'CT'],
    '00080090': ['PN', 'Referrer^Rita'],
    '00081030': ['LO', 'Chest'],
    '00081090': ['LO', 'Model 1'],
    '00100010': ['PN', 'Test^Tina'],
    '00100020': ['LO', 'PID-1'],
    '00100030': ['DA', '19700102'],
    '0020000D': ['UI', newUid()],
    '0020000E': ['UI', newUid()],
    '00200011': ['IS', '3'],
    '00200013': ['IS', '7'],
    '00280002': ['US', [1]],
    '00280004': ['CS', 'MONOCHROME2'],
    '00280010': ['US', [4]],
    '00280011': ['US', [4]],
    '00280100': ['US', [16]],
    '00280101': ['US', [16]],
    '00280102': ['US', [15]],
    '00280103': ['US', [0]],
    '7FE00010': ['OW', Array.from({ length: 16 }, (_, index) => index * 100)],
    ...changes,
  };
}

/** Writes a Part 10 file. */
export function buildPart10(elements: BuilderElements, options: BuilderOptions = {}): Buffer {
  const { transferSyntax = '1.2.840.10008.1.2.1' } = options;
  const meta = new Writer('1.2.840.10008.1.2.1', options).elements({
    '00020001': ['OB', new Uint8Array([0, 1])],
    '00020002': elements['00080016'],
    '00020003': elements['00080018'],
    '00020010': ['UI', transferSyntax],
    '00020012': ['UI', '2.25.1'],
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const dataSet = new Writer(transferSyntax, options).elements(elements);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    new Writer('1.2.840.10008.1.2.1', options).elements({ '00020000': ['UL', length] }),
    meta,
    transferSyntax === '1.2.840.10008.1.2.1.99' ? deflateRawSync(dataSet) : dataSet,
  ]);
}

class Writer {
  readonly #implicit: boolean;
  readonly #big: boolean;
  readonly #options: BuilderOptions;

  constructor(transferSyntax: string, options: BuilderOptions) {
    this.#implicit = transferSyntax === '1.2.840.10008.1.2';
    this.#big = transferSyntax === '1.2.840.10008.1.2.2';
    this.#options = options;
  }

  elements(elements: BuilderElements): Buffer {
    const tags = Object.keys(elements).sort();
    return Buffer.concat(tags.map(tag => this.#element(tag, elements[tag])));
  }

  #element(tag: string, element: BuilderElements[string]): Buffer {
    if (!element) return Buffer.alloc(0);
    const [vr, value] = element;
    const { fragments, undefinedLengths } = this.#options;
    if (tag === '7FE00010' && fragments) {
      const items = fragments.map(one => Buffer.concat([this.#item('FFFEE000', one.length), one]));
      const end = this.#item('FFFEE0DD', 0);
      return Buffer.concat([this.#head(tag, 'OB', 0xffff_ffff), ...items, end]);
    }
    if (vr === 'SQ') {
      const content = this.#items(value as BuilderElements[]);
      if (!undefinedLengths) {
        return Buffer.concat([this.#head(tag, vr, content.length), content]);
      }
      const end = this.#item('FFFEE0DD', 0);
      return Buffer.concat([this.#head(tag, vr, 0xffff_ffff), content, end]);
    }
    const bytes = this.#bytes(vr, value);
    return Buffer.concat([this.#head(tag, vr, bytes.length), bytes]);
  }

  #items(items: readonly BuilderElements[]): Buffer {
    return Buffer.concat(
      items.flatMap(item => {
        const content = this.elements(item);
        return this.#options.undefinedLengths
          ? [this.#item('FFFEE000', 0xffff_ffff), content, this.#item('FFFEE00D', 0)]
          : [this.#item('FFFEE000', content.length), content];
      })
    );
  }

  #bytes(vr: string, value: BuilderValue): Buffer {
    if (typeof value === 'string') {
      const text = Buffer.from(value);
      const padding = Buffer.from(text.length % 2 === 0 ? '' : vr === 'UI' ? '\0' : ' ');
      return Buffer.concat([text, padding]);
    }
    if (value instanceof Uint8Array) return Buffer.from(value);
    const size = { FD: 8, FL: 4, SL: 4, UL: 4, OB: 1 }[vr] ?? 2;
    return Buffer.concat((value as number[]).map(number => this.#number(vr, number, size)));
  }

  #number(vr: string, number: number, size: number): Buffer {
    const bytes = Buffer.alloc(size);
    if (vr === 'FD') bytes.writeDoubleLE(number);
    else if (vr === 'FL') bytes.writeFloatLE(number);
    else if (vr === 'SS' || vr === 'SL') bytes.writeIntLE(number, 0, size);
    else bytes.writeUIntLE(number, 0, size);
    return this.#big ? bytes.reverse() : bytes;
  }

  #head(tag: string, vr: string, length: number): Buffer {
    if (this.#implicit) return this.#item(tag, length);
    if (LONG_FORM.includes(vr)) {
      return Buffer.concat([this.#tag(tag), Buffer.from(vr), Buffer.alloc(2), this.#u32(length)]);
    }
    return Buffer.concat([this.#tag(tag), Buffer.from(vr), this.#u16(length)]);
  }

  #item(tag: string, length: number): Buffer {
    return Buffer.concat([this.#tag(tag), this.#u32(length)]);
  }

  #tag(tag: string): Buffer {
    const part = (from: number) => this.#u16(Number.parseInt(tag.slice(from, from + 4), 16));
    return Buffer.concat([part(0), part(4)]);
  }

  #u16(value: number): Buffer {
    const bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
    return this.#big ? bytes.reverse() : bytes;
  }

  #u32(value: number): Buffer {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.#big ? bytes.reverse() : bytes;
  }
}
