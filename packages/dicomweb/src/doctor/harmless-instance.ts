import { newUID } from '@ohif-azure/core';

/** An instance made for a test: it has no patient, and is to be deleted. */
export interface HarmlessInstance {
  /** Part 10, Explicit VR Little Endian. */
  readonly bytes: Uint8Array;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
}

type Row = readonly [tag: number, vr: string, value: string | Uint8Array];

const SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7';
const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** `2.25.` and a UUID made once for this project: what wrote the file. @see PS3.7 D.3.3.2 */
const IMPLEMENTATION = '2.25.242105735409418823401190861467032947177';
const LONG_LENGTH = new Set(['OB', 'OW', 'UN', 'UT', 'SQ']);
const PREAMBLE_BYTES = 128;

/** One element in Explicit VR Little Endian. @see PS3.5 7.1.2 */
function element([tag, vr, value]: Row): Uint8Array {
  const raw = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  const isLong = LONG_LENGTH.has(vr);
  const header = isLong ? 12 : 8;
  const bytes = new Uint8Array(header + raw.length + (raw.length % 2));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, tag >>> 16, true);
  view.setUint16(2, tag & 0xffff, true);
  bytes.set(new TextEncoder().encode(vr), 4);
  if (isLong) view.setUint32(8, bytes.length - header, true);
  else view.setUint16(6, bytes.length - header, true);
  bytes.set(raw, header);
  // UIDs and bytes are padded with zero, texts with a space (PS3.5 6.2).
  if (raw.length % 2 && vr !== 'UI' && vr !== 'OB' && vr !== 'OW') bytes[bytes.length - 1] = 0x20;
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const us = (value: number): Uint8Array => new Uint8Array([value & 0xff, value >>> 8]);

/**
 * Makes a Secondary Capture image of two by two grey pixels in a study of its own. Its texts say what it is; it names no person.
 * @see PS3.3 A.8.1 Secondary Capture Image IOD; PS3.10 7.1
 */
export function harmlessInstance(now: number): HarmlessInstance {
  const [studyInstanceUID, seriesInstanceUID, sopInstanceUID] = [newUID(), newUID(), newUID()];
  const stamp = new Date(now).toISOString();
  const date = stamp.slice(0, 10).replaceAll('-', '');
  const time = stamp.slice(11, 19).replaceAll(':', '');
  const meta = joined(
    (
      [
        [0x00020001, 'OB', new Uint8Array([0, 1])],
        [0x00020002, 'UI', SECONDARY_CAPTURE],
        [0x00020003, 'UI', sopInstanceUID],
        [0x00020010, 'UI', EXPLICIT_LITTLE_ENDIAN],
        [0x00020012, 'UI', IMPLEMENTATION],
        [0x00020013, 'SH', 'OHIF_AZURE'],
      ] satisfies Row[]
    ).map(element)
  );
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, meta.length, true);
  const dataSet: Row[] = [
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080016, 'UI', SECONDARY_CAPTURE],
    [0x00080018, 'UI', sopInstanceUID],
    [0x00080020, 'DA', date],
    [0x00080030, 'TM', time],
    [0x00080050, 'SH', ''],
    [0x00080060, 'CS', 'OT'],
    [0x00080064, 'CS', 'SYN'],
    [0x00080070, 'LO', 'ohif-azure'],
    [0x00080090, 'PN', ''],
    [0x00081030, 'LO', 'Test by ohif-azure doctor, may be deleted'],
    [0x0008103e, 'LO', 'Test by ohif-azure doctor, may be deleted'],
    [0x00100010, 'PN', 'Test^Doctor'],
    [0x00100020, 'LO', 'OHIF-AZURE-DOCTOR'],
    [0x00100030, 'DA', ''],
    [0x00100040, 'CS', ''],
    [0x0020000d, 'UI', studyInstanceUID],
    [0x0020000e, 'UI', seriesInstanceUID],
    [0x00200010, 'SH', 'DOCTOR'],
    [0x00200011, 'IS', '1'],
    [0x00200013, 'IS', '1'],
    [0x00200020, 'CS', ''],
    [0x00200060, 'CS', ''],
    [0x00280002, 'US', us(1)],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', us(2)],
    [0x00280011, 'US', us(2)],
    [0x00280100, 'US', us(8)],
    [0x00280101, 'US', us(8)],
    [0x00280102, 'US', us(7)],
    [0x00280103, 'US', us(0)],
    [0x7fe00010, 'OB', new Uint8Array([0, 85, 170, 255])],
  ];
  const bytes = joined([
    new Uint8Array(PREAMBLE_BYTES),
    new TextEncoder().encode('DICM'),
    element([0x00020000, 'UL', length]),
    meta,
    ...dataSet.map(element),
  ]);
  return { bytes, studyInstanceUID, seriesInstanceUID, sopInstanceUID };
}
