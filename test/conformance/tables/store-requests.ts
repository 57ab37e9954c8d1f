import { multipart } from '../support/http.ts';
import { STORE_HEADERS, storeOf } from '../support/row.ts';
import type { Row } from '../support/row.ts';
import { raw } from '../support/store-answers.ts';

const E2E = 'StoreTransactionTests';
const FILTER = 'AcceptContentFilterAttributeTests';
const MEDIA_TYPE = 'reference 1.1, media types';
const studies = (root: string) => `${root}/studies`;

/** What is refused as a whole, and what is not. */
export const STORE_REQUESTS: readonly Row[] = [
  {
    title: 'multipart/form-data: 415 without a body',
    source: `${E2E} GivenAnNonMultipartRequest`,
    known: 'E2E',
    request: s => raw(studies(s.root), { 'content-type': 'multipart/form; boundary=row' }, 'x'),
    status: 415,
    text: '',
  },
  {
    title: 'no Content-Type: 415',
    source: 'StoreHandler',
    known: 'code',
    request: s => raw(studies(s.root), {}, multipart([s.file()])),
    status: 415,
    text: "The specified content type '' is not supported.",
  },
  {
    title: 'no boundary: 415',
    source: 'AspNetCoreMultipartReader',
    known: 'code',
    request: s =>
      raw(studies(s.root), { 'content-type': 'multipart/related' }, multipart([s.file()])),
    status: 415,
    text: "The content type 'multipart/related' is either not multipart or is missing boundary.",
  },
  {
    title: 'start: 400',
    source: 'AspNetCoreMultipartReader',
    known: 'code',
    request: s =>
      raw(
        studies(s.root),
        { 'content-type': `${STORE_HEADERS['content-type']}; start="<a>"` },
        multipart([s.file()])
      ),
    status: 400,
    text: 'The start parameter in multipart/related request is not supported.',
  },
  {
    title: 'a parameter of a part: 415 for the whole',
    source: 'DicomInstanceEntryReaderForMultipartRequest',
    known: 'code',
    request: s => ({
      ...storeOf(studies(s.root), []),
      body: multipart([s.file()], {
        type: 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1',
      }),
    }),
    status: 415,
    text: "The specified content type 'application/dicom; transfer-syntax=1.2.840.10008.1.2.1' is not supported.",
  },
  {
    title: 'a parameter of a single part: 415',
    source: 'DicomInstanceEntryReaderForSinglePartRequest',
    known: 'code',
    request: s => raw(studies(s.root), { 'content-type': 'application/dicom; a=b' }, s.file()),
    status: 415,
    text: "The specified content type 'application/dicom; a=b' is not supported.",
  },
  {
    title: 'the first part may leave its type to the outer one',
    source: `${E2E} GivenAMultipartRequestWithTypeParameterAndFirstSectionWithoutContentType`,
    known: 'E2E',
    request: s => ({
      ...storeOf(studies(s.root), []),
      body: multipart([s.file()], { type: null }),
    }),
    status: 200,
  },
  {
    title: 'a later part may not',
    source: MEDIA_TYPE,
    known: 'code',
    request: s => ({
      ...storeOf(studies(s.root), []),
      body: multipart([s.file(), s.other()], { type: null }),
    }),
    status: 415,
    text: "The specified content type '' is not supported.",
  },
  {
    title: 'DICOM JSON in a part: 415',
    source: MEDIA_TYPE,
    known: 'code',
    request: s => ({
      ...storeOf(studies(s.root), []),
      body: multipart([Buffer.from('[]')], { type: 'application/dicom+json' }),
    }),
    status: 415,
    text: "The specified content type 'application/dicom+json' is not supported.",
  },
  {
    title: 'a refused request stores nothing',
    source: 'reference 1.1, all parts are read first',
    known: 'code',
    before: async s => {
      const body = Buffer.concat([
        multipart([s.file()]).subarray(0, -9),
        Buffer.from('--row\r\nContent-Type: text/plain\r\n\r\nx\r\n--row--\r\n'),
      ]);
      const answer = await s.send(raw(studies(s.root), STORE_HEADERS, body));
      expect(answer.status).toBe(415);
    },
    request: s => ({ path: `${s.paths.instance}/metadata` }),
    status: 404,
  },
  {
    title: 'a study in the path which is no UID: 400',
    source: `${E2E} GivenARequestWithInvalidStudyInstanceUID`,
    known: 'E2E',
    request: s => storeOf(`${s.root}/studies/${'b'.repeat(65)}`, [s.file()]),
    status: 400,
    text: "Dicom element 'StudyInstanceUid' failed validation for VR 'UI': DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.",
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  },
  ...['application/dicom', 'application/xml', 'image/png'].map((accept): Row => ({
    title: `Accept: ${accept}: 406 without a body`,
    source: `${E2E} GivenAnIncorrectAcceptHeader`,
    known: 'E2E',
    request: s => {
      const sent = storeOf(studies(s.root), [s.file()]);
      return { ...sent, headers: { ...sent.headers, accept } };
    },
    status: 406,
    text: '',
  })),
  {
    title: 'no Accept: 406',
    source: FILTER,
    known: 'unit',
    request: s => {
      const sent = storeOf(studies(s.root), [s.file()]);
      return { ...sent, headers: { ...sent.headers, accept: undefined } };
    },
    status: 406,
    text: '',
  },
  ...['application/json', 'application/*', 'text/html, application/DICOM+json;q=0.1'].map(
    (accept): Row => ({
      title: `Accept: ${accept}: is answered`,
      source: FILTER,
      known: 'unit',
      request: s => {
        const sent = storeOf(studies(s.root), [s.file()]);
        return { ...sent, headers: { ...sent.headers, accept } };
      },
      status: 200,
      headers: { 'content-type': 'application/dicom+json; charset=utf-8' },
    })
  ),
  {
    title: '415 goes before 406',
    source: 'reference 1.1, order of checks',
    known: 'framework',
    request: s => raw(studies(s.root), { 'content-type': 'text/plain', accept: 'image/png' }, 'x'),
    status: 415,
  },
  {
    title: '406 goes before 400 for the path',
    source: 'reference 1.1, order of checks',
    known: 'code',
    request: s => ({
      ...storeOf(`${s.root}/studies/a`, [s.file()]),
      headers: { ...STORE_HEADERS, accept: 'image/png' },
    }),
    status: 406,
  },
  {
    title: '400 for the path goes before 415 for a parameter',
    source: 'reference 1.1, order of checks',
    known: 'code',
    request: s =>
      raw(`${s.root}/studies/a`, { 'content-type': 'application/dicom; a=b' }, s.file()),
    status: 400,
  },
];
