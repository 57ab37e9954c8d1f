import type { Answer } from '../support/http.ts';
import { jsonOf, storeOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const E2E = 'ExtendedQueryTagTests';
const VALIDATOR = 'ExtendedQueryTagEntryValidator';
const TAGS = '/v2/extendedquerytags';

interface Tag {
  path: string;
  status: string;
  queryStatus: string;
  errors?: { count: number; href: string };
}

const add = (...entries: Record<string, unknown>[]) => jsonOf('POST', TAGS, entries);
const added = async (s: Scene, ...entries: Record<string, unknown>[]) => {
  for (const { Path } of entries) {
    await s.send({ method: 'DELETE', path: `${TAGS}/${String(Path)}` });
  }
  return s.operation(await s.send(add(...entries)));
};
const tag = async (s: Scene, path: string) =>
  (await s.send({ path: `${TAGS}/${path}` })).json<Tag>();
const count = (answer: Answer) => answer.json<unknown[]>().length;

const life: Row[] = [
  {
    title: 'adding: 202 with the operation',
    source: 'ExtendedQueryTagController.PostAsync',
    known: 'code',
    request: () => add({ Path: '00101010', VR: 'AS', Level: 'Instance' }),
    status: 202,
    headers: { location: /\/v2\/operations\/[0-9a-f]{32}$/ },
    then: async (answer, s) => {
      const { id, href } = answer.json<{ id: string; href: string }>();
      expect(href).toBe(`${s.origin}/v2/operations/${id}`);
      const state = await s.operation(answer);
      expect(state.json()).toMatchObject({
        operationId: id,
        type: 'reindex',
        status: 'succeeded',
        percentComplete: 100,
        resources: [`${s.origin}${TAGS}/00101010`],
      });
    },
  },
  {
    title: 'the operation in v1: completed',
    source: 'OperationsController.UpdateOperationState',
    known: 'code',
    request: async s => {
      const state = await added(s, { Path: '00100040', Level: 'Study' });
      const { operationId } = state.json<{ operationId: string }>();
      return { path: `/v1/operations/${operationId}` };
    },
    status: 200,
    text: /"status":"completed"/,
  },
  {
    title: 'an operation which is not there: 404',
    source: 'OperationsController',
    known: 'code',
    request: () => ({ path: '/v2/operations/00000000000000000000000000000000' }),
    status: 404,
    text: '',
  },
  {
    title: 'getting one: ready and enabled, without errors',
    source: `${E2E} GivenExtendedQueryTag_WhenReindexing`,
    known: 'E2E',
    before: s => added(s, { Path: '00100040', VR: 'CS', Level: 'Study' }),
    request: () => ({ path: `${TAGS}/PatientSex` }),
    status: 200,
    then: answer =>
      expect(answer.json()).toEqual({
        path: '00100040',
        vr: 'CS',
        level: 'study',
        status: 'ready',
        queryStatus: 'enabled',
      }),
  },
  {
    title: 'listing pages',
    source: `${E2E} GivenExtendedQueryTag_WhenReindexing`,
    known: 'E2E',
    before: s =>
      added(s, { Path: '00100040', Level: 'Study' }, { Path: '21000170', Level: 'Study' }),
    request: () => ({ path: `${TAGS}?limit=1&offset=1` }),
    status: 200,
    then: answer => expect(count(answer)).toBe(1),
  },
  {
    title: 'what was stored before is found: IS by its number',
    source: `${E2E} GivenExtendedQueryTag_WhenReindexing`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file({ '21000170': ['IS', '03'] }));
      await added(s, { Path: '21000170', VR: 'IS', Level: 'Study' });
    },
    request: s => ({ path: `/v2/instances?21000170=0003&StudyInstanceUID=${s.study}` }),
    status: 200,
    then: answer => expect(count(answer)).toBe(1),
  },
  {
    title: 'what is stored later is found, and returned',
    source: 'reference 4; QueryResponseBuilder',
    known: 'code',
    before: async s => {
      await added(s, { Path: '00100040', Level: 'Study' });
      await s.stored(s.file({ '00100040': ['CS', 'O'] }));
    },
    request: s => ({ path: `/v2/studies?PatientSex=O&StudyInstanceUID=${s.study}` }),
    status: 200,
    text: /"00100040":\{"vr":"CS","Value":\["O"\]\}/,
  },
  {
    title: 'not at a level above its own',
    source: 'QueryLimit.QueryResourceTypeToQueryLevelsMapping',
    known: 'code',
    before: s => added(s, { Path: '00181030', Level: 'Series' }),
    request: () => ({ path: '/v2/studies?ProtocolName=x' }),
    status: 400,
    text: /^Invalid query: AttributeId ProtocolName is not queryable\. {2}/,
  },
  {
    title: 'deleting: 204, then it is not searchable',
    source: 'DeleteExtendedQueryTagService',
    known: 'code',
    before: s => added(s, { Path: '00102160', Level: 'Study' }),
    request: () => ({ method: 'DELETE', path: `${TAGS}/00102160` }),
    status: 204,
    then: async (_, s) => {
      expect(await s.send({ path: '/v2/studies?00102160=1' })).toMatchObject({ status: 400 });
      expect(await s.send({ path: `${TAGS}/00102160` })).toMatchObject({
        status: 404,
        text: 'The specified extended query tag with tag path 00102160 cannot be found.',
      });
    },
  },
  {
    title: 'a tag which is there: 409',
    source: 'SqlExtendedQueryTagStore; ExtendedQueryTagsAlreadyExists',
    known: 'code',
    before: s => added(s, { Path: '00100040', Level: 'Study' }),
    request: () => add({ Path: 'PatientSex', Level: 'Study' }),
    status: 409,
    text: 'One or more extended query tags already exist.',
  },
];

