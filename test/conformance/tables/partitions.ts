import { storeOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const E2E = 'DataPartitionEnabledTests';
const FILTER = 'PopulateDataPartitionFilterAttribute';

interface Partition {
  partitionKey: number;
  partitionName: string;
  createdDate: string;
}

const inBoth = async (s: Scene) => {
  for (const name of ['one', 'two']) {
    const answer = await s.send(storeOf(`/v2/partitions/${name}/studies`, [s.file()]));
    expect(answer.status).toBe(200);
  }
};
const at = (s: Scene, name: string) => s.paths.instance.replace('/rows/', `/${name}/`);

const rows: Row[] = [
  {
    title: 'Store makes the partition; RetrieveURL has it',
    source: `${E2E} GivenDatasetWithNewPartitionName`,
    known: 'E2E',
    request: s => storeOf('/v2/partitions/new.One-1_a/studies', [s.file()]),
    status: 200,
    text: /\/v2\/partitions\/new\.One-1_a\/studies\//,
  },
  {
    title: 'Store in a study: its RetrieveURL has the partition',
    source: `${E2E} GivenDatasetWithNewPartitionName_WhenStoringWithStudyUid`,
    known: 'E2E',
    request: s => storeOf(s.paths.study, [s.file()]),
    status: 200,
    then: (answer, s) => expect(answer.text).toContain(`"${s.origin}${s.paths.study}"`),
  },
  {
    title: 'the list of partitions',
    source: `${E2E} WhenRetrievingPartitions`,
    known: 'E2E',
    before: inBoth,
    request: () => ({ path: '/v2/partitions' }),
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    then: answer => {
      const partitions = answer.json<Partition[]>();
      expect(partitions[0]).toMatchObject({ partitionKey: 1, partitionName: 'Microsoft.Default' });
      expect(partitions.map(one => one.partitionName)).toEqual(
        expect.arrayContaining(['one', 'two'])
      );
      expect(partitions[0]?.createdDate).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
    },
  },
  {
    title: 'the same instance in two partitions',
    source: `${E2E} WhenRetrievingWithPartitionName`,
    known: 'E2E',
    before: inBoth,
    request: s => ({
      path: at(s, 'two'),
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    }),
    status: 200,
  },
  {
    title: 'removed from one, it stays in the other',
    source: `${E2E} GivenDatasetInstancesWithDifferentPartitions_WhenDeleted`,
    known: 'E2E',
    before: inBoth,
    request: s => ({ method: 'DELETE', path: at(s, 'one') }),
    status: 204,
    then: async (_, s) => {
      expect(await s.send({ path: `${at(s, 'one')}/metadata` })).toMatchObject({ status: 404 });
      expect(await s.send({ path: `${at(s, 'two')}/metadata` })).toMatchObject({ status: 200 });
    },
  },
  {
    title: 'a search sees its partition',
    source: `${E2E} GivenMatchingStudiesInDifferentPartitions`,
    known: 'E2E',
    before: inBoth,
    request: s => ({ path: `/v2/partitions/one/studies/${s.study}/series` }),
    status: 200,
    then: answer => expect(answer.json<unknown[]>()).toHaveLength(1),
  },
  {
    title: 'a name in other letters is the same partition, and is told as it was made',
    source: 'Partition.sql; default-azuredeploy.json, collation SQL_Latin1_General_CP1_CI_AS',
    known: 'code',
    before: s => s.stored(s.file()),
    request: s => storeOf(s.paths.study.replace('/rows/', '/ROWS/'), [s.other()]),
    status: 200,
    then: async (answer, s) => {
      expect(answer.text).toContain(`"${s.origin}${s.paths.study}"`);
      const found = await s.send({ path: `/v2/partitions/Rows/studies/${s.study}/instances` });
      expect(found.json<unknown[]>()).toHaveLength(2);
      const all = await s.send({ path: '/v2/partitions' });
      const names = all.json<Partition[]>().map(one => one.partitionName.toLowerCase());
      expect(names.filter(one => one === 'rows')).toHaveLength(1);
    },
  },
  {
    title: 'the change feed names the partition',
    source: `${E2E} GivenAnInstance_WhenRetrievingChangeFeedWithPartition`,
    known: 'E2E',
    before: s => s.stored(s.file()),
    request: () => ({ path: '/v2/changefeed/latest' }),
    status: 200,
    text: /"partitionName":"rows"/,
  },
  {
    title: 'without a partition: 400',
    source: FILTER,
    known: 'code',
    request: () => ({ path: '/v2/studies' }),
    status: 400,
    text: 'PartitionName value is missing in the route segment.',
  },
  {
    title: 'one which is not there: 404',
    source: `${FILTER}; DataPartitionsNotFoundException`,
    known: 'code',
    request: () => ({ path: '/v2/partitions/unknown/studies' }),
    status: 404,
    text: 'Specified PartitionName does not exist.',
  },
  ...['a%20b', 'x'.repeat(65), 'a%24'].map((name): Row => ({
    title: `the name ${name}: 400`,
    source: 'PartitionNameValidator',
    known: 'code',
    request: s => storeOf(`/v2/partitions/${name}/studies`, [s.file()]),
    status: 400,
    // The blank is the service's.
    text: 'The specified PartitionName is invalid. ',
  })),
  {
    title: 'a name of dots is a name',
    source: 'PartitionNameValidator; the folder is another matter',
    known: 'code',
    request: s => storeOf('/v2/partitions/.../studies', [s.file()]),
    status: 200,
  },
  {
    title: 'extended query tags are below no partition',
    source: 'KnownRoutes',
    known: 'code',
    request: () => ({ path: '/v2/partitions/rows/extendedquerytags' }),
    status: 404,
    text: '',
  },
  {
    title: 'and are there without one',
    source: 'ExtendedQueryTagController has no partition filter',
    known: 'code',
    request: () => ({ path: '/v2/extendedquerytags' }),
    status: 200,
    text: '[]',
  },
];

/** Section 4 of the reference, Data partitions. */
export const PARTITIONS: Table = { name: 'Data partitions', options: { partitions: true }, rows };

const FEATURE_OFF = 'Data partitions feature is disabled.';

/** The feature is off, as it is unless asked for. */
export const NO_PARTITIONS: Table = {
  name: 'Data partitions, off',
  rows: ['/v2/partitions', '/v2/partitions/a/studies', '/v1/partitions/a/studies/1.2/metadata'].map(
    (path): Row => ({
      title: `${path}: 400`,
      source: FILTER,
      known: 'code',
      request: () => ({ path }),
      status: 400,
      text: FEATURE_OFF,
    })
  ),
};
