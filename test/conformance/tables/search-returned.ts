import type { Answer } from '../support/http.ts';
import type { Row, Scene } from '../support/row.ts';
import { study } from '../support/search-scene.ts';
import type { Item } from '../support/store-answers.ts';

const E2E = 'QueryTransactionTests';
const BUILDER = 'QueryResponseBuilder';
const V2_STUDY = '00080020 00080050 00080090 00081030 00100010 00100020 00100030 0020000D';

const keysOf = (keys: string) => (answer: Answer) =>
  expect(Object.keys(answer.json<Item[]>()[0] ?? {}).sort()).toEqual(keys.split(' ').sort());

const RETURNED: readonly [
  title: string,
  path: (s: Scene) => string,
  keys: string,
  source: string,
][] = [
  ['v2 studies', s => `/v2/studies?StudyInstanceUID=${s.study}`, V2_STUDY, BUILDER],
  [
    'v1 studies',
    s => `/v1/studies?StudyInstanceUID=${s.study}`,
    '00080005 00080020 00080030 00080050 00080090 00100010 00100020 00100030 0020000D',
    BUILDER,
  ],
  [
    'v2 series',
    s => `/v2/series?StudyInstanceUID=${s.study}`,
    `${V2_STUDY} 00080060 00081090 0020000E`,
    BUILDER,
  ],
  [
    'v2 series of a study',
    s => `/v2/studies/${s.study}/series`,
    '00080060 00081090 0020000D 0020000E',
    BUILDER,
  ],
  [
    'v2 instances of a series',
    s => `/v2/studies/${s.study}/series/${s.series}/instances`,
    '00080018 0020000D 0020000E',
    BUILDER,
  ],
  [
    'includefield',
    s => `/v2/studies/${s.study}/series?includefield=SeriesNumber`,
    '00080060 00081090 0020000D 0020000E 00200011',
    BUILDER,
  ],
  [
    'computed only if named',
    s => `/v2/studies?StudyInstanceUID=${s.study}&includefield=00080061,00201208`,
    `${V2_STUDY} 00080061 00201208`,
    'reference 2.5',
  ],
  [
    'never on instances',
    s => `/v2/studies/${s.study}/instances?includefield=00201208`,
    '00080018 00080060 00081090 0020000D 0020000E',
    'QueryService.GetInstanceMetadataAsync',
  ],
  [
    'all has no computed ones',
    s => `/v2/studies?StudyInstanceUID=${s.study}&includefield=all`,
    '00080005 00080020 00080030 00080050 00080090 00081030 00100010 00100020 00100030 0020000D',
    'reference 2.5',
  ],
];

const returned: readonly Row[] = RETURNED.map(([title, path, keys, source]): Row => ({
  title: `returned: ${title}`,
  source,
  known: 'code',
  before: study,
  request: s => ({ path: path(s) }),
  status: 200,
  then: keysOf(keys),
}));

const values: readonly Row[] = [
  {
    title: 'ModalitiesInStudy lists all, NumberOfStudyRelatedInstances counts',
    source: `${E2E} …AllStudyComputedColumns`,
    known: 'E2E',
    before: study,
    request: s => ({
      path: `/v2/studies?ModalitiesInStudy=CT&StudyInstanceUID=${s.study}&includefield=NumberOfStudyRelatedInstances`,
    }),
    status: 200,
    then: answer =>
      expect(answer.json<Item[]>()[0]).toMatchObject({
        '00080061': { vr: 'CS', Value: ['CT', 'MR'] },
        '00201208': { vr: 'IS', Value: [3] },
      }),
  },
  {
    title: 'NumberOfSeriesRelatedInstances',
    source: `${E2E} …AllSeriesComputedColumns`,
    known: 'E2E',
    before: study,
    request: s => ({
      path: `/v2/series?Modality=CT&StudyInstanceUID=${s.study}&includefield=NumberOfSeriesRelatedInstances`,
    }),
    status: 200,
    then: answer => expect(answer.json<Item[]>()[0]?.['00201209']?.Value).toEqual([2]),
  },
  {
    title: 'Modality on studies is that of the newest series',
    source: 'reference 2.5',
    known: 'code',
    before: study,
    request: s => ({ path: `/v2/studies?StudyInstanceUID=${s.study}&includefield=00080060` }),
    status: 200,
    then: answer => expect(answer.json<Item[]>()[0]?.['00080060']?.Value).toEqual(['MR']),
  },
  {
    title: 'the instance stored last tells the study',
    source: 'conformance statement, "latest"; AddInstanceV6.sql',
    known: 'docs',
    before: async s => {
      await s.stored(s.file({ '00081030': ['LO', 'first'] }));
      await s.stored(s.other({ '00081030': ['LO', 'second'] }));
    },
    request: s => ({ path: `/v2/studies?StudyInstanceUID=${s.study}` }),
    status: 200,
    then: answer => expect(answer.json<Item[]>()[0]?.['00081030']?.Value).toEqual(['second']),
  },
  {
    title: 'the newest comes first',
    source: 'reference 2.4, page content',
    known: 'code',
    before: study,
    request: s => ({ path: `/v2/studies/${s.study}/series` }),
    status: 200,
    then: answer =>
      expect(answer.json<Item[]>().map(one => one['00080060']?.Value?.[0])).toEqual(['MR', 'CT']),
  },
];

/** Which attributes come back, and with which values. */
export const SEARCH_RETURNED: readonly Row[] = [...returned, ...values];
