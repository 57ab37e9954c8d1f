import type { DicomJson } from '@ohif-azure/dicomweb';
import { missingPalette, paletteOf } from './paletteColor.ts';

const US = (...values: number[]) => ({ vr: 'US', Value: values });
const METADATA: DicomJson = {
  '00280004': { vr: 'CS', Value: ['PALETTE COLOR'] },
  '00281101': US(4, 0, 16),
  '00281102': US(4, 0, 16),
  '00281103': US(4, 0, 16),
};

describe('missingPalette', () => {
  it('gives the descriptors where the service has left the data out', () => {
    expect(missingPalette(METADATA)).toEqual([
      [4, 0, 16],
      [4, 0, 16],
      [4, 0, 16],
    ]);
  });

  it.each<[string, DicomJson]>([
    [
      'another photometric interpretation',
      { ...METADATA, '00280004': { vr: 'CS', Value: ['RGB'] } },
    ],
    [
      'data that are there',
      { ...METADATA, '00281201': { vr: 'OW', InlineBinary: 'AAAA' } as never },
    ],
    ['a descriptor that is cut', { ...METADATA, '00281102': US(4, 0) }],
    ['nothing', {}],
  ])('%s: none', (_name, instance) => {
    expect(missingPalette(instance)).toBeUndefined();
  });
});

/** An instance in Explicit VR with three tables of OW; byte by byte, since it must not depend on what is tested. */
function instance(
  tables: readonly (readonly number[])[],
  isBig = false,
  element = 0x1201
): Uint8Array {
  const uid = isBig ? '1.2.840.10008.1.2.2\0' : '1.2.840.10008.1.2.1\0';
  const ascii = (text: string) => [...text].map(letter => letter.charCodeAt(0));
  const u16 = (value: number) => (isBig ? [value >> 8, value & 255] : [value & 255, value >> 8]);
  return Uint8Array.from([
    ...new Array<number>(128).fill(0),
    ...ascii('DICM'),
    ...[2, 0, 0x10, 0, ...ascii('UI'), uid.length, 0, ...ascii(uid)],
    ...tables.flatMap((bytes, colour) => [
      ...u16(0x0028),
      ...u16(element + colour),
      ...ascii('OW'),
      ...[0, 0],
      ...(isBig ? [0, 0, ...u16(bytes.length)] : [...u16(bytes.length), 0, 0]),
      ...bytes,
    ]),
  ]);
}

const three = (bits: number, entries = 4) =>
  new Array(3).fill([entries, 0, bits]) as [number, number, number][];

describe('paletteOf', () => {
  it.each<[string, number[], number, boolean, number[]]>([
    ['PS3.3 C.7.6.3.1.6: 16 bits', [1, 0, 2, 0, 3, 0, 0, 255], 16, false, [1, 2, 3, 65_280]],
    ['16 bits, big endian', [0, 1, 0, 2, 0, 3, 255, 0], 16, true, [1, 2, 3, 65_280]],
    ['8 bits, two to a word', [1, 2, 3, 4], 8, false, [1, 2, 3, 4]],
    ['8 bits, two to a word, big endian', [2, 1, 4, 3], 8, true, [1, 2, 3, 4]],
    ['8 bits, one to a word', [1, 0, 2, 0, 3, 0, 4, 0], 8, false, [1, 2, 3, 4]],
  ])('%s', async (_cite, bytes, bits, isBig, colours) => {
    const palette = await paletteOf(instance([bytes, bytes, bytes], isBig), three(bits));
    expect([...Array.from(palette?.blue ?? [])]).toEqual(colours);
  });

  it.each<[string, number[], number, boolean, number[]]>([
    ['16 bits', [0, 0, 1, 0, 0, 1, 1, 0, 3, 0, 3, 1], 16, false, [256, 257, 258, 259]],
    ['16 bits, big endian', [0, 0, 0, 1, 1, 0, 0, 1, 0, 3, 1, 3], 16, true, [256, 257, 258, 259]],
    ['8 bits', [0, 1, 0, 1, 3, 30], 8, false, [0, 10, 20, 30]],
    ['8 bits, big endian', [1, 0, 1, 0, 30, 3], 8, true, [0, 10, 20, 30]],
  ])('segmented, %s (PS3.3 C.7.9.2)', async (_name, bytes, bits, isBig, colours) => {
    const palette = await paletteOf(instance([bytes, bytes, bytes], isBig, 0x1221), three(bits));
    expect([...Array.from(palette?.blue ?? [])]).toEqual(colours);
  });

  it.each<[string, number[][], number]>([
    [
      'a table is missing',
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
      8,
    ],
    [
      'a table is too short',
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      8,
    ],
    [
      'a table of 16 bits is too short',
      [
        [1, 2, 3, 4],
        [1, 2, 3, 4],
        [1, 2, 3, 4],
      ],
      16,
    ],
  ])('%s: none', async (_name, tables, bits) => {
    expect(await paletteOf(instance(tables), three(bits))).toBeUndefined();
  });

  it('an entry count of 0 stands for 65536 (PS3.3 C.7.6.3.1.5)', async () => {
    expect(
      await paletteOf(
        instance([
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
        three(8, 0)
      )
    ).toBeUndefined();
  });
});
