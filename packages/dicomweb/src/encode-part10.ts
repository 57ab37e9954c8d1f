import { isDicomJson, stringOf } from './dicom-json.ts';
import type { DicomJson, DicomJsonElement } from './dicom-json.ts';
import { encodeValue } from './encode-value.ts';

/** Says who wrote a file: (0002,0012) and (0002,0013). A UID of ours, by PS3.5 B.2. */
const IMPLEMENTATION_CLASS_UID = '2.25.157033861437422904829148936180418276335';
const IMPLEMENTATION_VERSION_NAME = 'OHIF_AZURE_0_1';
const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** VRs whose length has 32 bits. @see PS3.5 7.1.2 */
const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const MAX_SHORT_LENGTH = 0xfffe;
const MAX_DEPTH = 64;

function nameOf(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`;
}

function header(tag: string, vr: string, length: number): Uint8Array {
  const isLong = LONG_VRS.has(vr);
  if (!isLong && length > MAX_SHORT_LENGTH) {
    throw new TypeError(`${nameOf(tag)}: expected at most ${MAX_SHORT_LENGTH} bytes for VR ${vr}`);
  }
  const bytes = new Uint8Array(isLong ? 12 : 8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  bytes[4] = vr.charCodeAt(0);
  bytes[5] = vr.charCodeAt(1);
  if (isLong) view.setUint32(8, length, true);
  else view.setUint16(6, length, true);
  return bytes;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function itemHeader(length: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, 0xe000, true);
  view.setUint32(4, length, true);
  return bytes;
}

function encodeElement(tag: string, element: DicomJsonElement, depth: number): Uint8Array[] {
  const { vr } = element;
  if (typeof vr !== 'string' || !/^[A-Z]{2}$/.test(vr)) {
    throw new TypeError(`${nameOf(tag)}: expected a vr`);
  }
  if (vr !== 'SQ') {
    const value = encodeValue(nameOf(tag), vr, element);
    return [header(tag, vr, value.length), value];
  }
  const items = (element.Value ?? []).flatMap(item => {
    if (!isDicomJson(item)) throw new TypeError(`${nameOf(tag)}: expected data sets as its items`);
    const content = encodeDataSet(item, depth + 1);
    return [itemHeader(content.length), content];
  });
  const value = joined(items);
  return [header(tag, vr, value.length), value];
}

/** Elements in the order of their tags. Group lengths and the File Meta Information are no part of a data set. */
function encodeDataSet(dataset: DicomJson, depth: number): Uint8Array {
  if (depth > MAX_DEPTH) throw new TypeError(`dataset: expected at most ${MAX_DEPTH} levels`);
  const tags = Object.keys(dataset).map(tag => {
    if (!/^[0-9A-Fa-f]{8}$/.test(tag)) {
      throw new TypeError(
        'dataset: expected attributes by tag, like 0020000D (of dcmjs: a denaturalized data set)'
      );
    }
    return tag;
  });
  const order = (tag: string): string => tag.toUpperCase();
  const pieces = tags
    .filter(tag => !/^000[02]/.test(tag) && !tag.endsWith('0000'))
    .sort((first, second) => (order(first) < order(second) ? -1 : 1))
    .flatMap(tag => encodeElement(order(tag), dataset[tag] ?? {}, depth));
  return joined(pieces);
}

/** Whether a text of a data set has other characters than ASCII's. */
function hasOtherCharacters(dataset: DicomJson): boolean {
  return Object.values(dataset).some(({ vr, Value = [] }) =>
    Value.some(value =>
      vr === 'SQ'
        ? isDicomJson(value) && hasOtherCharacters(value)
        : typeof value === 'string'
          ? hasNonASCII(value)
          : typeof value === 'object' &&
            value !== null &&
            Object.values(value).some(text => typeof text === 'string' && hasNonASCII(text))
    )
  );
}

function hasNonASCII(text: string): boolean {
  return [...text].some(character => character > '\u007f');
}

/** The character set that the texts are written in is UTF-8, in items as well. */
function withoutCharacterSets(dataset: DicomJson): DicomJson {
  return Object.fromEntries(
    Object.entries(dataset)
      .filter(([tag]) => tag !== '00080005')
      .map(([tag, element]) => {
        if (element.vr !== 'SQ') return [tag, element];
        const items = (element.Value ?? []).map(item =>
          isDicomJson(item) ? withoutCharacterSets(item) : item
        );
        return [tag, { ...element, Value: items }];
      })
  );
}

/**
 * Writes a data set as a Part 10 instance in Explicit VR Little Endian, with a File Meta Information of its own. Texts with other characters
 * than ASCII's are written as UTF-8 (ISO_IR 192), whatever the data set's SpecificCharacterSet says.
 * @param dataset - in the DICOM JSON Model (binary values as `InlineBinary`), or as the `dict` of dcmjs (binary values as ArrayBuffer or
 *   typed array). Pixel data must be native, since the Transfer Syntax is not a compressed one. Needs SOPClassUID and SOPInstanceUID.
 * @throws TypeError which names the attribute and what was expected.
 * @see PS3.10 7.1, PS3.5 A.2, PS3.18 F.2
 */
export function encodePart10(dataset: DicomJson): Uint8Array {
  if (!isDicomJson(dataset)) throw new TypeError('dataset: expected an object');
  const sopClassUID = stringOf(dataset, 'SOPClassUID');
  const sopInstanceUID = stringOf(dataset, 'SOPInstanceUID');
  if (!sopClassUID) throw new TypeError('(0008,0016): expected a SOPClassUID');
  if (!sopInstanceUID) throw new TypeError('(0008,0018): expected a SOPInstanceUID');
  const isOther = hasOtherCharacters(dataset);
  const written: DicomJson = isOther
    ? { ...withoutCharacterSets(dataset), '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } }
    : dataset;
  const content = encodeDataSet(written, 0);
  const meta = joined(
    (
      [
        ['00020001', { vr: 'OB', Value: [Uint8Array.of(0, 1)] }],
        ['00020002', { vr: 'UI', Value: [sopClassUID] }],
        ['00020003', { vr: 'UI', Value: [sopInstanceUID] }],
        ['00020010', { vr: 'UI', Value: [EXPLICIT_VR_LITTLE_ENDIAN] }],
        ['00020012', { vr: 'UI', Value: [IMPLEMENTATION_CLASS_UID] }],
        ['00020013', { vr: 'SH', Value: [IMPLEMENTATION_VERSION_NAME] }],
      ] as const
    ).flatMap(([tag, element]) => encodeElement(tag, element, 0))
  );
  const metaLength = encodeElement('00020000', { vr: 'UL', Value: [meta.length] }, 0);
  const prefix = new TextEncoder().encode('DICM');
  return joined([new Uint8Array(128), prefix, ...metaLength, meta, content]);
}
