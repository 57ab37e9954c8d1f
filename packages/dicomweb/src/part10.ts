import {
  elements,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from './element-reader.ts';
import type { Element, Encoding } from './element-reader.ts';

/** What names an instance. A field is undefined when it is absent or not readable. */
export interface InstanceIdentity {
  readonly sopClassUID?: string;
  readonly sopInstanceUID?: string;
  readonly studyInstanceUID?: string;
  readonly seriesInstanceUID?: string;
  readonly transferSyntaxUID?: string;
  /** Patient data: never to a log. */
  readonly patientID?: string;
}

/** The value of an encapsulated document. */
export interface EncapsulatedDocument {
  /** A view into the instance's bytes. */
  readonly bytes: Uint8Array;
  /** (0042,0012), for example `application/pdf`. */
  readonly mimeType: string | undefined;
}

const PREAMBLE_BYTES = 128;
const DEFLATED = '1.2.840.10008.1.2.1.99';
const ENCODINGS: Readonly<Record<string, Encoding>> = {
  '1.2.840.10008.1.2': IMPLICIT_LITTLE_ENDIAN,
  '1.2.840.10008.1.2.2': EXPLICIT_BIG_ENDIAN,
};

const TAG = {
  mediaStorageSOPClassUID: 0x00020002,
  mediaStorageSOPInstanceUID: 0x00020003,
  transferSyntaxUID: 0x00020010,
  sopClassUID: 0x00080016,
  sopInstanceUID: 0x00080018,
  patientID: 0x00100020,
  studyInstanceUID: 0x0020000d,
  seriesInstanceUID: 0x0020000e,
  encapsulatedDocument: 0x00420011,
  mimeType: 0x00420012,
  encapsulatedDocumentLength: 0x00420015,
} as const;

/** The longest text that is decoded, in bytes; all that are asked for are shorter. */
const MAX_TEXT_BYTES = 1024;

function textOf(bytes: Uint8Array, element: Element): string | undefined {
  const end = Math.min(element.end, element.start + MAX_TEXT_BYTES);
  const text = new TextDecoder().decode(bytes.subarray(element.start, end));
  // Padding: a space, NUL for UIDs (PS3.5 6.2).
  return text.replace(/[\0 ]+$/, '').trimStart() || undefined;
}

function uidOf(bytes: Uint8Array, element: Element): string | undefined {
  const text = textOf(bytes, element);
  return text && /^[0-9.]{1,64}$/.test(text) ? text : undefined;
}

interface FileMeta {
  readonly sopClassUID?: string;
  readonly sopInstanceUID?: string;
  readonly transferSyntaxUID?: string;
  /** Where the data set begins. */
  readonly dataSetOffset: number;
}

/** Reads the File Meta Information. @see PS3.10 7.1 */
function readFileMeta(bytes: Uint8Array): FileMeta | undefined {
  const prefix = String.fromCharCode(...bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4));
  if (prefix !== 'DICM') return undefined;
  let dataSetOffset = PREAMBLE_BYTES + 4;
  const found: { -readonly [Name in keyof FileMeta]?: FileMeta[Name] } = {};
  for (const element of elements(bytes, dataSetOffset, EXPLICIT_LITTLE_ENDIAN)) {
    if (element.tag >>> 16 !== 0x0002) break;
    dataSetOffset = element.end;
    if (element.tag === TAG.mediaStorageSOPClassUID) found.sopClassUID = uidOf(bytes, element);
    if (element.tag === TAG.mediaStorageSOPInstanceUID)
      found.sopInstanceUID = uidOf(bytes, element);
    if (element.tag === TAG.transferSyntaxUID) found.transferSyntaxUID = uidOf(bytes, element);
  }
  return { ...found, dataSetOffset };
}

/** How the data set is encoded; undefined when it cannot be read without inflating it. */
function dataSetEncoding(bytes: Uint8Array, meta: FileMeta): Encoding | undefined {
  const { transferSyntaxUID, dataSetOffset } = meta;
  if (transferSyntaxUID === DEFLATED) return undefined;
  if (transferSyntaxUID !== undefined) {
    return Object.hasOwn(ENCODINGS, transferSyntaxUID)
      ? ENCODINGS[transferSyntaxUID]
      : EXPLICIT_LITTLE_ENDIAN;
  }
  const vr = String.fromCharCode(...bytes.subarray(dataSetOffset + 4, dataSetOffset + 6));
  return /^[A-Z]{2}$/.test(vr) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
}

