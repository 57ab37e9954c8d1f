/** Against dcmtk: its encoder made the bit stream, its decoder the samples. Real files are in test/integration. */
import fc from 'fast-check';
import { decodeJpegExtended, isExtended12Bit } from './jpeg-extended.ts';
import { frameHeadOf } from './jpeg-segments.ts';
import { CodecError } from './wasm-codecs.ts';

const bytesOf = (lines: readonly string[]) => Buffer.from(lines.join(''), 'base64');

/** 20 x 12 samples of 12 bits, by `dcmcjpeg +ee +q 95`: blocks at the edges are cut. */
const COMPRESSED = bytesOf([
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkI',
  'BgcJBwYGCAsICQoKCgoKBggLDAsKDAkKCgr/wQALDAAMABQBAREA/8QAFgABAQEAAAAAAAAAAAAAAAAACw0M',
  '/8QALBAAAAQFBAECBgMAAAAAAAAAAQIDBAUGBwoRCAkLDBIhIgANEyMkMjNCov/aAAgBAQAAPwBjTgPO+F2a',
  '3Eq8OJJPGubmGvek8oV4hemsKbrStMMfZIvyvU4WSH+AJqGBQvuMJBKCeBHBBAfEGoTqXvg/VjLjDtlHIhzr',
  'eY22uk+d6t00nmvrue2sTkKDuYgiZsq8UWMYpyJqGEvvKQREQEcgQQUH8ciNvXnLATWtw6vGP6ULGXdMk6LS',
  'TWHTzPsfjEdgcxKnbOiJvGcKakMYqjshh90OOGcqfqIeYY+mTGwduc5X6+ft0OyZTds07TW9PO1NNOkK1nRK',
  'FMqcMXbsrIjVKZBaAn4JOEyCBkvEBDxxgoEAATyQbPp8pcLDC19v/wDhq6Fbhd1Ftty1qaq5ENMDeJu5tmhs',
  '3VWO5M2RQE+F0VQzj1/x/H9v4Fj7jRtU6FLaPnQdxHal2fKGMaWUPk+ncvOJfk6EqGQRaqDHJjbmECthSJ6k',
  'apf19MYDBQKUv//Z',
]);
/** The same, by `dcmdjpeg`. */
const PLAIN = bytesOf([
  '4AZSCUoL/gzSDeMNcA0KDFEK/geVBYcDpgFUAAMAMgBdAewC8gRlBwIHIAlDC7QMvQ3NDR0NAQwaCtsHvQWJ',
  'A/ABsgAaAIMAagHwAhwFRwfhBhAJvQpHDP0MCw2vDGkL7QnjB8AF+ANPAiYB2wAKARQCcQMtBV8HAQebCD8K',
  'TgvhCyQMmgvOClcJowcPBmAENgM6AssBIQLKAuYDmgU0B+YGRQhMCUkKsgq1CoUKtgmeCI0HNwYuBRwEXANC',
  'A04DAwTOBNYFQQcEB6cHcAjWCAwJOAn0CLMIBAg5B6EG2AVuBfUEtgTyBC0FngVtBg4H5gY1B0AHiQd+B28H',
  'gwdXBxwHGQfXBtcGnwZuBpAGeQayBroGygYWBwcHhQZOBvAFrAXLBdAFLwZxBrwGTgeaB9QHMAgwCEkIAgih',
  'B2MH5wboBhgGKQWmBCkEBQRsBN0EjQWjBoEHjwg1CaEJ+wnHCUMJtQjDB+kGCwd9BVwERgOeAqYC8ALqA/8E',
  'SgbnBzIJOwokC1kLUAuUCncJRwjCBuoGNgV9AygCiwFVAfYB6AJTBD8GCAjrCUQLKgy0DGIMeQtKCoIIzwYM',
  'B9YEEQOHAZsAlQAOAS8CDQQEBk4IQArSCxENcg1TDUgMqwrgCKQG',
]);

it('sequential, 12 bits (ITU-T T.81 annex F, process 4): dcmtk gives the same, give or take 1', () => {
  const head = frameHeadOf(COMPRESSED);
  expect(head).toEqual({ marker: 0xc1, precision: 12, rows: 12, columns: 20 });
  expect(head && isExtended12Bit(head)).toBe(true);
  const { rows, columns, components, samples } = decodeJpegExtended(COMPRESSED);
  expect({ rows, columns, components }).toEqual({ rows: 12, columns: 20, components: 1 });
  expect(samples.length).toBe(PLAIN.length);
  let most = 0;
  for (let at = 0; at < PLAIN.length; at += 2) {
    most = Math.max(most, Math.abs(samples.readUInt16LE(at) - PLAIN.readUInt16LE(at)));
  }
  expect(most).toBeLessThanOrEqual(1);
});

/**
 * A bit stream of 8 rows. Its codes: DC `0` for 0, `10` and eight bits for a difference; AC `0` for
 * the end of the block. All factors are 1.
 */
