import { multipart } from '../support/http.ts';
import { STORE_HEADERS, storeOf } from '../support/row.ts';
import type { Row } from '../support/row.ts';
import { failure, items, raw, reason } from '../support/store-answers.ts';
import type { Item } from '../support/store-answers.ts';

const E2E = 'StoreTransactionTests';
const LATEST = 'StoreTransactionTestsLatest';
const CT = '1.2.840.10008.5.1.4.1.1.2';
const studies = (root: string) => `${root}/studies`;

/** What a Store request is answered with. */
export const STORE_ANSWERS: readonly Row[] = [
  {
    title: 'one instance: 200 and its references',
    source: `${E2E} GivenExistingDataset`,
    known: 'E2E',
    standard: true,
    request: s => storeOf(studies(s.root), [s.file()]),
    status: 200,
    headers: { 'content-type': /^application\/dicom\+json/ },
    then: (answer, s) => {
      const [item] = items(answer, '00081199');
      expect(item?.['00081150']?.Value).toEqual([CT]);
      expect(item?.['00081155']?.Value).toEqual([s.instance]);
      expect(String(item?.['00081190']?.Value?.[0])).toContain(
        `/studies/${s.study}/series/${s.series}/instances/${s.instance}`
      );
      expect(items(answer, '00081198')).toEqual([]);
    },
  },
  {
    title: 'study in the path: its RetrieveURL',
    source: `${E2E} GivenOneDifferentStudyInstanceUID`,
    known: 'E2E',
    request: s => storeOf(s.paths.study, [s.file()]),
    status: 200,
    then: (answer, s) =>
      expect(answer.json<Item>()['00081190']?.Value).toEqual([s.origin + s.paths.study]),
  },
  {
    title: 'v2 has FailedAttributesSequence in every stored item',
    source: `${LATEST} GivenInstanceWithIndexableTagWithNullPadding`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file()]),
    status: 200,
    then: answer => expect(items(answer, '00081199')[0]?.['00741048']).toEqual({ vr: 'SQ' }),
  },
  {
    title: 'v1 has none',
    source: 'StoreResponseBuilder.AddSuccess',
    known: 'code',
    request: s => storeOf('/v1/studies', [s.file()]),
    status: 200,
    then: answer => expect(items(answer, '00081199')[0]).not.toHaveProperty('00741048'),
  },
  {
    title: 'v1 URLs for v1',
    source: 'UrlResolver',
    known: 'code',
    request: s => storeOf('/v1/studies', [s.file()]),
    status: 200,
    text: /"http:\/\/localhost:\d+\/v1\/studies\//,
  },
  {
    title: 'v1.0-prerelease is a version',
    source: 'ApiVersionsConvention',
    known: 'code',
    request: s => storeOf('/v1.0-prerelease/studies', [s.file()]),
    status: 200,
    text: /\/v1\.0-prerelease\/studies\//,
  },
  {
    title: 'a single part',
    source: `${E2E} GivenSinglePartRequest`,
    known: 'E2E',
    request: s => raw(studies(s.root), { 'content-type': 'application/dicom' }, s.file()),
    status: 200,
    headers: { 'content-type': 'application/dicom+json; charset=utf-8' },
  },
  {
    title: 'a single part, study in the path',
    source: `${E2E} GivenSinglePartRequest_WhenStoringWithStudyUid`,
    known: 'E2E',
    request: s => raw(s.paths.study, { 'content-type': 'application/dicom' }, s.file()),
    status: 200,
  },
  {
    title: 'the same instance again: 45070, no comment',
    source: `${E2E} GivenExistingDataset`,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s => storeOf(studies(s.root), [s.file()]),
    status: 409,
    then: answer => {
      reason(45070)(answer);
      expect(items(answer, '00081198')[0]).not.toHaveProperty('00741048');
    },
  },
  {
    title: 'the same instance twice in a request',
    source: `${E2E} GivenDatasetWithDuplicateIdentifiers`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file(), s.file()]),
    status: 202,
    then: answer => {
      expect(items(answer, '00081199')).toHaveLength(1);
      expect(items(answer, '00081198')[0]?.['00081197']?.Value).toEqual([45070]);
    },
  },
  {
    title: 'identical Study and Series Instance UID',
    source: `${E2E} GivenDatasetWithDuplicateIdentifiers`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [s.file({ '0020000E': ['UI', s.study] })]),
    status: 200,
  },
  {
    title: 'a study other than the one in the path: 43264',
    source: `${E2E} GivenAllDifferentStudyInstanceUIDs`,
    known: 'E2E',
    request: s => storeOf(`${s.root}/studies/1.2.3`, [s.file()]),
    status: 409,
    then: failure(
      'DICOM100: (0020,000d) - The StudyInstanceUid in the payload does not match the specified StudyInstanceUid.'
    ),
  },
  {
    title: 'one of two in the path: 202 with three keys',
    source: `${E2E} GivenOneDifferentStudyInstanceUID`,
    known: 'E2E',
    request: s => storeOf(s.paths.study, [s.file(), s.other({ '0020000D': ['UI', '1.2.9'] })]),
    status: 202,
    then: answer =>
      expect(Object.keys(answer.json<Item>())).toEqual(['00081190', '00081198', '00081199']),
  },
  {
    title: 'no part: 204',
    source: `${E2E} GivenAMultipartRequestWithNoContent`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), []),
    status: 204,
    text: '',
  },
  {
    title: 'an empty part: 409',
    source: `${E2E} GivenAMultipartRequestWithEmptyContent`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [Buffer.alloc(0)]),
    status: 409,
    then: answer =>
      expect(items(answer, '00081198')).toEqual([{ '00081197': { vr: 'US', Value: [43264] } }]),
  },
  {
    title: 'an empty single part: 409',
    source: `${E2E} GivenEmptyContent`,
    known: 'E2E',
    request: s => raw(studies(s.root), { 'content-type': 'application/dicom' }, ''),
    status: 409,
  },
  {
    title: 'an empty part beside a good one: 202',
    source: `${E2E} GivenAMultipartRequestWithAnInvalidMultipartSection`,
    known: 'E2E',
    request: s => storeOf(studies(s.root), [Buffer.alloc(0), s.file()]),
    status: 202,
  },
  {
    title: 'an unfinished last part is dropped, the first is stored',
    source: 'AspNetCoreMultipartReader',
    known: 'code',
    request: s => {
      const body = multipart([s.file(), s.other()]);
      return raw(studies(s.root), STORE_HEADERS, body.subarray(0, -40));
    },
    status: 200,
    then: answer => expect(items(answer, '00081199')).toHaveLength(1),
  },
  {
    title: 'the bytes come back identical',
    source: `${E2E} GivenSinglePartRequest_WhenStoring_ThenShouldRetrieveEquivalentBytes`,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: s => ({
      path: s.paths.instance,
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    }),
    status: 200,
    then: (answer, s) => expect(answer.body.equals(s.file())).toBe(true),
  },
  {
    title: 'MPEG2 is stored',
    source: 'RetrieveTransactionResourceTests.Instance GivenUnsupportedInternalTransferSyntax',
    known: 'E2E',
    request: s =>
      storeOf(studies(s.root), [
        s.file(
          { '7FE00010': ['OB', ''] },
          {
            transferSyntax: '1.2.840.10008.1.2.4.100',
            fragments: [Buffer.alloc(0), Buffer.alloc(8)],
          }
        ),
      ]),
    status: 200,
  },
];
