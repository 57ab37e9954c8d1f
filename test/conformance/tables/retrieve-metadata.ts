import { decode as decodePng } from 'fast-png';
import type { Answer } from '../support/http.ts';
import type { Row, Scene, Table } from '../support/row.ts';
import { THREE_FRAMES } from '../support/retrieved.ts';

const METADATA = 'RetrieveTransactionMetadataTests';
const ETAG = 'DicomRetrieveMetadataETagTests';
const RENDERED = 'RetrieveTransactionResourceTests.Rendered';
const JSON_TYPE = 'application/dicom+json';
const LEVELS = ['study', 'series', 'instance'] as const;
type Level = (typeof LEVELS)[number];

const metadata = (s: Scene, level: Level, headers: Record<string, string | undefined> = {}) => ({
  path: `${s.paths[level]}/metadata`,
  headers: { accept: JSON_TYPE, ...headers },
});
type DataSets = Record<string, { vr: string; Value?: unknown[] }>[];

const METADATA_ROWS: Row[] = [
  ...LEVELS.map((level): Row => ({
    title: `${level}: one data set per instance`,
    source: `${METADATA}, PS3.18 10.4.1.1.2`,
    known: 'E2E',
    standard: true,
    before: s => s.stored(s.file(), s.other()),
    request: s => metadata(s, level),
    status: 200,
    headers: { 'content-type': /^application\/dicom\+json/ },
    then: (answer, s) => {
      const found = answer.json<DataSets>();
      expect(found).toHaveLength(level === 'instance' ? 1 : 2);
      for (const one of found) expect(one['0020000D']).toEqual({ vr: 'UI', Value: [s.study] });
    },
  })),
  {
    title: 'bulk values are left out at every depth, without BulkDataURI',
    source: METADATA,
    known: 'E2E',
    before: s =>
      s.stored(
        s.file({
          '00281201': ['OW', [1, 2]],
          '00091010': ['UN', 'ab'],
          '54000100': ['SQ', [{ '54001010': ['OW', [1]], '54001004': ['US', [16]] }]],
        })
      ),
    request: s => metadata(s, 'instance'),
    status: 200,
    then: answer => {
      const [one] = answer.json<DataSets>();
      for (const tag of ['00281201', '00091010', '7FE00010']) expect(one).not.toHaveProperty(tag);
      expect(one?.['54000100']?.Value).toEqual([{ '54001004': { vr: 'US', Value: [16] } }]);
      expect(answer.text).not.toMatch(/BulkDataURI|InlineBinary/);
    },
  },
  ...['application/json', '*/*', 'application/*', 'image/png, application/dicom+json'].map(
    (accept): Row => ({
      title: `Accept: ${accept}`,
      source: 'AcceptContentFilterAttributeTests',
      known: 'unit',
      before: s => s.stored(s.file()),
      request: s => metadata(s, 'study', { accept }),
      status: 200,
      headers: { 'content-type': 'application/dicom+json; charset=utf-8' },
    })
  ),
  ...['application/dicom', 'image/png', 'application/data', '', undefined].map((accept): Row => ({
    title: `Accept: ${accept ?? 'none'}, 406 without a body, before the UID`,
    source: 'AcceptContentFilterAttributeTests, DicomRetrieveMetadataTransactionTests',
    known: 'E2E',
    request: () => ({ path: '/v2/studies/not-a-uid/metadata', headers: { accept } }),
    status: 406,
    text: '',
  })),
  ...LEVELS.map((level): Row => ({
    title: `unknown ${level}: 404`,
    source: METADATA,
    known: 'E2E',
    request: s => metadata(s, level),
    status: 404,
    text: `The specified ${level} cannot be found.`,
  })),
];

const etagOf = async (s: Scene, level: Level) =>
  (await s.send(metadata(s, level))).headers['etag'] ?? '';

const ETAG_ROWS: Row[] = [
  ...LEVELS.map((level): Row => ({
    title: `${level}: If-None-Match with the entity tag: 304 without it`,
    source: ETAG,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: async s => metadata(s, level, { 'if-none-match': await etagOf(s, level) }),
    status: 304,
    text: '',
    headers: { etag: null },
  })),
  ...LEVELS.map((level): Row => ({
    title: `${level}: the entity tag has no quotes`,
    source: 'ETagGenerator.cs',
    known: 'code',
    before: s => s.stored(s.file()),
    request: s => metadata(s, level),
    status: 200,
    headers: { etag: level === 'instance' ? /^\d+$/ : /^\d+-1$/ },
  })),
  ...(['quoted', 'in a list', 'a star'] as const).map((form): Row => ({
    title: `If-None-Match ${form}: 200`,
    source: 'RetrieveMetadataService.cs',
    known: 'code',
    before: s => s.stored(s.file()),
    request: async s => {
      const tag = await etagOf(s, 'study');
      const value = { quoted: `"${tag}"`, 'in a list': `${tag}, x`, 'a star': '*' }[form];
      return metadata(s, 'study', { 'if-none-match': value });
    },
    status: 200,
  })),
  {
    title: 'another instance makes another entity tag',
    source: ETAG,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: async s => {
      const tag = await etagOf(s, 'study');
      await s.stored(s.other());
      return metadata(s, 'study', { 'if-none-match': tag });
    },
    status: 200,
    headers: { etag: /^\d+-2$/ },
  },
];