const streamOf = (columns: number, components: readonly number[], rest: Buffer, sampling = 0x11) =>
  Buffer.concat([
    Buffer.from('ffd8ffdb004300', 'hex'),
    Buffer.alloc(64, 1),
    Buffer.from([0xff, 0xc1, 0, 8 + 3 * components.length, 12, 0, 8, 0, columns]),
    Buffer.from([components.length, ...components.flatMap(id => [id, sampling, 0])]),
    Buffer.from([0xff, 0xc4, 0, 21, 0x00, 1, 1]),
    Buffer.concat([Buffer.alloc(14), Buffer.from([0, 8])]),
    Buffer.from([0xff, 0xc4, 0, 20, 0x10, 1]),
    Buffer.alloc(16),
    rest,
    Buffer.from([0xff, 0xd9, 0, 0]),
  ]);
/** A block whose DC coefficient is 128 more than the one before: 16 more in every sample. */
const UP = Buffer.from([0b1010_0000, 0b0001_1111]);
/** A block like the one before. */
const SAME = Buffer.from([0b0011_1111]);
const scanOf = (id: number, ...data: Buffer[]) =>
  Buffer.concat([Buffer.from([0xff, 0xda, 0, 8, 1, id, 0, 0, 63, 0]), ...data]);
const pixelsOf = ({ samples }: { samples: Buffer }) => [
  ...new Uint16Array(Uint8Array.from(samples).buffer),
];

it('a restart interval begins anew (ITU-T T.81 F.2.1.3.1)', () => {
  const interval = Buffer.from([0xff, 0xdd, 0, 4, 0, 1]);
  const scan = scanOf(1, UP, Buffer.from([0xff, 0xd0]), UP);
  const { samples } = decodeJpegExtended(streamOf(16, [1], Buffer.concat([interval, scan])));
  expect(new Set(pixelsOf({ samples }))).toEqual(new Set([2064]));
  const missing = Buffer.concat([interval, scanOf(1, UP, UP)]);
  expect(() => decodeJpegExtended(streamOf(16, [1], missing))).toThrow(CodecError);
});

it('a scan of one component has its blocks alone, whatever its sampling (ITU-T T.81 A.2.2)', () => {
  const upAndSame = Buffer.from([0b1010_0000, 0b0000_0111]);
  const { samples } = decodeJpegExtended(streamOf(16, [1], scanOf(1, upAndSame), 0x22));
  expect(pixelsOf({ samples })).toEqual(Array.from({ length: 128 }, () => 2064));
});

it.each([
  ['R, G, B: as they are', [0x52, 0x47, 0x42], [2064, 2048, 2048]],
  ['1, 2, 3: YCbCr, which becomes RGB', [1, 2, 3], [2064, 2064, 2064]],
])('a scan for each component; named %s', (_, ids, pixel) => {
  const scans = Buffer.concat(ids.map((id, index) => scanOf(id, index === 0 ? UP : SAME)));
  const pixels = pixelsOf(decodeJpegExtended(streamOf(8, ids, scans)));
  expect(pixels).toEqual(Array.from({ length: 64 }, () => pixel).flat());
});

/** The beginning of the frame: marker, length, precision, rows, columns, components. */
const FRAME = COMPRESSED.indexOf(Buffer.from([0xff, 0xc1]));
const changed = (offset: number, ...bytes: number[]) => {
  const copy = Buffer.from(COMPRESSED);
  copy.set(bytes, FRAME + offset);
  return copy;
};

// Rows: ITU-T T.81 B.2.2, B.2.3.
it.each([
  ['another process', changed(1, 0xc2)],
  ['8 bits', changed(4, 8)],
  ['no rows', changed(5, 0, 0)],
  ['more samples than memory', changed(5, 0xff, 0xff, 0xff, 0xff)],
  ['no components', changed(9, 0)],
  ['a sampling factor of 0', changed(11, 0x01)],
  ['a quantization table that is not there', changed(12, 3)],
  ['a component which the scan does not name', changed(10, 7)],
  ['no frame', Buffer.from([0xff, 0xd8, 0xff, 0xd9, 0, 0])],
])('%s is refused', (_, data) => {
  expect(() => decodeJpegExtended(data)).toThrow(CodecError);
});

it('cut and changed data end in an error or in samples, never otherwise', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: COMPRESSED.length }),
      fc.integer({ min: 2, max: COMPRESSED.length - 1 }),
      fc.integer({ min: 0, max: 255 }),
      (length, at, byte) => {
        const data = Buffer.from(COMPRESSED.subarray(0, length));
        if (at < length) data[at] = byte;
        try {
          decodeJpegExtended(data);
        } catch (error) {
          // Node's own RangeError is another class than that of the test's realm.
          expect(['CodecError', 'RangeError']).toContain((error as Error).name);
        }
      }
    ),
    { seed: 12, numRuns: 300 }
  );
});
