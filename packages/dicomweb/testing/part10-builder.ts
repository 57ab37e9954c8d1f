/** How the data set is written. */
export type Syntax = '1.2.840.10008.1.2' | '1.2.840.10008.1.2.1' | '1.2.840.10008.1.2.2';

/** One element: tag, VR, value. An array is a sequence of items with undefined lengths. */
export type ElementToWrite = readonly [
  tag: number,
  vr: string,
  value: string | Uint8Array | readonly (readonly ElementToWrite[])[],
];

const LONG = new Set('OB OW SQ UN UT'.split(' '));

function bytesOf(value: string | Uint8Array, vr: string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
  // Values have an even length: UI and OB are padded with NUL, others with a space (PS3.5 6.2).
  const pad = vr === 'UI' || vr === 'OB' ? 0 : 32;
  return bytes.length % 2 ? Buffer.concat([bytes, Buffer.from([pad])]) : bytes;
}

/** Elements as bytes. @see PS3.5 7.1 */
export function writeElements(elements: readonly ElementToWrite[], syntax: Syntax): Buffer {
  const isBig = syntax === '1.2.840.10008.1.2.2';
  const isImplicit = syntax === '1.2.840.10008.1.2';
  const u16 = (value: number): Buffer => {
    const buffer = Buffer.alloc(2);
    if (isBig) buffer.writeUInt16BE(value);
    else buffer.writeUInt16LE(value);
    return buffer;
  };
  const u32 = (value: number): Buffer => {
    const buffer = Buffer.alloc(4);
    if (isBig) buffer.writeUInt32BE(value);
    else buffer.writeUInt32LE(value);
    return buffer;
  };
  const tag = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);
  const pieces = elements.flatMap(([number, vr, value]) => {
    const isSequence = Array.isArray(value);
    const content = isSequence
      ? Buffer.concat([
          ...(value as readonly (readonly ElementToWrite[])[]).flatMap(item => [
            tag(0xfffee000),
            u32(0xffffffff),
            writeElements(item, syntax),
            tag(0xfffee00d),
            u32(0),
          ]),
          tag(0xfffee0dd),
          u32(0),
        ])
      : bytesOf(value as string | Uint8Array, vr);
    const length = isSequence ? 0xffffffff : content.length;
    if (isImplicit) return [tag(number), u32(length), content];
    if (LONG.has(vr)) return [tag(number), Buffer.from(vr), u16(0), u32(length), content];
    return [tag(number), Buffer.from(vr), u16(length), content];
  });
  return Buffer.concat(pieces);
}

/** A Part 10 instance: preamble, `DICM`, File Meta Information, data set. @see PS3.10 7.1 */
export function part10(
  elements: readonly ElementToWrite[],
  syntax: Syntax = '1.2.840.10008.1.2.1',
  meta: readonly ElementToWrite[] = []
): Uint8Array {
  return new Uint8Array(
    Buffer.concat([
      Buffer.alloc(128),
      Buffer.from('DICM'),
      writeElements([...meta, [0x00020010, 'UI', syntax]], '1.2.840.10008.1.2.1'),
      writeElements(elements, syntax),
    ])
  );
}

/** Comprehensive SR Storage, and invented UIDs. */
export const SR = {
  sopClassUID: '1.2.840.10008.5.1.4.1.1.88.33',
  studyInstanceUID: '2.25.100',
  seriesInstanceUID: '2.25.200',
} as const;

/** A small SR of the study 2.25.100. */
export function srInstance(sopInstanceUID = '2.25.300', patientID = 'SYNTHETIC'): Uint8Array {
  return part10([
    [0x00080016, 'UI', SR.sopClassUID],
    [0x00080018, 'UI', sopInstanceUID],
    [0x00100010, 'PN', 'Test^Synthetic'],
    [0x00100020, 'LO', patientID],
    [0x0020000d, 'UI', SR.studyInstanceUID],
    [0x0020000e, 'UI', SR.seriesInstanceUID],
  ]);
}
