import { decode as decodePng } from 'fast-png';
import { decode as decodeJpeg } from 'jpeg-js';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import type { BuilderElements, BuilderOptions } from '../testing/part10-builder.ts';
import { startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.end());

let last = 0;
async function stored(changes: BuilderElements, options: BuilderOptions = {}): Promise<string> {
  last += 1;
  const elements = instanceElements({
    '0020000D': ['UI', '1.2'],
    '0020000E': ['UI', '1.3'],
    '00080018': ['UI', `1.4.${last}`],
    ...changes,
  });
  expect((await service.store([buildPart10(elements, options)])).status).toBeLessThan(203);
  return `/v2/studies/1.2/series/1.3/instances/1.4.${last}`;
}
const get = (path: string, accept?: string) => service.send(path, { headers: { accept } });

/** Two pixels, `bits` bits each. */
const gray = (bits: number, pixels: number[], more: BuilderElements = {}): BuilderElements => ({
  '00280010': ['US', [1]],
  '00280011': ['US', [pixels.length]],
  '00280100': ['US', [bits]],
  '00280101': ['US', [bits]],
  '7FE00010': [bits === 8 ? 'OB' : 'OW', pixels],
  ...more,
});
const WINDOW: BuilderElements = { '00281050': ['DS', '100'], '00281051': ['DS', '101'] };
const colour = (photometric: string, pixels: number[], planar = 0): BuilderElements => ({
  ...gray(8, pixels),
  '00280002': ['US', [3]],
  '00280004': ['CS', photometric],
  '00280006': ['US', [planar]],
  '00280011': ['US', [pixels.length / 3]],
});

// Rows: PS3.3 C.7.6.3.1.2 and C.11.2.1.2.1.
it.each([
  ['16 bits, least to most', gray(16, [100, 150, 200]), [0, 128, 255]],
  ['8 bits', gray(8, [10, 20]), [0, 255]],
  ['window', gray(16, [0, 49, 100, 150, 1000], WINDOW), [0, 0, 129, 255, 255]],
  [
    'the first of several windows',
    gray(16, [0, 1000], { '00281050': ['DS', '100\\1'], '00281051': ['DS', '101\\1'] }),
    [0, 255],
  ],
  [
    'rescale before window',
    gray(16, [0, 1000], { ...WINDOW, '00281052': ['DS', '-900'], '00281053': ['DS', '1'] }),
    [0, 129],
  ],
  ['MONOCHROME1 is inverted', gray(16, [0, 1], { '00280004': ['CS', 'MONOCHROME1'] }), [255, 0]],
  ['signed samples', gray(16, [0xffff, 1], { '00280103': ['US', [1]] }), [0, 255]],
  [
    'bits above Bits Stored do not count',
    gray(16, [0xf000, 0x0fff], { '00280101': ['US', [12]] }),
    [0, 255],
  ],
  ['all pixels alike', gray(16, [7, 7]), [0, 0]],
  ['RGB', colour('RGB', [1, 2, 3, 4, 5, 6]), [1, 2, 3, 4, 5, 6]],
  ['RGB by planes', colour('RGB', [1, 4, 2, 5, 3, 6], 1), [1, 2, 3, 4, 5, 6]],
  ['YBR_FULL', colour('YBR_FULL', [100, 128, 128, 76, 85, 255]), [100, 100, 100, 254, 0, 0]],
])('PNG of %s', async (_, changes, expected) => {
  const answer = await get(`${await stored(changes)}/rendered`, 'image/png');
  expect(answer.headers['content-type']).toBe('image/png');
  expect([...decodePng(answer.body).data]).toEqual(expected);
});

it('Big Endian words', async () => {
  const path = await stored(gray(16, [1, 256]), { transferSyntax: '1.2.840.10008.1.2.2' });
  const answer = await get(`${path}/rendered`, 'image/png');
  expect([...decodePng(answer.body).data]).toEqual([0, 255]);
});

describe('requests (reference 3.4)', () => {
  let path: string;
  beforeAll(async () => {
    path = await stored({ '00280008': ['IS', '2'], '00280010': ['US', [2]] });
  });

  it('JPEG without Accept; the frame named', async () => {
    const answer = await get(`${path}/rendered`);
    expect(answer.headers['content-type']).toBe('image/jpeg');
    expect(decodeJpeg(answer.body)).toMatchObject({ width: 4, height: 2 });
    expect(await get(`${path}/frames/2/rendered`, 'image/png')).toMatchObject({ status: 200 });
  });

  it('a lower quality makes a smaller file', async () => {
    const sizes = await Promise.all(
      [1, 100].map(async q => (await get(`${path}/rendered?quality=${q}`)).body.length)
    );
    expect(sizes[0]).toBeLessThan(sizes[1]!);
  });

  it.each([
    ['rendered', '*/*', 406, 'The request headers are not acceptable'],
    ['rendered', 'image/gif', 406, 'The request headers are not acceptable'],
    [
      'rendered',
      'image/jpeg, image/png',
      406,
      'The request contains multiple accept headers, which is not supported.',
    ],
    ['rendered?quality=0', 'image/jpeg', 400, 'Image quality must be between 1 and 100 inclusive'],
    ['rendered?quality=x', 'image/jpeg', 400, 'Image quality must be between 1 and 100 inclusive'],
    ['frames/3/rendered', 'image/jpeg', 404, 'The specified frame cannot be found.'],
    ['thumbnail', '*/*', 404, ''],
    ['bulkdata/1', '*/*', 404, ''],
  ])('%s with %s: %i', async (end, accept, status, text) => {
    const answer = await get(`${path}/${end}`, accept);
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
  });
});

it.each([
  [
    'a compressed source',
    {},
    { transferSyntax: '1.2.840.10008.1.2.4.50', fragments: [Buffer.alloc(0), Buffer.alloc(2)] },
    'the transfer syntax 1.2.840.10008.1.2.4.50',
  ],
  [
    'a palette',
    { '00280004': ['CS', 'PALETTE COLOR'] },
    {},
    'the photometric interpretation PALETTE COLOR with 1 samples per pixel',
  ],
  ['32 bits', { '00280100': ['US', [32]], '00280010': ['US', [2]] }, {}, '32 bits allocated'],
] as [string, BuilderElements, BuilderOptions, string][])(
  '501 for %s',
  async (_, changes, options, what) => {
    const answer = await get(`${await stored(changes, options)}/rendered`, 'image/png');
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 501,
      text: `This emulator does not have rendering of ${what}.`,
    });
  }
);
