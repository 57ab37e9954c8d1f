import type { Answer } from '../support/http.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const E2E = 'ChangeFeedTests';

interface Entry {
  sequence: number;
  partitionName: string;
  studyInstanceUid: string;
  sopInstanceUid: string;
  action: string;
  timestamp: string;
  state: string;
  metadata?: unknown;
}

const entries = (answer: Answer) => answer.json<Entry[]>();
const latest = async (s: Scene) => (await s.send({ path: '/v2/changefeed/latest' })).json<Entry>();
/** The change after which the row's own begin. */
const marks = new WeakMap<Scene, Entry>();
const mark = async (s: Scene) => {
  await s.stored(s.other({ '0020000D': ['UI', `${s.study}.9`] }));
  marks.set(s, await latest(s));
};
const after = (s: Scene) => encodeURIComponent(marks.get(s)?.timestamp ?? '');

const feed: Row[] = [
  {
    title: 'latest: a creation',
    source: `${E2E} GivenASetOfDicomInstances`,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: () => ({ path: '/v2/changefeed/latest' }),
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    then: (answer, s) =>
      expect(answer.json<Entry>()).toMatchObject({
        partitionName: 'Microsoft.Default',
        studyInstanceUid: s.study,
        seriesInstanceUid: s.series,
        sopInstanceUid: s.instance,
        action: 'Create',
        state: 'Current',
        metadata: { '00100020': { vr: 'LO', Value: ['PID-1'] } },
      }),
  },
  {
    title: 'latest: a removal, without metadata',
    source: `${E2E} GivenADeletedAndReplacedInstance`,
    known: 'E2E',
    before: async s => {
      await s.stored(s.file());
      await s.send({ method: 'DELETE', path: s.paths.instance });
    },
    request: () => ({ path: '/v2/changefeed/latest' }),
    status: 200,
    then: answer => {
      expect(answer.json<Entry>()).toMatchObject({ action: 'Delete', state: 'Deleted' });
      expect(answer.json<Entry>()).not.toHaveProperty('metadata');
    },
  },
  {
    title: 'stored, removed, stored again: Replaced, Replaced, Current',
    source: `${E2E} GivenADeletedAndReplacedInstance`,
    known: 'E2E',
    before: async s => {
      await mark(s);
      await s.stored(s.file());
      await s.send({ method: 'DELETE', path: s.paths.instance });
      await s.stored(s.file());
    },
    request: s => ({ path: `/v2/changefeed?startTime=${after(s)}&offset=1` }),
    status: 200,
    then: answer => {
      expect(entries(answer).map(one => `${one.action} ${one.state}`)).toEqual([
        'Create Replaced',
        'Delete Replaced',
        'Create Current',
      ]);
      // The metadata of what is there now, with each.
      for (const one of entries(answer)) expect(one).toHaveProperty('metadata');
    },
  },
  {
    title: 'includeMetadata=false',
    source: `${E2E} GivenAnInstance_WhenRetrievingChangeFeedWithoutMetadata`,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: () => ({ path: '/v2/changefeed/latest?includemetadata=false' }),
    status: 200,
    then: answer => expect(answer.json<Entry>()).not.toHaveProperty('metadata'),
  },
  {
    title: 'v2: the start is inclusive, the end exclusive',
    source: `${E2E} GivenChanges_WhenQueryingV2WithWindow`,
    known: 'E2E',
    before: async s => {
      await mark(s);
      await s.stored(s.file(), s.other());
    },
    request: async s => {
      const end = encodeURIComponent((await latest(s)).timestamp);
      return { path: `/v2/changefeed?startTime=${after(s)}&endTime=${end}` };
    },
    status: 200,
    then: answer => expect(entries(answer)).toHaveLength(2),
  },
  {
    title: 'v2: the offset counts within the window',
    source: `${E2E} GivenChanges_WhenQueryingV2WithWindow`,
    known: 'E2E',
    before: async s => {
      await mark(s);
      await s.stored(s.file(), s.other());
    },
    request: s => ({ path: `/v2/changefeed?startTime=${after(s)}&offset=2&limit=1` }),
    status: 200,
    then: answer => expect(entries(answer)).toHaveLength(1),
  },
  {
    title: 'v2: nothing in the window: an empty array',
    source: `${E2E} GivenChanges_WhenQueryingV2WithWindow`,
    known: 'E2E',
    request: () => ({ path: '/v2/changefeed?startTime=2999-01-01T00:00:00Z' }),
    status: 200,
    text: '[]',
  },
  {
    title: 'v1: the offset is the sequence before',
    source: `${E2E} GivenASetOfDicomInstances; GetChangeFeedV39.sql`,
    known: 'E2E',
    before: async s => {
      await mark(s);
      await s.stored(s.file(), s.other());
    },
    request: s => ({ path: `/v1/changefeed?offset=${marks.get(s)?.sequence}` }),
    status: 200,
    then: (answer, s) => {
      const [first, second] = entries(answer);
      expect(first).toMatchObject({ sopInstanceUid: s.instance, action: 'Create' });
      expect(second?.sequence).toBe((first?.sequence ?? 0) + 1);
    },
  },
  {
    title: 'v1: ten unless another limit is given',
    source: `${E2E} GivenASetOfDicomInstances`,
    known: 'E2E',
    before: s => s.stored(...Array.from({ length: 11 }, () => s.other())),
    request: () => ({ path: '/v1/changefeed' }),
    status: 200,
    then: answer => expect(entries(answer)).toHaveLength(10),
  },
];

