import { createDicomwebClient } from './client.ts';
import { extendedQueryTags } from './extended-query-tags.ts';
import { partitionNames } from './partitions.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer, Step } from '../testing/scripted-peer.ts';

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(() => peer.close());

/** Of one partition: tags and partitions are of the whole service. */
const client = () =>
  createDicomwebClient({
    serviceUrl: `${peer.url}/partitions/a`,
    dialect: 'azure',
    clock: fakeClock(),
  });
const answer = (body: unknown): Step => ({ status: 200, body: JSON.stringify(body) });

it('reads the tags of the whole service, whatever the case of its words', async () => {
  peer.script(
    'GET',
    answer([
      { path: '00101000', vr: 'LO', level: 'Study', status: 'Ready', queryStatus: 'Enabled' },
      { Path: '00200010', VR: 'sh', Level: 'study', Status: 'ready', QueryStatus: 'disabled' },
      { path: '0010100a', vr: 'LO', level: 'Series', status: 'Adding', queryStatus: 'Enabled' },
      { path: 'no tag', level: 'Study' },
      { path: '00101005', level: 'Patient' },
      null,
    ])
  );
  expect(await extendedQueryTags(client())).toEqual([
    { path: '00101000', vr: 'LO', level: 'Study', isSearchable: true },
    { path: '00200010', vr: 'SH', level: 'Study', isSearchable: false },
    { path: '0010100A', vr: 'LO', level: 'Series', isSearchable: false },
  ]);
  expect(peer.requests[0]).toMatchObject({ path: '/v2/extendedquerytags', query: 'limit=200' });
});

it('reads the partitions of the whole service', async () => {
  peer.script('GET', answer([{ partitionName: 'b' }, { partitionName: 'a' }, {}, null]));
  expect(await partitionNames(client())).toEqual(['a', 'b']);
  expect(peer.requests[0]).toMatchObject({ path: '/v2/partitions' });
});

it.each([
  [401, 'ERR_RETRIEVE_UNAUTHORIZED'],
  [403, 'ERR_RETRIEVE_FORBIDDEN'],
  [404, 'ERR_RETRIEVE_NOT_FOUND'],
  [501, 'ERR_RETRIEVE_REFUSED'],
])('%i is %s', async (status, code) => {
  for (const read of [extendedQueryTags, partitionNames]) {
    peer.script('GET', { status });
    await expect(read(client())).rejects.toMatchObject({ code, httpStatus: status });
  }
});

it('an answer that is no list is unreadable', async () => {
  for (const read of [extendedQueryTags, partitionNames]) {
    peer.script('GET', answer({}));
    await expect(read(client())).rejects.toMatchObject({ code: 'ERR_RETRIEVE_UNREADABLE' });
  }
});
