import { createDicomwebClient } from './client.ts';
import type { DicomwebClientOptions } from './client.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { srInstance } from '../testing/part10-builder.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer } from '../testing/scripted-peer.ts';
import { metadata, storeResponse } from '../testing/store-responses.ts';
import { absent, failed, json, ok, present } from '../testing/store-steps.ts';

const STUDY = '2.25.100';

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(async () => {
  await peer.close();
});

function client(options: Partial<DicomwebClientOptions> = {}) {
  return createDicomwebClient({
    serviceUrl: peer.url,
    dialect: 'azure',
    clock: fakeClock(),
    random: () => 0.5,
    ...options,
  });
}

describe('store, one instance', () => {
  it('says what failed, on what, and how many are stored', async () => {
    peer.script('POST', failed(409, 43264), { status: 403 }, { drop: 'after' });
    peer.script('GET', { status: 403 });
    const { message } = await client().store([{ bytes: srInstance() }]);
    expect(message).toBe(
      `STOW-RS POST ${peer.url}/studies: 409 Conflict, 0 of 1 SOP Instances stored`
    );
    await expect(
      client().store([{ bytes: srInstance() }], { studyInstanceUID: STUDY })
    ).rejects.toThrow(
      `STOW-RS POST ${peer.url}/studies/${STUDY}: 403 Forbidden, 0 of 1 SOP Instances stored`
    );
    await expect(client().store([{ bytes: srInstance() }])).rejects.toThrow(
      `STOW-RS POST ${peer.url}/studies: the connection was lost, outcome not known`
    );
  });

  it('is unreachable, and asks nothing, where there is no server', async () => {
    const gone = await startPeer();
    await gone.close();
    const clock = fakeClock();
    await expect(
      client({ serviceUrl: gone.url, clock }).store([{ bytes: srInstance() }])
    ).rejects.toMatchObject({ code: 'ERR_STORE_UNREACHABLE', retry: 'transient' });
    expect(clock.waits).toEqual([]);
  });

  it('cannot settle an instance whose UIDs are not readable', async () => {
    peer.script('POST', { drop: 'after' });
    await expect(client().store([{ bytes: new Uint8Array(9) }])).rejects.toMatchObject({
      code: 'ERR_STORE_OUTCOME_UNKNOWN',
    });
    expect(peer.requests).toHaveLength(1);
  });

  it('uses UIDs that are given rather than those read', async () => {
    peer.script('POST', { drop: 'after' });
    peer.script('GET', present);
    const result = await client().store([
      {
        bytes: new Uint8Array(9),
        sopInstanceUID: '2.25.300',
        studyInstanceUID: STUDY,
        seriesInstanceUID: '2.25.200',
      },
    ]);
    expect(result.instances[0]).toMatchObject({ outcome: 'stored', sopInstanceUID: '2.25.300' });
  });

  it('refuses an empty list and a study that is no UID, before sending', async () => {
    await expect(client().store([])).rejects.toThrow(TypeError);
    await expect(
      client().store([{ bytes: srInstance() }], { studyInstanceUID: '../x' })
    ).rejects.toThrow(TypeError);
    expect(peer.requests).toEqual([]);
  });

  it('reports progress up to the whole body', async () => {
    peer.script('POST', ok);
    const seen: { sentBytes: number; totalBytes: number }[] = [];
    await client().store([{ bytes: srInstance() }], {
      onProgress: progress => seen.push(progress),
    });
    const length = peer.requests[0]?.body.length;
    expect(seen.at(-1)).toEqual({ sentBytes: length, totalBytes: length });
  });
});

describe('store, several instances', () => {
  const UIDS = ['2.25.301', '2.25.302', '2.25.303'] as const;
  const outcomes = async (): Promise<string[]> => {
    const result = await client().store(UIDS.map(uid => ({ bytes: srInstance(uid) })));
    return result.instances.map(
      ({ outcome, failureReason }) =>
        outcome + (failureReason === undefined ? '' : ` ${failureReason}`)
    );
  };
  const byUID = (...uids: string[]) => uids.map(uid => ({ uid }));

  const ROWS = [
    [
      'Azure v2 Store 202: some failed',
      storeResponse(byUID('2.25.303', '2.25.301'), [{ uid: '2.25.302', failureReason: 272 }]),
      [],
      ['stored', 'rejected 272', 'stored'],
    ],
    [
      'Azure v2 Store 202: a failed item without UIDs',
      storeResponse(byUID('2.25.303', '2.25.301'), [{ failureReason: 43264 }]),
      [],
      ['stored', 'rejected 43264', 'stored'],
    ],
    [
      'Azure v2 Store 202: two failed items without UIDs, in order',
      storeResponse(byUID('2.25.302'), [{ failureReason: 43264 }, { failureReason: 272 }]),
      [],
      ['rejected 43264', 'stored', 'rejected 272'],
    ],
    [
      'PS3.18 10.5.3: one is not accounted for, and is there',
      storeResponse(byUID('2.25.301', '2.25.303')),
      [json(200, metadata('2.25.302'))],
      ['stored', 'stored', 'stored'],
    ],
    [
      'PS3.18 10.5.3: one is not accounted for, and is not there',
      storeResponse(byUID('2.25.301', '2.25.303')),
      [absent],
      ['stored', 'rejected', 'stored'],
    ],
    [
      'PS3.18 10.5.3: one is not accounted for, and cannot be asked for',
      storeResponse(byUID('2.25.301', '2.25.303')),
      [{ status: 500 }],
      ['stored', 'unknown', 'stored'],
    ],
    [
      'one failed item without UIDs for two instances: both are asked for',
      storeResponse(byUID('2.25.301'), [{ failureReason: 272 }]),
      [json(200, metadata('2.25.302')), absent],
      ['stored', 'stored', 'rejected'],
    ],
    [
      'Azure v2 Store 202: two were there already',
      storeResponse(byUID('2.25.303'), [
        { uid: '2.25.301', failureReason: 45070 },
        { uid: '2.25.302', failureReason: 45070 },
      ]),
      [json(200, metadata('2.25.301')), absent],
      ['alreadyStored 45070', 'rejected 45070', 'stored'],
    ],
    [
      'referenced items without UIDs',
      storeResponse([{}, {}, {}]),
      [],
      ['stored', 'stored', 'stored'],
    ],
  ] as const;
  it.each(ROWS)('%s', async (_cite, body, settled, expected) => {
    peer.script('POST', json(202, body));
    peer.script('GET', ...settled);
    expect(await outcomes()).toEqual(expected);
    expect(peer.unexpected).toEqual([]);
    expect(peer.left()).toBe(0);
  });

  it('gives the same instance twice its two items (Azure v2 Store 202: 1 success + 45070)', async () => {
    peer.script(
      'POST',
      json(202, storeResponse([{ uid: '2.25.300' }], [{ uid: '2.25.300', failureReason: 45070 }]))
    );
    peer.script('GET', present);
    const result = await client().store([{ bytes: srInstance() }, { bytes: srInstance() }]);
    expect(result.instances.map(({ outcome }) => outcome)).toEqual(['stored', 'alreadyStored']);
    expect(result.message).toContain('202 Accepted, 2 of 2 SOP Instances stored');
  });

  it('settles each of a lost transaction, and stops asking a server that is gone', async () => {
    peer.script('POST', { drop: 'after' });
    peer.script(
      'GET',
      json(200, metadata('2.25.301')),
      { drop: 'before' },
      { drop: 'before' },
      { drop: 'before' }
    );
    expect(await outcomes()).toEqual(['stored', 'unknown', 'unknown']);
    expect(peer.unexpected).toEqual([]);
  });
});