const BAD: readonly [query: string, text: string, known: Row['known']][] = [
  [
    'v2/changefeed?limit=-1',
    "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    'E2E',
  ],
  [
    'v2/changefeed?limit=0',
    "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    'E2E',
  ],
  [
    'v2/changefeed?limit=201',
    "The query parameter 'Limit' is invalid. The field Limit must be between 1 and 200.",
    'E2E',
  ],
  [
    'v2/changefeed?limit=blah',
    "The query parameter 'Limit' is invalid. The value 'blah' is not valid for Limit.",
    'E2E',
  ],
  [
    'v2/changefeed?limit=1&offset=-1',
    "The query parameter 'Offset' is invalid. The field Offset must be between 0 and 9.223372036854776E+18.",
    'E2E',
  ],
  [
    'v2/changefeed?offset=92233720368547758070',
    "The query parameter 'Offset' is invalid. The value '92233720368547758070' is not valid for Offset.",
    'E2E',
  ],
  [
    'v2/changefeed?offset=blah',
    "The query parameter 'Offset' is invalid. The value 'blah' is not valid for Offset.",
    'E2E',
  ],
  [
    'v2/changefeed?includeMetadata=0',
    "The query parameter 'includeMetadata' is invalid. The value '0' is not valid.",
    'E2E',
  ],
  [
    'v2/changefeed?includeMetadata=true-ish',
    "The query parameter 'includeMetadata' is invalid. The value 'true-ish' is not valid.",
    'E2E',
  ],
  [
    'v2/changefeed/latest?includeMetadata=asdf',
    "The query parameter 'includeMetadata' is invalid. The value 'asdf' is not valid.",
    'E2E',
  ],
  [
    'v1/changefeed?limit=101',
    "The query parameter 'limit' is invalid. The field limit must be between 1 and 100.",
    'E2E',
  ],
  ['v2/changefeed?startTime=foo', "The query parameter 'StartTime' is invalid. ", 'E2E'],
  [
    'v2/changefeed?startTime=2023-05-03T10:58:00Z&endTime=bar',
    "The query parameter 'EndTime' is invalid. ",
    'E2E',
  ],
  [
    'v2/changefeed?startTime=2023-05-03T10:58:00',
    "The query parameter 'StartTime' is invalid. Date and time value must specify a time zone.",
    'E2E',
  ],
  [
    'v2/changefeed?endTime=2023-05-03T11:00:00',
    "The query parameter 'EndTime' is invalid. Date and time value must specify a time zone.",
    'E2E',
  ],
  [
    'v2/changefeed?startTime=2023-05-03T10:58:00Z&endTime=2023-05-03T10:58:00Z',
    "The query parameter '' is invalid. The start time '2023-05-03T10:58:00.0000000+00:00' must occur strictly before the end time '2023-05-03T10:58:00.0000000+00:00'.",
    'E2E',
  ],
  [
    'v2/changefeed?startTime=2023-05-03T10:59:00Z&endTime=2023-05-03T10:58:00Z',
    "The query parameter '' is invalid. The start time '2023-05-03T10:59:00.0000000+00:00' must occur strictly before the end time '2023-05-03T10:58:00.0000000+00:00'.",
    'E2E',
  ],
];

/** Section 4 of the reference, Change feed. */
export const CHANGE_FEED: Table = {
  name: 'Change feed',
  rows: [
    {
      title: 'latest of an empty feed: 204',
      source: 'ASP.NET, a null result',
      known: 'framework',
      request: () => ({ path: '/v2/changefeed/latest' }),
      status: 204,
    },
    ...feed,
    ...BAD.map(([path, text, known]): Row => ({
      title: `400: ${path}`,
      source: `${E2E} GivenAnInvalid…; texts from the source`,
      known,
      request: () => ({ path: `/${path}` }),
      status: 400,
      text,
    })),
  ],
};
