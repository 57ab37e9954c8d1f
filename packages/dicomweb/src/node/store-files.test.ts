import { utimes } from 'node:fs/promises';
import { fakeClock } from '../../testing/fake-clock.ts';
import { part10, SR, srInstance } from '../../testing/part10-builder.ts';
import { startSmallArchive } from '../../testing/small-archive.ts';
import type { SmallArchive } from '../../testing/small-archive.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { TemporaryFolder } from '../../testing/temporary-folder.ts';
import type { FileOutcome } from './file-outcome.ts';
import { createNodeClient } from './node-client.ts';
import type { NodeClient, NodeClientOptions } from './node-client.ts';
import { storeFiles, storeStream } from './store-files.ts';
import type { StoreFilesOptions, StoreFilesResult } from './store-files-options.ts';

let archive: SmallArchive;
let folder: TemporaryFolder;
let clients: NodeClient[] = [];
beforeEach(async () => {
  archive = await startSmallArchive();
  folder = await temporaryFolder();
});
afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await archive[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function clientOf(options: Partial<NodeClientOptions> = {}): NodeClient {
  const client = createNodeClient({
    serviceUrl: archive.url,
    dialect: 'azure',
    clock: fakeClock(),
    random: () => 0.5,
    ...options,
  });
  clients.push(client);
  return client;
}

async function run(
  options: StoreFilesOptions = {},
  clientOptions: Partial<NodeClientOptions> = {}
): Promise<{ result: StoreFilesResult; outcomes: Record<string, FileOutcome> }> {
  const outcomes: Record<string, FileOutcome> = {};
  const result = await storeFiles(clientOf(clientOptions), [folder.path], {
    clock: fakeClock(),
    random: () => 0.5,
    onOutcome: outcome => {
      const name = outcome.file.slice(folder.path.length + 1);
      if (outcomes[name]) throw new Error(`two outcomes for ${name}`);
      outcomes[name] = outcome;
    },
    ...options,
  });
  return { result, outcomes };
}

const kinds = (outcomes: Record<string, FileOutcome>) =>
  Object.fromEntries(Object.entries(outcomes).map(([name, { outcome }]) => [name, outcome]));

async function writeMany(count: number): Promise<string[]> {
  const uids = Array.from({ length: count }, (_, index) => `2.25.${1000 + index}`);
  for (const [index, uid] of uids.entries()) {
    await folder.write(`${String(index).padStart(3, '0')}.dcm`, srInstance(uid));
  }
  return uids;
}

describe('storeFiles', () => {
  it('PS3.10 7.1: knows Part 10 files by their content, and lists the others', async () => {
    await folder.write('deep/down/report.txt', srInstance('2.25.1'));
    await folder.write('no-extension', srInstance('2.25.2'));
    await folder.write('picture.dcm', 'not what its name says');
    await folder.write('empty.dcm', '');
    await folder.write(
      'DICOMDIR',
      part10([[0x00041130, 'CS', 'X']], undefined, [[0x00020002, 'UI', '1.2.840.10008.1.3.10']])
    );
    await folder.write('no-uids', part10([[0x00100020, 'LO', 'SYNTHETIC']]));
    const { outcomes, result } = await run();
    expect(kinds(outcomes)).toEqual({
      'deep/down/report.txt': 'stored',
      'no-extension': 'stored',
      'picture.dcm': 'notDicom',
      'empty.dcm': 'notDicom',
      DICOMDIR: 'notDicom',
      'no-uids': 'rejected',
    });
    expect(result.summary).toMatchObject({ stored: 2, notDicom: 3, rejected: 1, unknown: 0 });
    expect(outcomes['no-uids']).toMatchObject({
      failureReason: 43264,
      message: expect.stringMatching(/^43264 \(0xA900\) /),
      remedy: expect.any(String),
    });
  });

  it('packs by count and by size, with several requests', async () => {
    await writeMany(10);
    const size = srInstance('2.25.1000').length;
    const counted = await run({ maxRequestInstances: 4, concurrency: 1 });
    expect(counted.result.requests).toBe(3);
    expect(archive.stores.map(({ uids }) => uids.length)).toEqual([4, 4, 2]);
    archive.stored.clear();
    archive.stores.length = 0;
    await run({ maxRequestBytes: 3 * size, concurrency: 1 });
    expect(archive.stores.map(({ uids }) => uids.length)).toEqual([3, 3, 3, 1]);
  });

  it.each([
    ['Azure v2 Store 413', 413],
    ['Azure v2 Store 400', 400],
    ['Azure v2 Store 415', 415],
    ['Azure reference 0.A 500', 500],
  ] as const)(
    '%s: halves a request that is refused as a whole, and names the culprit',
    async (_cite, status) => {
      const uids = await writeMany(16);
      archive.rules.push(({ uids: sent }) =>
        sent.includes(uids[5] ?? '') ? { status, body: 'refused' } : undefined
      );
      const { outcomes, result } = await run({ concurrency: 1 });
      expect(result.summary).toMatchObject({ stored: 15, rejected: 1 });
      expect(outcomes['005.dcm']).toMatchObject({
        outcome: 'rejected',
        httpStatus: status,
        message: expect.stringContaining(`HTTP ${status}`),
        remedy: expect.any(String),
      });
      expect(archive.stores.length).toBeLessThan(14);
    }
  );

  it('asks for what a lost answer leaves open, and sends nothing again that is stored', async () => {
    await writeMany(12);
    let isFirst = true;
    archive.rules.push(() => {
      const now = isFirst;
      isFirst = false;
      return now ? 'storeAndDrop' : undefined;
    });
    const { outcomes, result } = await run({ maxRequestInstances: 6, concurrency: 1 });
    expect(result.summary.stored).toBe(12);
    expect(outcomes['000.dcm']).toMatchObject({ outcome: 'stored', settled: true });
    const sent = archive.stores.flatMap(({ uids }) => uids);
    expect(sent).toHaveLength(new Set(sent).size);
  });

  it('sends again what a lost line did not store', async () => {
    await writeMany(3);
    let drops = 2;
    archive.rules.push(() => (drops-- > 0 ? 'drop' : undefined));
    const { result } = await run();
    expect(result.summary.stored).toBe(3);
    expect(archive.stores).toHaveLength(3);
  });

  it('one file that breaks the line each time does not hold the others', async () => {
    const uids = await writeMany(5);
    archive.rules.push(({ uids: sent }) => (sent.includes(uids[2] ?? '') ? 'drop' : undefined));
    const { outcomes, result } = await run();
    expect(result.summary).toMatchObject({ stored: 4, rejected: 1 });
    expect(outcomes['002.dcm']?.message).toMatch(/connection broke/);
  });

  it('RFC 9110 10.2.3: waits as long as the service asks, then goes on', async () => {
    await writeMany(2);
    const clock = fakeClock();
    let refusals = 2;
    archive.rules.push(() =>
      refusals-- > 0 ? { status: 503, headers: { 'Retry-After': '7' } } : undefined
    );
    const { result } = await run({ clock }, { clock });
    expect(result.summary.stored).toBe(2);
    expect(clock.waits.filter(ms => ms === 7000)).toHaveLength(2);
  });

  it('gives up when the service stays overloaded, and says what was not sent', async () => {
    await writeMany(3);
    const clock = fakeClock();
    archive.rules.push(() => ({ status: 503, headers: { 'Retry-After': '30' } }));
    const { outcomes, result } = await run({ clock, patienceMs: 120_000 }, { clock });
    expect(result.summary.notSent).toBe(3);
    expect(result.stoppedBy).toMatchObject({ code: 'ERR_STORE_THROTTLED' });
    expect(outcomes['000.dcm']).toMatchObject({ outcome: 'notSent', retry: 'transient' });
  });

  it('RFC 6750 3: renews an access token that expires in the middle, and stops when that fails', async () => {
    await writeMany(6);
    let token = 0;
    const accessTokenSource = {
      accessToken: async ({ renew = false } = {}) => `t${renew ? (token += 1) : token}`,
    };
    archive.rules.push(({ authorization }) =>
      archive.stored.size >= 2 && authorization === 'Bearer t0' ? { status: 401 } : undefined
    );
    const options = { maxRequestInstances: 2, concurrency: 1 };
    expect((await run(options, { accessTokenSource })).result.summary.stored).toBe(6);
    expect(token).toBe(1);

    archive.stored.clear();
    archive.rules.push(() => (archive.stored.size >= 2 ? { status: 401 } : undefined));
    const { outcomes, result } = await run(options, { accessTokenSource });
    expect(result.summary).toMatchObject({ stored: 2, notSent: 4 });
    expect(result.stoppedBy).toMatchObject({ code: 'ERR_STORE_UNAUTHORIZED' });
    expect(outcomes['005.dcm']?.remedy).toMatch(/Sign in/);
  });

  it('two files with one SOP Instance UID: each has its outcome, and only one is sent', async () => {
    await folder.write('a.dcm', srInstance('2.25.1'));
    await folder.write('b.dcm', srInstance('2.25.1'));
    await folder.write('c.dcm', srInstance('2.25.1', 'OTHER CONTENT'));
    const { outcomes } = await run();
    expect(kinds(outcomes)).toEqual({
      'a.dcm': 'stored',
      'b.dcm': 'alreadyStored',
      'c.dcm': 'rejected',
    });
    expect(outcomes['c.dcm']?.message).toMatch(/a\.dcm has the same SOP Instance UID/);
    expect(archive.stores.flatMap(({ uids }) => uids)).toEqual(['2.25.1']);
  });

  it('the second takes the place of a first that was rejected', async () => {
    await folder.write('a.dcm', part10([[0x00080018, 'UI', '2.25.1']]));
    await folder.write('b.dcm', srInstance('2.25.1'));
    expect(kinds((await run()).outcomes)).toEqual({ 'a.dcm': 'rejected', 'b.dcm': 'stored' });
  });

  it('Azure v2 Store 45070: run twice, nothing is stored twice, and that is no error', async () => {
    await writeMany(20);
    await run();
    const { result } = await run();
    expect(result.summary).toMatchObject({ stored: 0, alreadyStored: 20, rejected: 0 });
  });

  it('is stopped by its signal: what is whole stays, and each file has an outcome', async () => {
    await writeMany(20);
    const stopping = new AbortController();
    archive.rules.push(() => {
      if (archive.stores.length === 3) stopping.abort(new Error('stopped'));
      return undefined;
    });
    const { outcomes, result } = await run({
      maxRequestInstances: 2,
      concurrency: 1,
      signal: stopping.signal,
    });
    expect(Object.keys(outcomes)).toHaveLength(20);
    expect(result.stoppedBy).toBe(stopping.signal.reason);
    expect(result.summary.stored).toBe(4);
    expect(result.summary.unknown + result.summary.notSent).toBe(16);
  });

  it('403 stops the run at once', async () => {
    await writeMany(10);
    archive.rules.push(() => ({ status: 403 }));
    const { outcomes, result } = await run({ maxRequestInstances: 2, concurrency: 1 });
    expect(archive.stores).toHaveLength(1);
    expect(result.summary.notSent).toBe(10);
    expect(outcomes['000.dcm']?.remedy).toMatch(/DICOM Data Owner/);
  });

  it('a file that is not there is not sent, and the others are', async () => {
    const file = await folder.write('a.dcm', srInstance('2.25.1'));
    const outcomes: FileOutcome[] = [];
    await storeFiles(clientOf(), [file, `${folder.path}/gone.dcm`], {
      onOutcome: outcome => outcomes.push(outcome),
    });
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual(['notSent', 'stored']);
    expect(outcomes.find(({ outcome }) => outcome === 'notSent')?.message).toMatch(/ENOENT/);
  });

  it('a file that changes while it is sent goes as it is then', async () => {
    await writeMany(3);
    const file = `${folder.path}/001.dcm`;
    let isFirst = true;
    const { result } = await run(
      {},
      {
        authorization: async ({ operation }) => {
          if (operation === 'store' && isFirst) {
            isFirst = false;
            await utimes(file, new Date(), new Date(Date.now() + 5000));
          }
          return undefined;
        },
      }
    );
    expect(result.summary.stored).toBe(3);
  });

  it('progress: totals, bytes and counts come to the same end', async () => {
    await writeMany(9);
    const told: {
      totalFiles: number;
      isTotalKnown: boolean;
      doneFiles: number;
      sentBytes: number;
    }[] = [];
    const { result } = await run({
      onProgress: progress => told.push(progress),
      maxRequestInstances: 3,
    });
    expect(told.at(-1)).toMatchObject({
      totalFiles: 9,
      isTotalKnown: true,
      doneFiles: 9,
      requestsInFlight: 0,
    });
    expect(told.at(-1)?.sentBytes).toBe(result.sentBytes);
    expect(result.sentBytes).toBe(archive.stores.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it.each([
    [{ concurrency: 0 }, /concurrency/],
    [{ maxRequestBytes: 2 ** 31 }, /maxRequestBytes/],
    [{ maxRequestInstances: 1.5 }, /maxRequestInstances/],
  ])('refuses %j', async (options, message) => {
    await expect(storeFiles(clientOf(), [], options)).rejects.toThrow(message);
  });

  it('what a callback throws ends the run', async () => {
    await writeMany(2);
    const error = new Error('of the caller');
    await expect(
      storeFiles(clientOf(), [folder.path], {
        onOutcome: () => {
          throw error;
        },
      })
    ).rejects.toBe(error);
  });

  it('no patient data stands in an outcome', async () => {
    await folder.write('a.dcm', srInstance('2.25.1', 'MARKER-PATIENT'));
    archive.rules.push(() => ({ status: 400, body: 'PatientID "MARKER-PATIENT" is wrong' }));
    const { outcomes } = await run();
    expect(outcomes['a.dcm']?.outcome).toBe('rejected');
    expect(JSON.stringify(outcomes)).not.toContain('MARKER');
  });
});

describe('storeStream', () => {
  it('stores what comes as a stream, and can send it again', async () => {
    let refusals = 1;
    archive.rules.push(() =>
      refusals-- > 0 ? { status: 503, headers: { 'Retry-After': '1' } } : undefined
    );
    const bytes = srInstance('2.25.9');
    const pieces = (async function* () {
      yield bytes.subarray(0, 100);
      yield bytes.subarray(100);
    })();
    const outcome = await storeStream(clientOf(), pieces, 'from a scanner', { clock: fakeClock() });
    expect(outcome).toMatchObject({
      file: 'from a scanner',
      outcome: 'stored',
      sopInstanceUID: '2.25.9',
    });
    expect(archive.stored.get('2.25.9')?.bytes.equals(bytes)).toBe(true);
    expect(archive.stored.get('2.25.9')?.studyInstanceUID).toBe(SR.studyInstanceUID);
  });
});
