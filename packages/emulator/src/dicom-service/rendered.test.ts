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

  it('each frame has pixels of its own; the window is that of the first frame', async () => {
    const two = await stored({
      '00280008': ['IS', '2'],
      '00280010': ['US', [1]],
      '00280011': ['US', [2]],
      '7FE00010': ['OW', [0, 100, 50, 1000]],
    });
    const pixels = async (end: string) => [
      ...decodePng((await get(`${two}/${end}`, 'image/png')).body).data,
    ];
    expect(await pixels('rendered')).toEqual([0, 255]);
    expect(await pixels('frames/2/rendered')).toEqual([128, 255]);
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
    [
      'rendered?quality=x',
      'image/jpeg',
      400,
      "The query parameter 'quality' is invalid. The value 'x' is not valid.",
    ],
    ['rendered?quality=101', '*/*', 400, 'Image quality must be between 1 and 100 inclusive'],
    [
      'frames/1,2/rendered',
      'image/jpeg',
      400,
      "The query parameter 'frame' is invalid. The value '1,2' is not valid.",
    ],
    ['frames/3/rendered', 'image/jpeg', 404, 'The specified frame cannot be found.'],
    ['thumbnail', '*/*', 404, ''],
    ['bulkdata/1', '*/*', 404, ''],
  ])('%s with %s: %i', async (end, accept, status, text) => {
    const answer = await get(`${path}/${end}`, accept);
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text });
  });
});

const CONVERSION_FAILED =
  'An error was encountered when attempting to convert the dicom file into an image';

// Rows: reference 3.4, "Decoder failure". What is rendered how has its tests in ../rendering.
it.each([
  [
    'a broken JPEG',
    {},
    { transferSyntax: '1.2.840.10008.1.2.4.50', fragments: [Buffer.alloc(0), Buffer.alloc(2)] },
  ],
  [
    'a video',
    {},
    { transferSyntax: '1.2.840.10008.1.2.4.100', fragments: [Buffer.alloc(0), Buffer.alloc(2)] },
  ],
  ['a palette without tables', { '00280004': ['CS', 'PALETTE COLOR'] }, {}],
  [
    'YBR_PARTIAL_420',
    { '00280002': ['US', [3]], '00280004': ['CS', 'YBR_PARTIAL_420'], '00280010': ['US', [2]] },
    {},
  ],
] as [string, BuilderElements, BuilderOptions][])(
  'no picture of %s',
  async (_, changes, options) => {
    const answer = await get(`${await stored(changes, options)}/rendered`, 'image/png');
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 406,
      text: CONVERSION_FAILED,
    });
  }
);