/** Two v1 instances with a value which cannot be indexed, and one with a good one. */
const withErrors = async (s: Scene) => {
  await s.send({ method: 'DELETE', path: `${TAGS}/00101010` });
  const ages = ['foo', 'bar', '053Y'];
  const files = ages.map(age => s.other({ '00101010': ['AS', age], '00100020': ['LO', 'E'] }));
  expect(await s.send(storeOf('/v1/studies', files))).toMatchObject({ status: 200 });
  await s.send(storeOf('/v2/studies', [s.other({ '00101010': ['AS', 'baz'] })]));
  await added(s, { Path: '00101010', VR: 'AS', Level: 'Instance' });
};
const search = (s: Scene) => ({ path: `/v2/instances?00101010=053Y&StudyInstanceUID=${s.study}` });

const errors: Row[] = [
  {
    title: 'values which cannot be indexed: disabled, with a count',
    source: `${E2E} GivenExtendedQueryTagWithErrors`,
    known: 'E2E',
    before: withErrors,
    request: () => ({ path: `${TAGS}/00101010` }),
    status: 200,
    then: (answer, s) => {
      const { queryStatus, errors: reference } = answer.json<Tag>();
      expect(queryStatus).toBe('disabled');
      expect(reference?.count).toBeGreaterThanOrEqual(2);
      expect(reference?.href).toBe(`${s.origin}${TAGS}/00101010/errors`);
    },
  },
  {
    title: 'the errors, in the words which are kept',
    source: `${E2E} GivenExtendedQueryTagWithErrors; ValidationErrorCodeExtensions`,
    known: 'E2E',
    before: withErrors,
    request: () => ({ path: `${TAGS}/00101010/errors?limit=1` }),
    status: 200,
    then: answer => {
      expect(count(answer)).toBe(1);
      expect(answer.json<unknown[]>()[0]).toMatchObject({
        errorMessage: 'Value length is not expected.',
      });
    },
  },
  {
    title: 'searching by it while disabled: 400',
    source: `${E2E} GivenExtendedQueryTagWithErrors`,
    known: 'E2E',
    before: withErrors,
    request: search,
    status: 400,
    text: "Query is disabled on specified attribute '00101010'.",
  },
  {
    title: 'enabled again: found, with erroneous-dicom-attributes',
    source: `${E2E} GivenExtendedQueryTagWithErrors`,
    known: 'E2E',
    before: async s => {
      await withErrors(s);
      await s.send(jsonOf('PATCH', `${TAGS}/00101010`, { QueryStatus: 'Enabled' }));
      expect((await tag(s, '00101010')).queryStatus).toBe('enabled');
    },
    request: search,
    status: 200,
    headers: { 'erroneous-dicom-attributes': /^00101010$/ },
    then: answer => expect(count(answer)).toBe(1),
  },
  {
    title: 'v1 Store with an invalid value: 409',
    source: `${E2E} GivenInvalidISAndIndexed`,
    known: 'E2E',
    before: s => added(s, { Path: '00082122', Level: 'Instance' }),
    request: s => storeOf('/v1/studies', [s.file({ '00082122': ['IS', 'InvalidISValue'] })]),
    status: 409,
  },
  {
    title: 'v2 Store with an invalid value: 202',
    source: `${E2E} GivenInvalidISAndIndexed`,
    known: 'E2E',
    before: s => added(s, { Path: '00082122', Level: 'Instance' }),
    request: s => storeOf('/v2/studies', [s.file({ '00082122': ['IS', 'InvalidISValue'] })]),
    status: 202,
  },
];