const rendered = (s: Scene, end: string, accept?: string) => ({
  path: `${s.paths.instance}/${end}`,
  headers: { accept },
});
const CONVERSION =
  'An error was encountered when attempting to convert the dicom file into an image';
const MULTIPLE = 'The request contains multiple accept headers, which is not supported.';

const beginsLike = (bytes: number[]) => (answer: Answer) =>
  expect([...answer.body.subarray(0, bytes.length)]).toEqual(bytes);

const RENDERED_ROWS: Row[] = [
  ...(
    [
      ['rendered', 'image/jpeg', [0xff, 0xd8]],
      ['rendered', 'image/png', [0x89, 0x50, 0x4e, 0x47]],
      ['frames/3/rendered', 'image/jpeg', [0xff, 0xd8]],
      ['frames/2/rendered', 'image/png', [0x89, 0x50, 0x4e, 0x47]],
    ] as const
  ).map(([end, accept, bytes]): Row => ({
    title: `${end}, ${accept}`,
    source: `${RENDERED}, PS3.18 10.4.1.1.3`,
    known: 'E2E',
    standard: true,
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => rendered(s, end, accept),
    status: 200,
    headers: { 'content-type': accept },
    then: beginsLike([...bytes]),
  })),
  {
    title: 'without Accept: JPEG',
    source: RENDERED,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s => rendered(s, 'rendered'),
    status: 200,
    headers: { 'content-type': 'image/jpeg' },
  },
  {
    title: 'the window of the instance',
    source: 'PS3.3 C.11.2.1.2.1',
    known: 'standard',
    before: s => s.stored(s.file({ '00281050': ['DS', '750'], '00281051': ['DS', '1'] })),
    request: s => rendered(s, 'rendered', 'image/png'),
    status: 200,
    then: answer =>
      expect(new Set(decodePng(answer.body).data as Uint8Array)).toEqual(new Set([0, 255])),
  },
  ...(['quality=1', 'quality=100', 'QUALITY=50'] as const).map((query): Row => ({
    title: query,
    source: RENDERED,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s => rendered(s, `rendered?${query}`, 'image/jpeg'),
    status: 200,
  })),
  ...['0', '101', '-1'].map((quality): Row => ({
    title: `quality=${quality}: 400, whatever Accept says`,
    source: 'RetrieveRenderedService.cs',
    known: 'code',
    request: s => rendered(s, `rendered?quality=${quality}`, 'image/gif'),
    status: 400,
    text: 'Image quality must be between 1 and 100 inclusive',
  })),
  {
    title: 'quality=x: 400',
    source: 'QueryModelStateValidatorAttribute.cs; the framework’s text',
    known: 'framework',
    request: s => rendered(s, 'rendered?quality=x'),
    status: 400,
    text: "The query parameter 'quality' is invalid. The value 'x' is not valid.",
  },
  ...['*/*', 'image/gif', 'application/dicom'].map((accept): Row => ({
    title: `Accept: ${accept}, 406`,
    source: 'RetrieveRenderedService.cs',
    known: 'code',
    request: s => rendered(s, 'rendered', accept),
    status: 406,
    text: 'The request headers are not acceptable',
  })),
  {
    title: 'two media types, as a browser sends: 406',
    source: 'RetrieveRenderedService.cs',
    known: 'code',
    request: s => rendered(s, 'rendered', 'image/png,image/*;q=0.8'),
    status: 406,
    text: MULTIPLE,
  },
  {
    title: 'frame 5 of 3: 404',
    source: RENDERED,
    known: 'E2E',
    before: s => s.stored(s.file(THREE_FRAMES)),
    request: s => rendered(s, 'frames/5/rendered'),
    status: 404,
    text: 'The specified frame cannot be found.',
  },
  {
    title: 'without pixel data: 404',
    source: 'DicomFileExtensions.cs',
    known: 'code',
    before: s => s.stored(s.file({ '7FE00010': undefined })),
    request: s => rendered(s, 'rendered'),
    status: 404,
    text: 'The specified frame cannot be found.',
  },
  {
    title: 'unknown instance: 404',
    source: 'RetrieveRenderedService.cs',
    known: 'code',
    request: s => rendered(s, 'rendered'),
    status: 404,
    text: 'The specified instance cannot be found.',
  },
  {
    title: 'what no decoder reads: 406',
    source: 'RetrieveRenderedService.cs, DicomImageException',
    known: 'code',
    before: s =>
      s.stored(
        s.file(
          {},
          {
            transferSyntax: '1.2.840.10008.1.2.4.100',
            fragments: [Buffer.alloc(0), Buffer.from('video!')],
          }
        )
      ),
    request: s => rendered(s, 'rendered'),
    status: 406,
    text: CONVERSION,
  },
  ...['thumbnail', 'bulkdata/7FE00010', 'pixeldata'].map((end): Row => ({
    title: `there is no ${end}: 404`,
    source: 'RetrieveController.cs',
    known: 'code',
    before: s => s.stored(s.file()),
    request: s => rendered(s, end, '*/*'),
    status: 404,
  })),
];

/** Sections 3.4 and 3.5 of the reference. */
export const RETRIEVE_METADATA: Table = {
  name: 'Retrieve: metadata',
  rows: [...METADATA_ROWS, ...ETAG_ROWS],
};

export const RETRIEVE_RENDERED: Table = { name: 'Retrieve: rendered', rows: RENDERED_ROWS };
