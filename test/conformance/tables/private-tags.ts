import type { BuilderElements } from '../../../packages/emulator/src/testing/part10-builder.ts';
import { jsonOf, storeOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const TAGS = '/v2/extendedquerytags';
const BY_CREATOR = 'QueryTag; fo-dicom 5.1.2 DicomTag.CompareTo; PS3.5 7.8.1';
const BY_BLOCK = 'QueryTag; fo-dicom 5.1.2 DicomDataset.GetPrivateTag; PS3.5 7.8.1';

/** Makes an attribute searchable on all levels; rows have groups of their own. */
const added = async (s: Scene, path: string, creator?: string, vr = 'CS') => {
  const entry = { Path: path, VR: vr, PrivateCreator: creator, Level: 'Study' };
  const answer = await s.send(jsonOf('POST', TAGS, [entry]));
  expect(answer.status).toBe(202);
  return s.operation(answer);
};
/** Private elements of a group: creators by block, and values by block and element. */
const group = (
  number: string,
  creators: Record<string, string>,
  values: Record<string, readonly [vr: string, value: string]>
): BuilderElements =>
  Object.fromEntries([
    ...Object.entries(creators).map(([block, name]) => [`${number}00${block}`, ['LO', name]]),
    ...Object.entries(values).map(([element, value]) => [`${number}${element}`, value]),
  ]) as BuilderElements;
const search = (s: Scene, path: string, value: string) => ({
  path: `/v2/studies?${path}=${value}&StudyInstanceUID=${s.study}`,
});

interface Case {
  title: string;
  source?: string;
  tag: readonly [path: string, creator?: string, vr?: string];
  file: BuilderElements;
  value: string;
  found: boolean;
}

const CASES: readonly Case[] = [
  {
    title: 'a value in the block of its creator',
    tag: ['00191001', 'A'],
    file: group('0019', { '10': 'A' }, { '1001': ['CS', 'ONE'] }),
    value: 'ONE',
    found: true,
  },
  {
    title: 'the same block number, another creator: not found',
    tag: ['00211001', 'A'],
    file: group('0021', { '10': 'B' }, { '1001': ['CS', 'ONE'] }),
    value: 'ONE',
    found: false,
  },
  {
    title: 'two creators in one data set: the value of the one',
    tag: ['00231101', 'B'],
    file: group('0023', { '10': 'A', '11': 'B' }, { '1001': ['CS', 'ONE'], '1101': ['CS', 'TWO'] }),
    value: 'TWO',
    found: true,
  },
  {
    title: 'two creators in one data set, the block is of the other one: not found',
    tag: ['00251001', 'B'],
    file: group('0025', { '10': 'A', '11': 'B' }, { '1001': ['CS', 'ONE'], '1101': ['CS', 'TWO'] }),
    value: 'TWO',
    found: false,
  },
  {
    title: 'a value whose block nobody reserved: not found',
    tag: ['00271001', 'A'],
    file: group('0027', {}, { '1001': ['CS', 'ONE'] }),
    value: 'ONE',
    found: false,
  },
  {
    title: 'creators differ by case: not found',
    tag: ['00291001', 'Acme'],
    file: group('0029', { '10': 'ACME' }, { '1001': ['CS', 'ONE'] }),
    value: 'ONE',
    found: false,
  },
  {
    title: 'without a block: in the one which the creator reserved',
    source: BY_BLOCK,
    tag: ['00310001', 'B'],
    file: group('0031', { '10': 'A', '11': 'B' }, { '1001': ['CS', 'ONE'], '1101': ['CS', 'TWO'] }),
    value: 'TWO',
    found: true,
  },
  {
    title: 'without a block, of a creator which is not there: not found',
    source: BY_BLOCK,
    tag: ['00330001', 'C'],
    file: group('0033', { '10': 'A' }, { '1001': ['CS', 'ONE'] }),
    value: 'ONE',
    found: false,
  },
  {
    title: 'the private creator itself',
    source: 'ExtendedQueryTagEntryValidator, private identification code',
    tag: ['00350010', undefined, 'LO'],
    file: group('0035', { '10': 'Acme Imaging' }, {}),
    value: 'acme%20imaging',
    found: true,
  },
];

const rows: Row[] = CASES.flatMap(({ title, source = BY_CREATOR, tag, file, value, found }) =>
  (['stored before', 'stored later'] as const).map((when): Row => ({
    title: `${title} (${when})`,
    source,
    known: 'code',
    before: async s => {
      await s.send({ method: 'DELETE', path: `${TAGS}/${tag[0]}` });
      if (when === 'stored before') await s.stored(s.file(file));
      await added(s, ...tag);
      if (when === 'stored later') await s.stored(s.file(file));
    },
    request: s => search(s, tag[0], value),
    status: found ? 200 : 204,
  }))
);

const others: Row[] = [
  {
    title: 'what another creator has under the tag is no error',
    source: BY_CREATOR,
    known: 'code',
    before: async s => {
      await s.stored(s.file(group('0037', { '10': 'B' }, { '1001': ['LO', 'another VR'] })));
      await added(s, '00371001', 'A');
    },
    request: () => ({ path: `${TAGS}/00371001` }),
    status: 200,
    text: '{"status":"ready","level":"study","queryStatus":"enabled","path":"00371001","vr":"CS","privateCreator":"A"}',
  },
  {
    title: 'v1 Store: what another creator has under the tag is not validated',
    source: `StoreDatasetValidator.ValidateIndexedItemsAsync; ${BY_CREATOR}`,
    known: 'code',
    before: s => added(s, '00391001', 'A'),
    request: s =>
      storeOf('/v1/studies', [
        s.file(group('0039', { '10': 'B' }, { '1001': ['CS', 'not a code string!'] })),
      ]),
    status: 200,
  },
  {
    title: 'results have what stands under the tag, whose ever it is',
    source: 'QueryResponseBuilder.GenerateResponseDataset, group and element alone',
    known: 'code',
    before: s => s.stored(s.file(group('0041', { '10': 'B' }, { '1001': ['CS', 'ONE'] }))),
    request: s => ({
      path: `/v2/studies?StudyInstanceUID=${s.study}&includefield=00411001`,
    }),
    status: 200,
    text: /"00411001":\{"vr":"CS","Value":\["ONE"\]\}/,
  },
];

/** Extended query tags of private attributes. */
export const PRIVATE_TAGS: Table = {
  name: 'Extended query tags of private attributes',
  rows: [...rows, ...others],
};