const field = (name: string, reason: string) =>
  `The field '${name}' in request body is invalid: ${reason}`;
const unspecified = (name: string) =>
  field(
    `[0].${name}`,
    `The Dicom Tag Property ${name} must be specified and must not be null, empty or whitespace.`
  );

const BAD: readonly [body: string, text: string, source: string, known: Row['known']][] = [
  [
    '[{"Path":"00100040"}]',
    unspecified('Level'),
    `${E2E} GivenMissingPropertyInRequestBody`,
    'E2E',
  ],
  [
    '[{"Path":"","Level":"Study"}]',
    unspecified('Path'),
    `${E2E} GivenMissingPropertyInRequestBody`,
    'E2E',
  ],
  [
    '[{"Path":"00100040","Level":"Studys"}]',
    field(
      '$[0].Level',
      "Expected value 'Studys' to be one of the following values: ['Instance', 'Series', 'Study']"
    ),
    `${E2E} GivenInvalidTagLevelInRequestBody`,
    'E2E',
  ],
  ['[]', 'The extended query tag(s) is missing.', VALIDATOR, 'code'],
  [
    '[{"Path":"abc","Level":"Study"}]',
    "The extended query tag 'abc' is invalid as it cannot be parsed into a valid Dicom Tag.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"PatientName","Level":"Study"}]',
    "The query tag 'PatientName' is already supported.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00101020","VR":"XX","Level":"Study"}]',
    "The VR code 'XX' for tag '00101020' is invalid.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00101010","VR":"DA","Level":"Study"}]',
    "The VR code 'DA' is incorrectly specified for '00101010'. The expected VR code for it is 'AS'. Retry this request either with the correct VR code or without specifying it.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00104000","Level":"Study"}]',
    "The VR code 'LT' specified for tag '00104000' is not supported.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00091001","Level":"Study","VR":"LO"}]',
    "The private creator for private tag '00091001' is missing.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00091001","Level":"Study","PrivateCreator":"A"}]',
    "The vr for tag '00091001' is missing.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00102180","Level":"Study","PrivateCreator":"A"}]',
    "The private creator is not empty for standard tag '00102180'.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00102180","Level":"Study"},{"Path":"00102180","Level":"Study"}]',
    "The extended query tag '00102180' has been specified before.",
    VALIDATOR,
    'code',
  ],
  [
    '[{"Path":"00400275.00080050","Level":"Study"}]',
    "Dicom element '00400275.00080050' failed validation for VR 'SQ': Sequential dicom tags are currently not supported.",
    'DicomTagParser',
    'code',
  ],
  ['', field('', 'A non-empty request body is required.'), 'ASP.NET input formatter', 'framework'],
];

const bad: Row[] = [
  ...BAD.map(([body, text, source, known]): Row => ({
    title: `400: ${body === '' ? 'no body' : body}`,
    source,
    known,
    request: () => jsonOf('POST', TAGS, body),
    status: 400,
    text,
  })),
  {
    title: 'another media type: 415',
    source: 'ConsumesAttribute',
    known: 'framework',
    request: () => jsonOf('POST', TAGS, '[]', 'text/plain'),
    status: 415,
    text: '',
  },
  {
    title: 'PATCH without QueryStatus: 400',
    source: 'UpdateExtendedQueryTagOptions',
    known: 'framework',
    request: () => jsonOf('PATCH', `${TAGS}/00101010`, {}),
    status: 400,
    text: field('QueryStatus', 'The QueryStatus field is required.'),
  },
  {
    title: 'PATCH of another field: 400',
    source: 'UpdateExtendedQueryTagOptions.Validate',
    known: 'code',
    request: () => jsonOf('PATCH', `${TAGS}/00101010`, { QueryStatus: 'Enabled', foo: 1 }),
    status: 400,
    text: field('foo', 'The field is not supported: "foo".'),
  },
  {
    title: 'GET of a path which is none: 400',
    source: 'GetExtendedQueryTagsService',
    known: 'code',
    request: () => ({ path: `${TAGS}/abc` }),
    status: 400,
    text: "The extended query tag 'abc' is invalid as it cannot be parsed into a valid Dicom Tag.",
  },
  {
    title: 'DELETE of one which is not there: 404',
    source: 'DeleteExtendedQueryTagService',
    known: 'code',
    request: () => ({ method: 'DELETE', path: `${TAGS}/00102201` }),
    status: 404,
    text: 'The specified extended query tag with tag path 00102201 cannot be found.',
  },
];

/** Section 4 of the reference, Extended query tags and Operations. */
export const EXTENDED_QUERY_TAGS: Table = {
  name: 'Extended query tags and operations',
  rows: [...life, ...errors, ...bad],
};
