import type { Answer } from '../support/http.ts';
import type { Row, Scene, Table } from '../support/row.ts';

/** What of the request a row of the Accept matrix varies. */
interface AcceptCase {
  resource: 'study' | 'series' | 'instance' | 'frames';
  /** `undefined`: no header; several: several lines. */
  accept: string | string[] | undefined;
  /** 406, or what the answer is: multipart or single, with the type of the part. */
  gives: 406 | { multipart: boolean; part: string };
  source?: string;
  known?: Row['known'];
  /** Transfer Syntax of the stored instance. */
  stored?: string;
}

const LE = '1.2.840.10008.1.2.1';
const J2K = '1.2.840.10008.1.2.4.90';
const MPEG2 = '1.2.840.10008.1.2.4.100';
const MATRIX = 'AcceptHeaderHandler.cs';
const TESTS = 'AcceptHeaderHandlerTests';

const single = (part: string) => ({ multipart: false, part });
const parts = (part: string) => ({ multipart: true, part });
const dicom = (syntax = LE) => `application/dicom; transfer-syntax=${syntax}`;
const octets = (syntax = LE) => `application/octet-stream; transfer-syntax=${syntax}`;
const related = (type: string, syntax?: string) =>
  `multipart/related; type="${type}"${syntax ? `; transfer-syntax=${syntax}` : ''}`;

const STUDY_AND_SERIES: Omit<AcceptCase, 'resource'>[] = [
  { accept: related('application/dicom'), gives: parts(dicom()) },
  { accept: related('application/dicom', '*'), gives: parts(dicom()) },
  { accept: related('application/dicom', LE), gives: parts(dicom()) },
  { accept: related('application/dicom', J2K), gives: parts(dicom(J2K)) },
  { accept: related('*/*'), gives: parts(dicom()) },
  { accept: 'multipart/related; type=application/dicom; transfer-syntax=*', gives: parts(dicom()) },
  { accept: related('application/dicom', MPEG2), gives: 406, known: 'E2E' },
  { accept: related('application/octet-stream'), gives: 406, known: 'E2E' },
  { accept: 'application/dicom', gives: 406, known: 'E2E' },
  { accept: 'multipart/related', gives: 406 },
  { accept: 'application/dicom+json', gives: 406 },
  { accept: 'image/jpeg', gives: 406 },
  { accept: '', gives: 406 },
  { accept: undefined, gives: 406 },
  // The whole line decides what its entries are. [reference 3.1, note 2]
  { accept: 'multipart/related; type="x/y", */*', gives: parts(dicom()) },
];

const INSTANCE: Omit<AcceptCase, 'resource'>[] = [
  { accept: 'application/dicom', gives: single(dicom()), known: 'E2E' },
  { accept: `application/dicom; transfer-syntax=*`, gives: single(dicom()), known: 'E2E' },
  { accept: `application/dicom; transfer-syntax="${LE}"`, gives: single(dicom()) },
  { accept: `application/dicom; transfer-syntax=${J2K}`, gives: single(dicom(J2K)), known: 'E2E' },
  { accept: related('application/dicom'), gives: parts(dicom()), known: 'E2E' },
  { accept: related('application/dicom', '*'), gives: parts(dicom()), known: 'E2E' },
  { accept: '*/*', gives: parts(dicom()), source: TESTS, known: 'unit' },
  { accept: related('*/*'), gives: parts(dicom()) },
  { accept: 'APPLICATION/DICOM', gives: single(dicom()) },
  { accept: 'image/png, application/dicom', gives: single(dicom()) },
  { accept: ['image/png', 'application/dicom'], gives: single(dicom()) },
  { accept: 'application/octet-stream', gives: 406, known: 'E2E' },
  { accept: `application/dicom; transfer-syntax=${MPEG2}`, gives: 406, known: 'E2E' },
  { accept: 'application/dicom; transfer-syntax=1.2.840.10008.1.2', gives: 406 },
  { accept: 'application/*', gives: 406 },
  { accept: undefined, gives: 406 },
  // Quality decides; on a tie the range which names the wildcard syntax does.
  {
    accept: `application/dicom; q=0.5, ${related('application/dicom')}`,
    gives: parts(dicom()),
    source: TESTS,
    known: 'unit',
  },
  {
    accept: `application/dicom; transfer-syntax=${J2K}; q=0.9, application/dicom; q=0.8`,
    gives: single(dicom(J2K)),
    source: TESTS,
    known: 'unit',
  },
  {
    accept: `application/dicom; transfer-syntax=${J2K}, application/dicom; transfer-syntax=*`,
    gives: single(dicom()),
    source: TESTS,
    known: 'unit',
  },
  {
    accept: `application/dicom; transfer-syntax=${J2K}; q=0.9, application/dicom; transfer-syntax=*; q=0.8`,
    gives: single(dicom(J2K)),
    source: TESTS,
    known: 'unit',
  },
  // `*/*` gives the stored syntax too, but is not preferred for it.
  { accept: `application/dicom; transfer-syntax=${J2K}, */*`, gives: single(dicom(J2K)) },
];

