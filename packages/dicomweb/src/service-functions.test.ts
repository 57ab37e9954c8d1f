import { changeFeed, latestChange } from './change-feed.ts';
import { createDicomwebClient } from './client.ts';
import type { DicomwebClient } from './client.ts';
import { operationStatus, waitForOperation } from './operations.ts';
import { studiesOfPatient, studyPages } from './pages.ts';
import { retrieveFrames, retrieveInstances, retrieveRendered } from './retrieve-stream.ts';
import { describeHttpStatus, KNOWN_STATUSES } from './status-text.ts';
import { storeDataSet } from './store-data-set.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer } from '../testing/scripted-peer.ts';
import { absent, json, ok, text } from '../testing/store-steps.ts';

const UIDS = { studyInstanceUID: '2.25.1', seriesInstanceUID: '2.25.2', sopInstanceUID: '2.25.3' };
const ID = '0123456789abcdef0123456789abcdef';

let peer: Peer;
let client: DicomwebClient;
const clock = fakeClock();
beforeEach(async () => {
  peer = await startPeer();
  client = createDicomwebClient({ serviceUrl: peer.url, dialect: 'azure', clock });
});
afterEach(async () => {
  expect(peer.unexpected).toEqual([]);
  await peer.close();
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const entry = (sequence: number) => ({
  sequence,
  studyInstanceUid: '2.25.1',
  seriesInstanceUid: '2.25.2',
  sopInstanceUid: `2.25.${sequence}`,
  action: 'create',
  timestamp: '2026-01-01T00:00:00Z',
  state: 'current',
});

describe('change feed (Azure DICOM service, Change feed)', () => {
  it('version 2: pages by rows, without metadata unless it is asked for', async () => {
    peer.script('GET', json(200, JSON.stringify([entry(1), entry(2)])), json(200, '[]'));
    const changes = await all(changeFeed(client, { limit: 2, startTime: '2026-01-01T00:00:00Z' }));
    expect(changes).toMatchObject([
      { sequence: 1, studyInstanceUID: '2.25.1', action: 'Create', state: 'Current' },
      { sequence: 2 },
    ]);
    expect(peer.requests.map(({ query }) => new URLSearchParams(query).get('offset'))).toEqual([
      '0',
      '2',
    ]);
    expect(peer.requests[0]?.query).toContain('includeMetadata=false');
  });

  it('version 1: pages by sequence', async () => {
    const first = createDicomwebClient({ serviceUrl: peer.url.replace('/v2', '/v1') });
    peer.script('GET', json(200, JSON.stringify([entry(8)])), json(200, '[]'));
    expect(await all(changeFeed(first, { limit: 1, afterSequence: 5 }))).toHaveLength(1);
    expect(peer.requests.map(({ query }) => new URLSearchParams(query).get('offset'))).toEqual([
      '5',
      '8',
    ]);
    await expect(all(changeFeed(first, { startTime: 'x' }))).rejects.toThrow(TypeError);
  });

  it('the latest one, of the whole service; none is none', async () => {
    const partition = createDicomwebClient({ serviceUrl: `${peer.url}/partitions/p1` });
    peer.script('GET', json(200, JSON.stringify(entry(9))), { status: 204 });
    expect(await latestChange(partition)).toMatchObject({ sequence: 9 });
    expect(await latestChange(partition)).toBeUndefined();
    expect(peer.requests[0]?.path).toBe('/v2/changefeed/latest');
  });
});

describe('operations (Azure DICOM service, Operations)', () => {
  it('waits for the end, by its id or address', async () => {
    const state = (status: string) =>
      JSON.stringify({ type: 'update', status, percentComplete: 5 });
    peer.script('GET', json(202, state('running')), json(200, state('succeeded')));
    const operation = await waitForOperation(client, `https://h/v2/operations/${ID}`);
    expect(operation).toMatchObject({ isFinished: true, hasSucceeded: true, type: 'update' });
    expect(peer.requests[0]?.path).toBe(`/v2/operations/${ID}`);
    expect(clock.waits).toContain(2000);
  });

  it('404 and what is no id', async () => {
    peer.script('GET', absent);
    await expect(operationStatus(client, ID)).rejects.toMatchObject({
      code: 'ERR_RETRIEVE_NOT_FOUND',
    });
    await expect(operationStatus(client, '../x')).rejects.toThrow(TypeError);
  });
});

describe('retrieve as streams (PS3.18 10.4)', () => {
  const multipart = (type: string, contents: string[]) => ({
    status: 200,
    headers: { 'Content-Type': 'multipart/related; boundary=b' },
    body: `${contents.map(content => `--b\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`).join('')}--b--`,
  });

  it('frames, in the order that was asked for', async () => {
    peer.script('GET', multipart('application/octet-stream; transfer-syntax=1.2.3', ['F2', 'F1']));
    const frames: string[] = [];
    for await (const { content, mediaType, transferSyntaxUID } of retrieveFrames(
      client,
      UIDS,
      [2, 1]
    )) {
      frames.push(Buffer.concat(await all(content)).toString());
      expect({ mediaType, transferSyntaxUID }).toEqual({
        mediaType: 'application/octet-stream',
        transferSyntaxUID: '1.2.3',
      });
    }
    expect(frames).toEqual(['F2', 'F1']);
    expect(peer.requests[0]?.path).toMatch(/\/frames\/2,1$/);
    expect(() => retrieveFrames(client, UIDS, [0])).toThrow(TypeError);
  });

  it('instances of a study, with transfer-syntax=*', async () => {
    peer.script('GET', multipart('application/dicom', ['A', 'B', 'C']));
    const { studyInstanceUID } = UIDS;
    expect(await all(retrieveInstances(client, { studyInstanceUID }))).toHaveLength(3);
    expect(peer.requests[0]?.headers.accept).toMatch(/transfer-syntax=\*/);
  });

  it.each([
    [text(404, 'none'), 'ERR_RETRIEVE_NOT_FOUND'],
    [{ status: 403 }, 'ERR_RETRIEVE_FORBIDDEN'],
    [{ status: 200, cutBody: '{}' }, 'ERR_RETRIEVE_UNREACHABLE'],
    [{ ...multipart('a/b', ['A']), body: '--b\r\n\r\nA' }, 'ERR_RETRIEVE_UNREADABLE'],
    [{ drop: 'after' as const }, 'ERR_RETRIEVE_UNREACHABLE'],
  ])('%j is %s', async (step, code) => {
    peer.script('GET', step);
    const parts = async () => {
      for await (const { content } of retrieveInstances(client, UIDS)) await all(content);
    };
    await expect(parts()).rejects.toMatchObject({ code });
  });

  it('rendered: one media type, frame and quality', async () => {
    peer.script(
      'GET',
      { status: 200, headers: { 'Content-Type': 'image/jpeg' }, body: 'J' },
      text(200, 'no')
    );
    expect(await retrieveRendered(client, UIDS, { frame: 2, quality: 80 })).toMatchObject({
      mediaType: 'image/jpeg',
    });
    expect(peer.requests[0]).toMatchObject({
      path: expect.stringMatching(/\/frames\/2\/rendered$/),
      query: 'quality=80',
    });
    await expect(retrieveRendered(client, UIDS)).rejects.toMatchObject({
      code: 'ERR_RETRIEVE_UNREADABLE',
    });
    await expect(retrieveRendered(client, UIDS, { quality: 101 })).rejects.toThrow(TypeError);
  });
});

describe('pages and patients', () => {
  it('page after page; the studies of a patient', async () => {
    const study = (uid: string) => ({ '0020000D': { vr: 'UI', Value: [uid] } });
    peer.script(
      'GET',
      json(200, JSON.stringify([study('1.1'), study('1.2')])),
      json(200, JSON.stringify([study('1.2'), study('1.3')])),
      { status: 204 },
      json(200, JSON.stringify([study('1.1')]))
    );
    expect((await all(studyPages(client, { limit: 2 }))).map(page => page.length)).toEqual([2, 1]);
    expect(await all(studiesOfPatient(client, 'P1'))).toHaveLength(1);
    expect(peer.requests.at(-1)?.query).toContain('PatientID=P1');
    expect(() => studiesOfPatient(client, ' ')).toThrow(TypeError);
  });
});

it('storeDataSet: one data set, one outcome', async () => {
  peer.script('POST', ok);
  const dataset = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: ['2.25.300'] },
  };
  expect(await storeDataSet(client, dataset)).toMatchObject({ outcome: 'stored' });
});

it('every status has words and a remedy (RFC 9110 15)', () => {
  for (const status of [...KNOWN_STATUSES, 302, 418, 502, 599, 999]) {
    const { meaning, remedy } = describeHttpStatus(status);
    expect(meaning.length).toBeGreaterThan(10);
    expect(remedy.length).toBeGreaterThan(10);
  }
  expect(KNOWN_STATUSES).toEqual(expect.arrayContaining([202, 400, 401, 403, 409, 503]));
});
