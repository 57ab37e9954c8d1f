import type { DicomJsonElement } from './dicom-json.ts';

/** VRs of text, and what a value of odd length is padded with. @see PS3.5 6.2 */
const TEXT = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));
const BYTES = new Set('OB OD OF OL OV OW UN'.split(' '));

interface NumberFormat {
  readonly size: number;
  write(view: DataView, at: number, value: unknown): void;
}

const NUMBERS: Readonly<Record<string, NumberFormat>> = {
  US: { size: 2, write: (view, at, value) => view.setUint16(at, Number(value), true) },
  SS: { size: 2, write: (view, at, value) => view.setInt16(at, Number(value), true) },
  UL: { size: 4, write: (view, at, value) => view.setUint32(at, Number(value), true) },
  SL: { size: 4, write: (view, at, value) => view.setInt32(at, Number(value), true) },
  FL: { size: 4, write: (view, at, value) => view.setFloat32(at, Number(value), true) },
  FD: { size: 8, write: (view, at, value) => view.setFloat64(at, Number(value), true) },
  UV: { size: 8, write: (view, at, value) => view.setBigUint64(at, asBigInt(value), true) },
  SV: { size: 8, write: (view, at, value) => view.setBigInt64(at, asBigInt(value), true) },
  AT: { size: 4, write: writeTag },
};

/** The bounds of whole numbers: what is outside would be cut to something else. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  US: [0, 0xffff],
  SS: [-0x8000, 0x7fff],
  UL: [0, 0xffffffff],
  SL: [-0x80000000, 0x7fffffff],
};

/** JSON has 64-bit numbers as texts. @see PS3.18 F.2.3.1 */
function asBigInt(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(value as string | number);
}

function writeTag(view: DataView, at: number, value: unknown): void {
  const tag = typeof value === 'number' ? value : Number.parseInt(String(value), 16);
  view.setUint16(at, Math.floor(tag / 0x10000), true);
  view.setUint16(at + 2, tag % 0x10000, true);
}

/** A number as a decimal string of at most 16 characters. @see PS3.5 6.2 DS */
function decimalString(value: number): string {
  let text = String(value);
  for (let digits = 15; text.length > 16 && digits > 0; digits -= 1) {
    text = String(Number(value.toPrecision(digits)));
  }
  return text;
}

function textOf(vr: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return vr === 'DS' ? decimalString(value) : String(value);
  if (vr === 'PN' && typeof value === 'object') {
    const { Alphabetic, Ideographic, Phonetic } = value as Record<string, unknown>;
    const groups = [Alphabetic, Ideographic, Phonetic].map(group =>
      typeof group === 'string' ? group : ''
    );
    return groups.join('=').replace(/=+$/, '');
  }
  return String(value);
}

function padded(bytes: Uint8Array, pad: number): Uint8Array {
  if (bytes.length % 2 === 0) return bytes;
  const even = new Uint8Array(bytes.length + 1);
  even.set(bytes);
  even[bytes.length] = pad;
  return even;
}

function binaryOf({ InlineBinary, Value }: DicomJsonElement): Uint8Array | undefined {
  if (typeof InlineBinary === 'string') {
    return Uint8Array.from(atob(InlineBinary), character => character.charCodeAt(0));
  }
  const [value] = Value ?? [];
  if (value === undefined || value === null) return new Uint8Array(0);
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return undefined;
}

/**
 * The value of an attribute, but for sequences, in Explicit VR Little Endian.
 * @param name - for messages.
 * @throws TypeError which names the attribute and what was expected.
 * @see PS3.5 6.2, PS3.18 F.2
 */
export function encodeValue(name: string, vr: string, element: DicomJsonElement): Uint8Array {
  if (element.BulkDataURI !== undefined) {
    throw new TypeError(`${name}: expected InlineBinary or a value, not a BulkDataURI`);
  }
  const values = element.Value ?? [];
  if (TEXT.has(vr)) {
    const text = values.map(value => textOf(vr, value)).join('\\');
    return padded(new TextEncoder().encode(text), vr === 'UI' ? 0 : 0x20);
  }
  if (BYTES.has(vr)) {
    const bytes = binaryOf(element);
    if (!bytes) throw new TypeError(`${name}: expected InlineBinary, or bytes as its only value`);
    return padded(bytes, 0);
  }
  const format = NUMBERS[vr];
  if (!format) throw new TypeError(`${name}: expected a VR of PS3.5 6.2`);
  const [least, most] = BOUNDS[vr] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const bytes = new Uint8Array(values.length * format.size);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) {
    const isWithin = vr === 'AT' || (Number(value) >= least && Number(value) <= most);
    if (value === null || !isWithin) throw new TypeError(`${name}: expected numbers of VR ${vr}`);
    format.write(view, index * format.size, value);
  }
  return bytes;
}
