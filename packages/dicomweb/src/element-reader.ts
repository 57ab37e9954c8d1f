/** How the elements of a data set are encoded. @see PS3.5 7.1, A.1, A.2, A.3 */
export interface Encoding {
  readonly explicitVR: boolean;
  readonly littleEndian: boolean;
}

export const EXPLICIT_LITTLE_ENDIAN: Encoding = { explicitVR: true, littleEndian: true };
export const IMPLICIT_LITTLE_ENDIAN: Encoding = { explicitVR: false, littleEndian: true };
export const EXPLICIT_BIG_ENDIAN: Encoding = { explicitVR: true, littleEndian: false };

/** One element of the outermost level. */
export interface Element {
  /** Group and element number, as in `0x0020000d`. */
  readonly tag: number;
  /** Absent in Implicit VR. */
  readonly vr: string | undefined;
  /** Offsets of the value: first byte, and the byte after the last one. */
  readonly start: number;
  readonly end: number;
  /** The value is a sequence, or fragments, that end with a delimiter. */
  readonly isUndefinedLength: boolean;
}

interface Header {
  readonly tag: number;
  readonly vr: string | undefined;
  readonly start: number;
  readonly length: number;
}

const UNDEFINED_LENGTH = 0xffffffff;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;

/** VRs whose length has 32 bits. @see PS3.5 7.1.2 */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** Nesting beyond this is taken for an attack. */
const MAX_DEPTH = 64;

function readHeader(view: DataView, offset: number, encoding: Encoding): Header | undefined {
  const { littleEndian } = encoding;
  if (offset + 8 > view.byteLength) return undefined;
  const tag =
    view.getUint16(offset, littleEndian) * 0x10000 + view.getUint16(offset + 2, littleEndian);
  // Items and delimiters never have a VR (PS3.5 7.5).
  if (!encoding.explicitVR || Math.floor(tag / 0x10000) === 0xfffe) {
    return {
      tag,
      vr: undefined,
      start: offset + 8,
      length: view.getUint32(offset + 4, littleEndian),
    };
  }
  const vr = String.fromCharCode(view.getUint8(offset + 4), view.getUint8(offset + 5));
  if (!/^[A-Z]{2}$/.test(vr)) return undefined;
  if (!LONG_VRS.has(vr)) {
    return { tag, vr, start: offset + 8, length: view.getUint16(offset + 6, littleEndian) };
  }
  if (offset + 12 > view.byteLength) return undefined;
  return { tag, vr, start: offset + 12, length: view.getUint32(offset + 8, littleEndian) };
}

/** The offset behind a value of undefined length (a sequence, or encapsulated fragments); undefined when it has no end. */
function endOfUndefined(
  view: DataView,
  header: Header,
  encoding: Encoding,
  depth: number
): number | undefined {
  if (depth > MAX_DEPTH) return undefined;
  // A value of unknown VR and undefined length is a sequence in Implicit VR Little Endian (PS3.5 6.2.2).
  const inner = header.vr === 'UN' ? IMPLICIT_LITTLE_ENDIAN : encoding;
  let at = header.start;
  for (;;) {
    const item = readHeader(view, at, inner);
    if (!item) return undefined;
    if (item.tag === SEQUENCE_END) return item.start;
    if (item.tag !== ITEM) return undefined;
    const end =
      item.length === UNDEFINED_LENGTH
        ? endOfItem(view, item.start, inner, depth + 1)
        : item.start + item.length;
    if (end === undefined || end > view.byteLength) return undefined;
    at = end;
  }
}

/** The offset behind an item of undefined length. */
function endOfItem(
  view: DataView,
  start: number,
  encoding: Encoding,
  depth: number
): number | undefined {
  let at = start;
  for (;;) {
    const header = readHeader(view, at, encoding);
    if (!header) return undefined;
    if (header.tag === ITEM_END) return header.start;
    const end = endOfValue(view, header, encoding, depth);
    if (end === undefined || end > view.byteLength) return undefined;
    at = end;
  }
}

function endOfValue(
  view: DataView,
  header: Header,
  encoding: Encoding,
  depth: number
): number | undefined {
  return header.length === UNDEFINED_LENGTH
    ? endOfUndefined(view, header, encoding, depth)
    : header.start + header.length;
}

/**
 * The elements of the outermost level, from `offset` on. Ends quietly where the bytes are no elements any more, or are cut; never throws.
 * @see PS3.5 7
 */
export function* elements(
  bytes: Uint8Array,
  offset: number,
  encoding: Encoding
): Generator<Element, void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = offset;
  for (;;) {
    const header = readHeader(view, at, encoding);
    if (!header) return;
    const end = endOfValue(view, header, encoding, 0);
    if (end === undefined || end > view.byteLength) return;
    const isUndefinedLength = header.length === UNDEFINED_LENGTH;
    yield { tag: header.tag, vr: header.vr, start: header.start, end, isUndefinedLength };
    at = end;
  }
}
