import { declareRGB } from './jpeg-colour.ts';

const SOI = [0xff, 0xd8];
const JFIF = [0xff, 0xe0, 0, 7, 0x4a, 0x46, 0x49, 0x46, 0];
const ADOBE = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];
const TABLE = [0xff, 0xdb, 0, 4, 1, 2];
const SCAN = [0xff, 0xda, 0, 2, 9, 9];
const frame = (samplings: number[], marker = 0xc0) => [
  ...[0xff, marker, 0, 8 + 3 * samplings.length, 8, 0, 1, 0, 1, samplings.length],
  ...samplings.flatMap((sampling, index) => [index, sampling, 0]),
];
const FULL = frame([0x11, 0x11, 0x11]);

describe('a JPEG image that is said to be RGB', () => {
  // Markers: ISO/IEC 10918-1 B.1.1.3; how decoders guess: libjpeg, jdapimin.c, default_decompress_parms.
  it.each([
    ['says nothing of its colours', [...SOI, ...TABLE, ...FULL, ...SCAN]],
    ['is extended sequential', [...SOI, ...frame([0x11, 0x11, 0x11], 0xc1), ...SCAN]],
  ])('which %s gets an Adobe marker', (_name, jpeg) => {
    expect([...declareRGB(Uint8Array.from(jpeg))]).toEqual([...SOI, ...ADOBE, ...jpeg.slice(2)]);
  });

  it.each([
    ['has an Adobe marker', [...SOI, ...ADOBE, ...FULL, ...SCAN]],
    ['has a JFIF marker', [...SOI, ...JFIF, ...FULL, ...SCAN]],
    ['has an Adobe marker behind a table', [...SOI, ...TABLE, ...ADOBE, ...FULL, ...SCAN]],
    ['is YCbCr: its colours are subsampled', [...SOI, ...frame([0x22, 0x11, 0x11]), ...SCAN]],
    ['is grey', [...SOI, ...frame([0x11]), ...SCAN]],
    ['is progressive', [...SOI, ...frame([0x11, 0x11, 0x11], 0xc2), ...SCAN]],
    ['is cut in its head', [...SOI, ...TABLE]],
    ['is cut in its frame', [...SOI, ...FULL.slice(0, 14)]],
    ['has a segment of no length', [...SOI, 0xff, 0xdb, 0, 0, 1]],
    ['is none', [1, 2, 3]],
    ['is empty', []],
  ])('which %s is left as it is', (_name, jpeg) => {
    const bytes = Uint8Array.from(jpeg);
    expect(declareRGB(bytes)).toBe(bytes);
  });
});
