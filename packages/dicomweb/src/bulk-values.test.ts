import { deflateRawSync } from 'node:zlib';
import { bulkValues, encapsulatedPixelData } from './bulk-values.ts';
import { part10, type ElementToWrite, type Syntax } from '../testing/part10-builder.ts';

const RED = 0x00281201;
const GREEN = 0x00281202;
const TABLE = Uint8Array.of(1, 2, 3, 4);
const ELEMENTS: ElementToWrite[] = [
  [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.7'],
  [0x00081140, 'SQ', [[[RED, 'OW', Uint8Array.of(9, 9)]]]],
  [RED, 'OW', TABLE],
  [0x7fe00010, 'OB', Uint8Array.of(7, 7)],
];

describe('bulkValues', () => {
  it.each<[string, Syntax, string | undefined, boolean]>([
    ['PS3.5 A.1 Implicit VR Little Endian', '1.2.840.10008.1.2', undefined, true],
    ['PS3.5 A.2 Explicit VR Little Endian', '1.2.840.10008.1.2.1', 'OW', true],
    ['PS3.5 A.3 Explicit VR Big Endian', '1.2.840.10008.1.2.2', 'OW', false],
  ])('%s: of the outermost level alone', async (_cite, syntax, vr, littleEndian) => {
    const found = await bulkValues(part10(ELEMENTS, syntax), [GREEN, RED]);
    expect([...found.keys()]).toEqual([RED]);
    expect(found.get(RED)).toMatchObject({ vr, littleEndian });
    expect([...(found.get(RED)?.bytes ?? [])]).toEqual([...TABLE]);
  });

  it('PS3.5 A.5 Deflated: inflated first', async () => {
    const found = await bulkValues(deflated(part10(ELEMENTS)), [RED]);
    expect([...(found.get(RED)?.bytes ?? [])]).toEqual([...TABLE]);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['no Part 10', new Uint8Array(500)],
    ['cut in the middle of the value', part10(ELEMENTS).subarray(0, -30)],
    ['deflated, and broken', deflated(part10(ELEMENTS), Buffer.from([255, 255, 255]))],
  ])('%s: no values', async (_name, bytes) => {
    expect((await bulkValues(bytes, [RED])).size).toBe(0);
  });
});

describe('encapsulatedPixelData', () => {
  const file = (fragments: string) =>
    Buffer.concat([
      part10(ELEMENTS.slice(0, 1)),
      Buffer.from(`e07f10004f420000${fragments}`, 'hex'),
    ]);
  const TABLE_AND_TWO =
    'ffffffff' +
    'feff00e00400000000000000' +
    'feff00e00200000061 62'.replace(' ', '') +
    'feff00e00200000063 64'.replace(' ', '') +
    'feffdde000000000';

  it('gives the fragments behind the Basic Offset Table (PS3.5 A.4)', () => {
    const found = encapsulatedPixelData(file(TABLE_AND_TWO));
    expect(found?.transferSyntaxUID).toBe('1.2.840.10008.1.2.1');
    expect(found?.fragments.map(each => Buffer.from(each).toString())).toEqual(['ab', 'cd']);
  });

  it.each([
    ['native pixel data', part10(ELEMENTS)],
    ['no pixel data', part10(ELEMENTS.slice(0, 1))],
    ['a table alone', file('fffffffffeff00e000000000feffdde000000000')],
    ['no end', file('fffffffffeff00e000000000feff00e0ff00000061')],
    ['no Part 10', Buffer.alloc(300)],
  ])('%s: none', (_name, bytes) => {
    expect(encapsulatedPixelData(bytes)).toBeUndefined();
  });
});

/** The same instance with its data set deflated, or with other bytes in its place. */
function deflated(instance: Uint8Array, dataSet?: Buffer): Buffer {
  const bytes = Buffer.from(instance);
  const at = bytes.indexOf(Buffer.from('020010005549', 'hex'));
  const length = bytes.readUInt16LE(at + 6);
  // Whatever stands behind the Transfer Syntax UID in this builder's File Meta Information is the data set.
  const uid = Buffer.from('1.2.840.10008.1.2.1.99');
  const head = Buffer.from(bytes.subarray(at, at + 8));
  head.writeUInt16LE(uid.length, 6);
  const rest = bytes.subarray(at + 8 + length);
  return Buffer.concat([bytes.subarray(0, at), head, uid, dataSet ?? deflateRawSync(rest)]);
}
