import type { JsonDataSet } from '../part10/dicom-json.ts';
import { readPart10Header } from '../part10/part10-reader.ts';
import { toDicomJson } from '../part10/dicom-json.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import type { BuilderElements, BuilderOptions } from '../testing/part10-builder.ts';
import { splitMultipart, startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

const LE = '1.2.840.10008.1.2.1';
const J2K = '1.2.840.10008.1.2.4.90';
const MPEG2 = '1.2.840.10008.1.2.4.100';
const ANY = 'multipart/related; type="application/dicom"; transfer-syntax=*';
let service: TestService;
let files: Record<string, Buffer>;

/** One instance per row, in study `1.<n>`, series `1.<n>.1`, instance `1.<n>.1.1`. */
const ROWS: Record<string, [BuilderElements, BuilderOptions]> = {
  '1': [{}, {}],
  '2': [
    { '00091002': ['FD', [1.5]], '00081110': ['SQ', [{ '00081150': ['UI', '1.2'] }]] },
    { transferSyntax: '1.2.840.10008.1.2.2' },
  ],
  '3': [{}, { transferSyntax: '1.2.840.10008.1.2' }],
  '4': [
    { '00280008': ['IS', '2'] },
    {
      transferSyntax: J2K,
      fragments: [Buffer.alloc(0), Buffer.from('frame1'), Buffer.from('frame2  ')],
    },
  ],
  '5': [
    {},
    {
      transferSyntax: MPEG2,
      fragments: [Buffer.alloc(0), Buffer.from('one '), Buffer.from('stream')],
    },
  ],
  '6': [{ '00280008': ['IS', '2'], '00280010': ['US', [2]] }, {}],
  '7': [{ '7FE00010': undefined }, {}],
  '8': [{}, { transferSyntax: '1.2.840.10008.1.2.1.99' }],
};

beforeAll(async () => {
  service = await startTestService();
  files = Object.fromEntries(
    Object.entries(ROWS).map(([n, [changes, options]]) => {
      const uids: BuilderElements = {
        '0020000D': ['UI', `1.${n}`],
        '0020000E': ['UI', `1.${n}.1`],
        '00080018': ['UI', `1.${n}.1.1`],
      };
      return [n, buildPart10(instanceElements({ ...uids, ...changes }), options)];
    })
  );
  expect((await service.store(Object.values(files))).status).toBe(202);
  expect(service.instanceCount()).toBe(8);
  const second = { '0020000D': ['UI', '1.1'], '0020000E': ['UI', '1.1.1'] } as const;
  await service.store([buildPart10(instanceElements(second))]);
});
afterAll(() => service.end());

const instance = (n: string) => `/v2/studies/1.${n}/series/1.${n}.1/instances/1.${n}.1.1`;
const get = (path: string, accept: string | undefined, headers = {}) =>
  service.send(path, { headers: { accept, ...headers } });
const status = async (path: string, accept: string | undefined) => {
  const answer = await get(path, accept);
  return [answer.status, answer.text];
};

describe('instances (reference 3.1, 3.2)', () => {
  it.each(Object.keys(ROWS))('instance %s comes back byte for byte with *', async n => {
    const answer = await get(instance(n), 'application/dicom; transfer-syntax=*');
    expect(answer.status).toBe(200);
    expect(answer.body.equals(files[n]!)).toBe(true);
    expect(answer.headers['content-type']).toBe(
      `application/dicom; transfer-syntax=${ROWS[n]?.[1].transferSyntax ?? LE}`
    );
  });

  it('multipart: no type parameter, one header a part', async () => {
    const answer = await get(instance('4'), ANY);
    expect(answer.headers['content-type']).toMatch(/^multipart\/related; boundary=[0-9a-f-]{36}$/);
    const [part, ...others] = splitMultipart(answer);
    expect(part?.header).toBe(`Content-Type: application/dicom; transfer-syntax=${J2K}`);
    expect(part?.content.equals(files['4']!)).toBe(true);
    expect(others).toEqual([]);
  });

  it('a study with several instances', async () => {
    const parts = splitMultipart(await get('/v2/studies/1.1', ANY));
    expect(parts).toHaveLength(2);
    expect(parts.some(part => part.content.equals(files['1']!))).toBe(true);
  });

  it.each(['/v2/studies/1.1', '/v2/studies/1.1/series/1.1.1'])(
    '%s: 406 for another transfer syntax than * when there are several instances',
    async path => {
      expect(await status(path, 'multipart/related; type="application/dicom"')).toEqual([
        406,
        `Accept transfer syntax '${LE}' is not supported when multiple instances are matched. Matching instances can be retrieved with their original transfer syntax by specifying 'transfer-syntax=*' in the Accept header.`,
      ]);
    }
  );

  it('Explicit VR Little Endian is given as it is', async () => {
    const answer = await get(instance('1'), 'application/dicom');
    expect(answer.body.equals(files['1']!)).toBe(true);
  });

  it.each(['2', '3', '8'])('instance %s is transcoded to Explicit VR Little Endian', async n => {
    const answer = await get(instance(n), 'application/dicom');
    expect(answer.headers['content-type']).toBe(`application/dicom; transfer-syntax=${LE}`);
    const header = readPart10Header(answer.body, true);
    expect(header.transferSyntaxUID).toBe(LE);
    const source = readPart10Header(files[n]!, true);
    const all = new Set<never>();
    expect(toDicomJson(header, all)).toEqual(toDicomJson(source, all));
    const { offset = 0, length } = header.pixelData ?? {};
    const pixels = Array.from({ length: (length ?? 0) / 2 }, (_, index) =>
      answer.body.readUInt16LE(offset + index * 2)
    );
    expect(pixels).toEqual(Array.from({ length: 16 }, (_, index) => index * 100));
  });

  it.each([
    [
      'what cannot be decoded',
      '4',
      'application/dicom',
      406,
      'The specified transcoding is not supported.',
    ],
    [
      'what the service cannot either',
      '5',
      'application/dicom',
      406,
      'The specified transcoding is not supported.',
    ],
    ['not acceptable', '1', 'image/png', 406, 'The request headers are not acceptable'],
    ['no Accept', '1', undefined, 406, 'The request headers are not acceptable'],
  ])('%s', async (_, n, accept, code, text) => {
    expect(await status(instance(n), accept)).toEqual([code, text]);
  });

  it('JPEG 2000 as JPEG 2000', async () => {
    const answer = await get(instance('4'), `application/dicom; transfer-syntax=${J2K}`);
    expect(answer.body.equals(files['4']!)).toBe(true);
  });
});

describe('frames (reference 3.3)', () => {
  const OCTETS = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
  const contents = async (path: string, accept = OCTETS) =>
    splitMultipart(await get(path, accept)).map(part => part.content.toString());

  it('in the order asked for, native', async () => {
    const parts = splitMultipart(await get(`${instance('6')}/frames/2,1`, OCTETS));
    expect(parts.map(part => part.header)).toEqual(
      Array(2).fill(`Content-Type: application/octet-stream; transfer-syntax=${LE}`)
    );
    expect(parts.map(part => part.content.readUInt16LE(0))).toEqual([800, 0]);
    expect(parts.map(part => part.content.length)).toEqual([16, 16]);
  });

  it('encapsulated, as stored', async () => {
    expect(await contents(`${instance('4')}/frames/1%2C2`)).toEqual(['frame1', 'frame2  ']);
    expect(await contents(`${instance('5')}/frames/1`)).toEqual(['one stream']);
    const jp2 = splitMultipart(
      await get(`${instance('4')}/frames/2`, 'multipart/related; type="image/jp2"')
    );
    expect(jp2.map(part => part.header)).toEqual([
      `Content-Type: image/jp2; transfer-syntax=${J2K}`,
    ]);
  });

  it('Big Endian samples are turned for Little Endian only', async () => {
    const little = await get(`${instance('2')}/frames/1`, 'application/octet-stream');
    expect(little.body.readUInt16LE(2)).toBe(100);
    const original = await get(
      `${instance('2')}/frames/1`,
      'application/octet-stream; transfer-syntax=*'
    );
    expect(original.body.readUInt16BE(2)).toBe(100);
  });

  const INVALID =
    'The specified frames value is not valid. At least one frame must be present, and all requested frames must have value greater than 0.';
  const NO_FRAME = 'The specified frame cannot be found.';
  it.each([
    ['0', '6', '0', OCTETS, 400, INVALID],
    ['negative', '6', '-1', OCTETS, 400, INVALID],
    [
      'not a number',
      '6',
      'abc',
      OCTETS,
      400,
      "The query parameter 'frames' is invalid. Unable to parse value 'abc' as Int32.",
    ],
    ['400 before 406', '6', '0', 'image/png', 400, INVALID],
    ['beyond the end', '6', '3', OCTETS, 404, NO_FRAME],
    ['beyond the end, compressed', '4', '3', OCTETS, 404, NO_FRAME],
    ['without pixel data', '7', '1', OCTETS, 404, NO_FRAME],
    [
      'several, single part',
      '6',
      '1,2',
      'application/octet-stream',
      400,
      'The accept header is supported for single frame retrieval, use multi-part accept header instead.',
    ],
    [
      'what cannot be decoded',
      '4',
      '1',
      'application/octet-stream',
      406,
      'The specified transcoding is not supported.',
    ],
  ])('%s', async (_, n, list, accept, code, text) => {
    expect(await status(`${instance(n)}/frames/${list}`, accept)).toEqual([code, text]);
  });
});

describe('metadata (reference 3.5)', () => {
  it('is an array, without bulk values', async () => {
    const answer = await get('/v2/studies/1.2/metadata', 'application/dicom+json');
    expect(answer.headers['content-type']).toBe('application/dicom+json; charset=utf-8');
    const [dataSet] = answer.json<JsonDataSet[]>();
    expect(dataSet).toMatchObject({ '00091002': { vr: 'FD', Value: [1.5] } });
    expect(dataSet).not.toHaveProperty('7FE00010');
  });

  it('304 for the very entity tag, and none other', async () => {
    const path = '/v2/studies/1.1/metadata';
    const { etag = '' } = (await get(path, '*/*')).headers;
    expect(etag).toMatch(/^\d+-2$/);
    const single = (await get(`${instance('1')}/metadata`, '*/*')).headers.etag;
    expect(single).toMatch(/^\d+$/);
    const cached = await get(path, '*/*', { 'if-none-match': etag });
    expect(cached).toMatchObject({ status: 304, text: '' });
    expect(cached.headers).not.toHaveProperty('etag');
    for (const other of [`"${etag}"`, '*', `${etag}, 1`]) {
      expect(await get(path, '*/*', { 'if-none-match': other })).toMatchObject({ status: 200 });
    }
  });
});

describe('404 and 400 (reference 3.5, 3.6, 0.9)', () => {
  it.each([
    ['/v2/studies/9/metadata', 404, 'The specified study cannot be found.'],
    ['/v2/studies/1.1/series/9/metadata', 404, 'The specified series cannot be found.'],
    [
      '/v2/studies/1.1/series/1.1.1/instances/9/metadata',
      404,
      'The specified instance cannot be found.',
    ],
    ['/v2/studies/1.1/series/1.1.1/instances/9', 404, 'The specified instance cannot be found.'],
    ['/v2/studies/1.1%20/metadata', 200, undefined],
    [`/v2/studies/${'1'.repeat(65)}/metadata`, 400, undefined],
    ['/v2/studies/%2e%2e%2f/metadata', 400, undefined],
    ['/v2/studies/%ff/metadata', 400, undefined],
  ])('%s: %i', async (path, code, text) => {
    const answer = await get(path, '*/*');
    expect(answer.status).toBe(code);
    if (text) expect(answer.text).toBe(text);
  });
});