const FRAMES: Omit<AcceptCase, 'resource'>[] = [
  { accept: 'application/octet-stream', gives: single(octets()), known: 'E2E' },
  { accept: 'application/octet-stream; transfer-syntax=*', gives: single(octets()), known: 'E2E' },
  { accept: `application/octet-stream; transfer-syntax=${LE}`, gives: single(octets()) },
  { accept: related('application/octet-stream'), gives: parts(octets()), known: 'E2E' },
  { accept: related('application/octet-stream', '*'), gives: parts(octets()), known: 'E2E' },
  {
    accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*',
    gives: parts(octets()),
    source: 'MediaTypeHeaderValueExtensionsTests',
    known: 'unit',
  },
  { accept: related('image/jp2'), gives: parts(`image/jp2; transfer-syntax=${J2K}`), known: 'E2E' },
  {
    accept: related('image/jp2', J2K),
    gives: parts(`image/jp2; transfer-syntax=${J2K}`),
    known: 'E2E',
  },
  { accept: '*/*', gives: parts(octets()), source: TESTS, known: 'unit' },
  { accept: related('application/octet-stream', J2K), gives: 406, known: 'E2E' },
  { accept: 'image/jp2', gives: 406 },
  { accept: related('image/jp2', '*'), gives: 406 },
  { accept: related('image/jpeg'), gives: 406 },
  { accept: related('image/jls'), gives: 406 },
  { accept: related('image/dicom-rle'), gives: 406 },
  { accept: 'application/dicom', gives: 406 },
  { accept: undefined, gives: 406 },
];

const pathOf = (scene: Scene, resource: AcceptCase['resource']) =>
  resource === 'frames' ? `${scene.paths.instance}/frames/1` : scene.paths[resource];

function rowOf({ resource, accept, gives, source, known }: AcceptCase): Row {
  const line = accept === undefined ? 'no Accept' : `Accept: ${[accept].flat().join(' | ')}`;
  return {
    title: `${resource}, ${line}`,
    source: source ?? MATRIX,
    known: known ?? 'code',
    before: s => s.stored(s.file()),
    request: s => ({ path: pathOf(s, resource), headers: { accept } }),
    status: gives === 406 ? 406 : 200,
    text: gives === 406 ? 'The request headers are not acceptable' : undefined,
    headers:
      gives === 406 || gives.multipart
        ? undefined
        : { 'content-type': new RegExp(`^${escaped(gives.part)}$`) },
    then: answer => gives === 406 || !gives.multipart || expectPart(answer, gives.part),
  };
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** One part, whose only header is its type; the outer type has a boundary alone. [ResourceResult.cs] */
function expectPart(answer: Answer, part: string): true {
  const type = answer.headers['content-type'] ?? '';
  const [, boundary = ''] = /^multipart\/related; boundary=([0-9a-f-]{36})$/.exec(type) ?? [];
  expect(type).toBe(`multipart/related; boundary=${boundary}`);
  const text = answer.body.toString('latin1');
  expect(text.startsWith(`--${boundary}\r\nContent-Type: ${part}\r\n\r\n`)).toBe(true);
  expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
  expect(answer.headers['transfer-encoding']).toBe('chunked');
  return true;
}

const bareWildcard = (gives: AcceptCase['gives']) =>
  (['study', 'series'] as const).map(resource =>
    rowOf({
      resource,
      accept: '*/*',
      gives,
      source: gives === 406 ? MATRIX : 'hosted conformance statement v2, Retrieve',
      known: gives === 406 ? 'code' : 'docs',
    })
  );

/** Section 3.1 of the reference: which representation comes back for which `Accept`. */
export const RETRIEVE_ACCEPT: Table = {
  name: 'Retrieve: Accept',
  options: { profile: 'open-source' },
  rows: [
    ...(['study', 'series'] as const).flatMap(resource =>
      STUDY_AND_SERIES.map(one => rowOf({ resource, ...one }))
    ),
    ...bareWildcard(406),
    ...INSTANCE.map(one => rowOf({ resource: 'instance', ...one })),
    ...FRAMES.map(one => rowOf({ resource: 'frames', ...one })),
  ],
};

/** The one row which the hosted service's documents have otherwise. */
export const RETRIEVE_ACCEPT_HOSTED: Table = {
  name: 'Retrieve: Accept, hosted',
  options: { profile: 'hosted' },
  rows: bareWildcard(parts(dicom())),
};
