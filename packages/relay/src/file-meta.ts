/** What the File Meta Information of a Part 10 stream tells. */
export interface FileMeta {
  readonly sopInstanceUID?: string;
  readonly transferSyntaxUID?: string;
  /** Where the data set begins, in bytes from the start of the stream. */
  readonly dataSetOffset: number;
}

export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

const PREAMBLE_BYTES = 128;
const META_START = PREAMBLE_BYTES + 4;
/** File Meta Information longer than this is not looked at, in bytes. */
export const MAX_META_BYTES = 65_536;

/** VRs whose length has 32 bits. @see PS3.5 7.1.2 */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));

/** An element of the File Meta Information, which is always Explicit VR Little Endian. */
export interface MetaElement {
  readonly element: number;
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** The elements of group 0002 that are there as a whole, and whether the group has ended. */
export function metaElements(bytes: Buffer): {
  elements: MetaElement[];
  isEnded: boolean;
  end: number;
} {
  const elements: MetaElement[] = [];
  let at = META_START;
  while (at + 8 <= bytes.length) {
    if (bytes.readUInt16LE(at) !== 0x0002) return { elements, isEnded: true, end: at };
    const isLong = LONG_VRS.has(bytes.toString('latin1', at + 4, at + 6));
    if (isLong && at + 12 > bytes.length) break;
    const valueStart = at + (isLong ? 12 : 8);
    const end = valueStart + (isLong ? bytes.readUInt32LE(at + 8) : bytes.readUInt16LE(at + 6));
    if (end > bytes.length) break;
    elements.push({ element: bytes.readUInt16LE(at + 2), start: at, valueStart, end });
    at = end;
  }
  return { elements, isEnded: false, end: at };
}

function uidAt(bytes: Buffer, element: MetaElement | undefined): string | undefined {
  if (!element) return undefined;
  const text = bytes.toString('latin1', element.valueStart, element.end).replace(/[\0 ]+$/, '');
  return /^[0-9.]{1,64}$/.test(text) ? text : undefined;
}

/**
 * Reads the File Meta Information at the start of a Part 10 stream.
 * @param bytes - the stream's first bytes.
 * @param isWhole - the stream has no more.
 * @returns `more`: more bytes are needed; undefined: this is no Part 10 stream. Never throws.
 * @see PS3.10 7.1
 */
export function readFileMeta(bytes: Buffer, isWhole: boolean): FileMeta | 'more' | undefined {
  if (bytes.length < META_START) return isWhole ? undefined : 'more';
  if (bytes.toString('latin1', PREAMBLE_BYTES, META_START) !== 'DICM') return undefined;
  const { elements, isEnded, end } = metaElements(bytes);
  if (!isEnded && !isWhole) return bytes.length < MAX_META_BYTES ? 'more' : undefined;
  const find = (wanted: number) => elements.find(({ element }) => element === wanted);
  return {
    sopInstanceUID: uidAt(bytes, find(0x0003)),
    transferSyntaxUID: uidAt(bytes, find(0x0010)),
    dataSetOffset: end,
  };
}