/** Where an instance's data set begins, and how it is encoded; undefined when it is deflated or not Part 10. */
export function dataSetOf(
  bytes: Uint8Array
): { offset: number; encoding: Encoding; transferSyntaxUID: string | undefined } | undefined {
  const meta = readFileMeta(bytes);
  const encoding = meta && dataSetEncoding(bytes, meta);
  if (!encoding) return undefined;
  return { offset: meta.dataSetOffset, encoding, transferSyntaxUID: meta.transferSyntaxUID };
}

/** Tells whether the bytes begin like a Part 10 instance: preamble and `DICM`. @see PS3.10 7.1 */
export function isPart10(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(PREAMBLE_BYTES, PREAMBLE_BYTES + 4)) === 'DICM';
}

/**
 * Reads what names an instance from its Part 10 bytes: Explicit VR Little Endian (compressed ones, too), Implicit VR Little Endian, Explicit VR
 * Big Endian. Of a deflated data set only what the File Meta Information says is known, unless it can be inflated. The beginning of an
 * instance is enough, up to its StudyInstanceUID and SeriesInstanceUID.
 * @param inflate - inflates the beginning of a data set (RFC 1951), as far as it goes; must not throw.
 * @returns never throws: what cannot be read is undefined.
 * @see PS3.10 7.1, PS3.5 7
 */
export function readIdentity(
  bytes: Uint8Array,
  inflate?: (deflated: Uint8Array) => Uint8Array
): InstanceIdentity {
  const meta = readFileMeta(bytes);
  if (!meta) return {};
  if (meta.transferSyntaxUID === DEFLATED && inflate) {
    const dataSet = inflate(bytes.subarray(meta.dataSetOffset));
    return readDataSet(dataSet, { ...meta, dataSetOffset: 0 }, EXPLICIT_LITTLE_ENDIAN);
  }
  return readDataSet(bytes, meta, dataSetEncoding(bytes, meta));
}

function readDataSet(
  bytes: Uint8Array,
  meta: FileMeta,
  encoding: Encoding | undefined
): InstanceIdentity {
  const found: { -readonly [Name in keyof InstanceIdentity]: InstanceIdentity[Name] } = {
    sopClassUID: meta.sopClassUID,
    sopInstanceUID: meta.sopInstanceUID,
    transferSyntaxUID: meta.transferSyntaxUID,
  };
  if (!encoding) return found;
  for (const element of elements(bytes, meta.dataSetOffset, encoding)) {
    if (element.tag > TAG.seriesInstanceUID) break;
    switch (element.tag) {
      case TAG.sopClassUID:
        found.sopClassUID = uidOf(bytes, element) ?? found.sopClassUID;
        break;
      case TAG.sopInstanceUID:
        found.sopInstanceUID = uidOf(bytes, element) ?? found.sopInstanceUID;
        break;
      case TAG.patientID:
        found.patientID = textOf(bytes, element);
        break;
      case TAG.studyInstanceUID:
        found.studyInstanceUID = uidOf(bytes, element);
        break;
      case TAG.seriesInstanceUID:
        found.seriesInstanceUID = uidOf(bytes, element);
        break;
    }
  }
  return found;
}

/**
 * The document in an Encapsulated PDF, CDA or STL instance: the value of (0042,0011) without its padding byte, where (0042,0015) tells the length.
 * @returns undefined when there is none, or when the bytes are not readable; never throws.
 * @see PS3.3 C.24.2
 */
export function encapsulatedDocument(bytes: Uint8Array): EncapsulatedDocument | undefined {
  const meta = readFileMeta(bytes);
  const encoding = meta && dataSetEncoding(bytes, meta);
  if (!encoding) return undefined;
  let document: Uint8Array | undefined;
  let mimeType: string | undefined;
  let length: number | undefined;
  for (const element of elements(bytes, meta.dataSetOffset, encoding)) {
    if (element.tag > TAG.encapsulatedDocumentLength) break;
    if (element.tag === TAG.encapsulatedDocument) {
      document = bytes.subarray(element.start, element.end);
    } else if (element.tag === TAG.mimeType) {
      mimeType = textOf(bytes, element);
    } else if (
      element.tag === TAG.encapsulatedDocumentLength &&
      element.end - element.start === 4
    ) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + element.start, 4);
      length = view.getUint32(0, encoding.littleEndian);
    }
  }
  if (!document || document.length === 0) return undefined;
  return { bytes: document.subarray(0, length || document.length), mimeType };
}
