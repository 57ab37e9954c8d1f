import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import type { BuilderElements } from '../testing/part10-builder.ts';
import { startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

const [A, B] = ['1.2.1', '1.2.2'];
let service: TestService;

/** Study A: series 1 (CT, two instances), series 2 (SR, one instance). Study B: one MR instance, newest. */
const INSTANCES: BuilderElements[] = [
  {
    '0020000D': ['UI', A],
    '0020000E': ['UI', `${A}.1`],
    '00080018': ['UI', `${A}.1.1`],
    '00081030': ['LO', 'Old'],
  },
  { '0020000D': ['UI', A], '0020000E': ['UI', `${A}.1`], '00080018': ['UI', `${A}.1.2`] },
  {
    '0020000D': ['UI', A],
    '0020000E': ['UI', `${A}.2`],
    '00080018': ['UI', `${A}.2.1`],
    '00080060': ['CS', 'SR'],
    '00080090': undefined,
  },
  {
    '0020000D': ['UI', B],
    '0020000E': ['UI', `${B}.1`],
    '00080018': ['UI', `${B}.1.1`],
    '00080060': ['CS', 'MR'],
    '00080020': ['DA', '20240201'],
    '00080050': ['SH', 'ACC-2'],
    '00100010': ['PN', 'Müller^Jörg Peter'],
    '00100020': ['LO', 'PID-2\0'],
    '00080005': ['CS', 'ISO_IR 192'],
    '00091001': ['LO', 'private'],
  },
];

beforeAll(async () => {
  service = await startTestService();
  for (const changes of INSTANCES) {
    expect((await service.store([buildPart10(instanceElements(changes))])).status).toBe(200);
  }
});
afterAll(() => service.end());

const found = async (path: string, tag = '0020000D') => {
  const answer = await service.send(path);
  if (answer.status === 204) {
    expect(answer.text).toBe('');
    return [];
  }
  expect({ status: answer.status, text: answer.status === 200 ? '' : answer.text }).toEqual({
    status: 200,
    text: '',
  });
  return answer.json().map(result => result[tag]?.Value?.[0]);
};
const keys = async (path: string) => Object.keys((await service.send(path)).json()[0] ?? {}).sort();

describe('matching (reference 2.3, 7)', () => {
  it.each([
    ['all studies, newest first', '', [B, A]],
    ['StudyInstanceUID', `StudyInstanceUID=${A}`, [A]],
    ['hex id', `0020000D=${A}`, [A]],
    ['UID list: literal', `StudyInstanceUID=${A},${B}`, []],
    ['UID list with a backslash: literal', `StudyInstanceUID=${A}%5C${B}`, []],
    ['query UIDs are not validated', 'StudyInstanceUID=foo', []],
    ['PatientID', 'PatientID=PID-1', [A]],
    ['case does not matter', 'PatientID=pid-1', [A]],
    ['NUL padding: without', 'PatientID=PID-2', [B]],
    ['NUL padding: with', 'PatientID=PID-2%00', [B]],
    ['wildcards: literal', 'PatientID=PID*', []],
    ['wildcard ?: literal', 'PatientID=PID-?', []],
    ['a part does not match', 'AccessionNumber=ACC', []],
    ['the study has the values stored last', 'StudyDescription=Old', []],
    ['whole PN', 'PatientName=Test%5ETina', [A]],
    ['part of a PN', 'PatientName=Test', []],
    ['accents do not matter in PN', 'PatientName=muller%5Ejorg+peter', [B]],
    ['date', 'StudyDate=20240131', [A]],
    ['range', 'StudyDate=20240131-20240201', [B, A]],
    ['open end', 'StudyDate=20240201-', [B]],
    ['open beginning', 'StudyDate=-20240131', [A]],
    ['range without a match', 'StudyDate=19000101-19991231', []],
    ['ModalitiesInStudy: any series', 'ModalitiesInStudy=CT', [A]],
    ['ModalitiesInStudy: another series', 'ModalitiesInStudy=SR', [A]],
    ['ModalitiesInStudy: list is literal', 'ModalitiesInStudy=CT,SR', []],
    ['fuzzy: beginning of a word', 'PatientName=Tin&fuzzymatching=true', [A]],
    ['fuzzy: adjacent words in order', 'PatientName=mul+jo&fuzzymatching=true', [B]],
    ['fuzzy: not in order', 'PatientName=jorg+muller&fuzzymatching=true', []],
    ['fuzzy: not within a word', 'PatientName=ina&fuzzymatching=true', []],
    ['fuzzy applies to PN alone', 'PatientID=PID&fuzzymatching=true', []],
    ['options in any case', 'LIMIT=1&Offset=1&FuzzyMatching=FALSE', [A]],
    ['limit', 'limit=1', [B]],
    ['offset beyond the end', 'offset=5', []],
    ['both match', 'PatientID=PID-1&StudyDate=20240201', []],
  ])('%s', async (_, query, expected) => {
    expect(await found(`/v2/studies?${query}`)).toEqual(expected);
  });

  it.each([
    ['/v2/series', [`${B}.1`, `${A}.2`, `${A}.1`]],
    ['/v2/series?Modality=CT', [`${A}.1`]],
    ['/v2/series?PatientID=PID-2', [`${B}.1`]],
    [`/v2/studies/${A}/series`, [`${A}.2`, `${A}.1`]],
    [`/v2/studies/${A}/series?Modality=CT`, [`${A}.1`]],
    [`/v2/studies/${A}/series?SeriesInstanceUID=${A}.2`, [`${A}.2`]],
    ['/v2/studies/9.9.9/series', []],
  ])('%s', async (path, expected) => {
    expect(await found(path, '0020000E')).toEqual(expected);
  });

  it.each([
    ['/v2/instances', [`${B}.1.1`, `${A}.2.1`, `${A}.1.2`, `${A}.1.1`]],
    [`/v2/instances?SOPInstanceUID=${A}.1.2`, [`${A}.1.2`]],
    ['/v2/instances?Modality=CT&PatientID=PID-1', [`${A}.1.2`, `${A}.1.1`]],
    [`/v2/studies/${A}/instances?Modality=SR`, [`${A}.2.1`]],
    [`/v2/studies/${A}/series/${A}.1/instances`, [`${A}.1.2`, `${A}.1.1`]],
  ])('%s', async (path, expected) => {
    expect(await found(path, '00080018')).toEqual(expected);
  });
});

describe('returned attributes (reference 2.5)', () => {
  const V2_STUDY = '00080020 00080050 00080090 00081030 00100010 00100020 00100030 0020000D';
  const rows: [string, string, string][] = [
    ['v2 study', '/v2/studies?offset=0&limit=1', V2_STUDY],
    ['no value, no key', `/v2/studies?StudyInstanceUID=${A}`, V2_STUDY.replace('00080090 ', '')],
    [
      'v1 study has no StudyDescription',
      '/v1/studies?limit=1',
      '00080005 00080020 00080030 00080050 00080090 00100010 00100020 00100030 0020000D',
    ],
    ['v2 series adds the study', '/v2/series?limit=1', `${V2_STUDY} 00080060 00081090 0020000E`],
    ['v2 nested series', `/v2/studies/${A}/series?limit=1`, '00080060 00081090 0020000D 0020000E'],
    ['v1 nested series', `/v1/studies/${A}/series?limit=1`, '00080060 0020000D 0020000E'],
    [
      'v2 nested instances',
      `/v2/studies/${A}/series/${A}.1/instances`,
      '00080018 0020000D 0020000E',
    ],
    [
      'v1 instances',
      `/v1/studies/${A}/series/${A}.1/instances`,
      '00080016 00080018 00200013 00280010 00280011 00280100 0020000D 0020000E',
    ],
    [
      'series attributes outside the defaults',
      `/v2/studies/${A}/series?includefield=SeriesNumber`,
      '00080060 00081090 0020000D 0020000E 00200011',
    ],
    [
      'computed, if named',
      '/v2/studies?limit=1&includefield=ModalitiesInStudy,00201208',
      `${V2_STUDY} 00080061 00201208`,
    ],
    [
      'computed, on the other level',
      `/v2/studies/${A}/series?includefield=00201209,00201208`,
      '00080060 00081090 0020000D 0020000E 00201208 00201209',
    ],
    [
      'computed, own level only, beside metadata',
      `/v2/studies/${A}/series?includefield=00201209,00201208,00200011`,
      '00080060 00081090 0020000D 0020000E 00200011 00201209',
    ],
    [
      'computed, never with instances',
      '/v2/studies/1.2.2/instances?includefield=00201208,00201209,00080061',
      '00080018 00080060 00081090 0020000D 0020000E',
    ],
    [
      'never RetrieveURL, InstanceAvailability, NumberOfStudyRelatedSeries',
      '/v2/studies?limit=1&includefield=00081190&includefield=00080054,00201206',
      V2_STUDY,
    ],
    ['a private attribute', '/v2/studies?limit=1&includefield=00091001', `${V2_STUDY} 00091001`],
    ['a filter is returned', '/v2/studies?ModalitiesInStudy=MR', `${V2_STUDY} 00080061`],
    [
      'all',
      '/v2/studies?limit=1&includefield=ALL',
      `00080005 00080020 00080030 00080050 00080090 00081030 00100010 00100020 00100030 0020000D`,
    ],
  ];

  it.each(rows)('%s', async (_, path, expected) => {
    expect(await keys(path)).toEqual(expected.split(' ').sort());
  });

  it('Modality on /studies is that of the newest series; ModalitiesInStudy lists all', async () => {
    const path = `/v2/studies?StudyInstanceUID=${A}&includefield=Modality,ModalitiesInStudy,00201208`;
    expect((await service.send(path)).json()[0]).toMatchObject({
      '00080060': { vr: 'CS', Value: ['SR'] },
      '00080061': { vr: 'CS', Value: ['CT', 'SR'] },
      '00201208': { vr: 'IS', Value: [3] },
    });
  });
});

describe('400 (reference 2.4, 2.6)', () => {
  const ADVICE =
    'If the parameter is an attribute keyword, check the casing as they are case-sensitive. The conformance statement has a list of supported query parameters, attributes and the levels.';
  it.each([
    ['studies?foo=bar', `Invalid query: unknown query parameter 'foo'. ${ADVICE}`],
    ['studies?patientname=x', `Invalid query: unknown query parameter 'patientname'. ${ADVICE}`],
    ['studies?__proto__=x', `Invalid query: unknown query parameter '__proto__'. ${ADVICE}`],
    ['studies?orderby=x', `Invalid query: unknown query parameter 'orderby'. ${ADVICE}`],
    ['studies?Modality=CT', `Invalid query: AttributeId Modality is not queryable.  ${ADVICE}`],
    [
      `studies/${A}/series?PatientName=x`,
      `Invalid query: AttributeId PatientName is not queryable.  ${ADVICE}`,
    ],
    [
      `studies/${A}/series?StudyInstanceUID=${A}`,
      `Invalid query: AttributeId StudyInstanceUID is not queryable.  ${ADVICE}`,
    ],
    ['series?StudyTime=10', `Invalid query: AttributeId StudyTime is not queryable.  ${ADVICE}`],
    [
      'studies?a.b=1',
      "Dicom element 'a.b' failed validation for VR 'SQ': Sequential dicom tags are currently not supported.",
    ],
    [
      'studies?PatientID=a&PatientID=b',
      "Invalid QIDO-RS query. Duplicate AttributeId 'PatientID'. Each attribute is only allowed to be specified once.",
    ],
    [
      'studies?PatientID=a&00100020=b',
      "Invalid query: attribute '00100020' has been specified more than once using different ID formats. Each attribute is only allowed to be specified once.",
    ],
    [
      'studies?PatientName=',
      "Invalid query: AttributeId 'PatientName' has empty string value that is not supported.",
    ],
    [
      'studies?PatientName=+',
      "Invalid query: AttributeId 'PatientName' has empty string value that is not supported.",
    ],
    [
      'studies?StudyDate=2024',
      "Invalid query: specified Date value '2024' is invalid for attribute 'StudyDate'. Date should be valid and formatted as yyyyMMdd.",
    ],
    [
      'studies?StudyDate=20240230',
      "Invalid query: specified Date value '20240230' is invalid for attribute 'StudyDate'. Date should be valid and formatted as yyyyMMdd.",
    ],
    [
      'studies?00080020=x-20240101',
      "Invalid query: specified Date value 'x' is invalid for attribute 'StudyDate'. Date should be valid and formatted as yyyyMMdd.",
    ],
    [
      'studies?StudyDate=20240201-20240101',
      "Invalid query: specified date range '20240201-20240101' is invalid.\nThe first part date 20240201 should be lesser than or equal to the second part date 20240101.",
    ],
    ['studies?includefield=x', "Invalid query: IncludeField has unknown attribute 'x'."],
    [
      'studies?includefield=all,PatientID',
      "Invalid query: cannot specify included fields in addition to 'all'.",
    ],
    [
      'studies?includefield=all&includefield=PatientID',
      "Invalid query: cannot specify included fields in addition to 'all'.",
    ],
    [
      'studies?PatientName=a%22b&fuzzymatching=true',
      `Invalid query: specified tag 'PatientName' value 'a"b' contains unsupported character '"'. Character is not supported with Fuzzy match, try exact match or removing the invalid character. `,
    ],
    [
      'studies?limit=0',
      "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    ],
    [
      'studies?limit=201',
      "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    ],
    [
      'studies?limit=x',
      "The query parameter 'Limit' is invalid. The value 'x' is not valid for Limit.",
    ],
    [
      'studies?limit=NaN',
      "The query parameter 'Limit' is invalid. The value 'NaN' is not valid for Limit.",
    ],
    [
      'studies?limit=1.5',
      "The query parameter 'Limit' is invalid. The value '1.5' is not valid for Limit.",
    ],
    [
      'studies?fuzzymatching=yes',
      "The query parameter 'FuzzyMatching' is invalid. The value 'yes' is not valid for FuzzyMatching.",
    ],
    ['studies?PatientName=a%3Cb', 'The query string included invalid characters.'],
    [
      'studies/a/series',
      "Dicom element 'StudyInstanceUid' failed validation for VR 'UI': DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.",
    ],
  ])('%s', async (path, text) => {
    const answer = await service.send(`/v2/${path}`);
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 400, text });
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it.each(['studies?StudyDate=-', 'studies?offset=-1'])('%s', async path => {
    expect(await service.send(`/v2/${path}`)).toMatchObject({ status: 400 });
  });
});

describe('Accept (reference 0.B)', () => {
  it.each([
    ['application/dicom+json', 200],
    ['APPLICATION/JSON; charset=utf-8', 200],
    ['application/*', 200],
    ['image/png, */*;q=0.1', 200],
    [undefined, 406],
    ['application/dicom', 406],
    ['garbage', 406],
    ['multipart/related; type="application/dicom+json"', 406],
  ])('%s: %i', async (accept, status) => {
    const answer = await service.send('/v2/studies', { headers: { accept } });
    expect(answer.status).toBe(status);
    if (status === 406) expect(answer.text).toBe('');
  });

  it('goes before the query and the path', async () => {
    const headers = { accept: 'image/png' };
    expect(await service.send('/v2/studies?foo=1', { headers })).toMatchObject({ status: 406 });
    expect(await service.send('/v2/studies/guid/series', { headers })).toMatchObject({
      status: 406,
    });
  });
});
