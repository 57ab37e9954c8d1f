/**
 * What an interruption leaves behind: an instance which was answered as stored is there, byte for
 * byte; any other is there whole or not at all.
 */
import { once } from 'node:events';
import { watch } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChildService } from '../testing/child-service.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { multipart, send, startTestService, endTestServices } from '../testing/test-service.ts';

afterAll(endTestServices);

const WORKERS = 4;
const PIXEL_BYTES = 200_000;

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'crash-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const uidOf = (round: number, number: number) => `1.${round + 1}.${number + 1}`;
const made = (round: number, number: number) =>
  buildPart10(
    instanceElements({
      '0020000D': ['UI', '1.2'],
      '0020000E': ['UI', `1.3.${number % 3}`],
      '00080018': ['UI', uidOf(round, number)],
      '7FE00010': ['OW', new Uint8Array(PIXEL_BYTES).fill(number + 1)],
    })
  );

/** Stores with several workers until `answers` requests have been answered, then kills the service. */
async function storeUntilKilled(round: number, answers: number): Promise<Map<string, Buffer>> {
  const { child, url, ended } = await startChildService(dataDir);
  const answered = new Map<string, Buffer>();
  let next = 0;
  const work = async () => {
    for (;;) {
      const number = next++;
      const file = made(round, number);
      const answer = await send(`${url}/v2/studies`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; boundary=b' },
        body: multipart([file], 'b'),
      });
      expect(answer.status).toBe(200);
      answered.set(uidOf(round, number), file);
      if (answered.size >= answers) child.kill('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: WORKERS }, work));
  await ended;
  return answered;
}

it('kill -9 while storing loses nothing that was answered, and shows nothing partial', async () => {
  const answered = new Map<string, Buffer>();
  for (const [round, answers] of [1, 5, 14].entries()) {
    for (const [uid, file] of await storeUntilKilled(round, answers)) answered.set(uid, file);
  }
  expect(answered.size).toBeGreaterThanOrEqual(20);

  const service = await startTestService({ dataDir });
  expect(await readdir(join(dataDir, '.incoming'))).toEqual([]);
  const found = (await service.send('/v2/instances?limit=200')).json();
  const identifiers = found.map(one => ({
    series: String(one['0020000E']?.Value?.[0]),
    uid: String(one['00080018']?.Value?.[0]),
  }));
  const present = new Set(identifiers.map(one => one.uid));
  for (const uid of answered.keys()) expect(present).toContain(uid);
  for (const { series, uid } of identifiers) {
    const answer = await service.send(`/v2/studies/1.2/series/${series}/instances/${uid}`, {
      headers: { accept: 'application/dicom; transfer-syntax=*' },
    });
    const [, round = 0, number = 0] = uid.split('.').map(Number);
    expect(answer.body.equals(made(round - 1, number - 1))).toBe(true);
  }
  await service.end();
}, 60_000);

it('a client which hangs up while it sends leaves nothing behind', async () => {
  const service = await startTestService({ dataDir });
  // Longer than what waits in memory.
  const file = Buffer.concat([made(0, 0), Buffer.alloc(2_000_000)]);
  const headers = {
    accept: '*/*',
    'content-type': 'multipart/related; boundary=b',
    'content-length': String(file.length * 2),
  };
  const request = httpRequest(`${service.url}/v2/studies`, { method: 'POST', headers });
  const hungUp = new Promise(resolve => request.once('error', resolve));
  const watcher = watch(join(dataDir, '.incoming'));
  request.write(multipart([file], 'b').subarray(0, -10));
  await once(watcher, 'change');
  watcher.close();
  request.destroy();
  await hungUp;
  expect(await service.storeFile(made(0, 1))).toBe('stored');
  await service.close();
  expect(await readdir(join(dataDir, '.incoming'))).toEqual([]);
  expect(service.instanceCount()).toBe(1);
});

describe('at start', () => {
  it('leftovers of an interrupted Store are removed, foreign and cut files left alone', async () => {
    await mkdir(join(dataDir, '.incoming'), { recursive: true });
    await writeFile(join(dataDir, '.incoming', 'x.part'), 'half');
    await writeFile(join(dataDir, 'notes.txt'), 'mine');
    const cut = made(0, 0).subarray(0, -10);
    await writeFile(join(dataDir, 'cut.dcm'), cut);
    const service = await startTestService({ dataDir });
    expect(service.instanceCount()).toBe(0);
    expect((await readdir(dataDir)).sort()).toEqual([
      '.incoming',
      '.index',
      '.service',
      'cut.dcm',
      'notes.txt',
    ]);
    expect(await readdir(join(dataDir, '.incoming'))).toEqual([]);
    expect(await readFile(join(dataDir, 'cut.dcm'))).toEqual(cut);
    await service.end();
  });

  it('the files are the truth: order, entity tags and v1 metadata outlive a restart', async () => {
    const clock = () => 1000;
    const first = await startTestService({ dataDir, now: clock });
    const invalid = { '00080021': ['DA', 'x'] } as const;
    for (const [version, uid] of [
      ['v1', '1.7'],
      ['v2', '1.6'],
      ['v1', '1.5'],
    ] as const) {
      const uids = { '0020000D': ['UI', '1.2'], '00080018': ['UI', uid] } as const;
      await first.store(
        [buildPart10(instanceElements({ ...uids, ...invalid }))],
        `/${version}/studies`
      );
    }
    const read = async (service: typeof first) => {
      const metadata = await service.send('/v2/studies/1.2/metadata');
      const search = await service.send('/v2/studies/1.2/instances');
      return [metadata.headers.etag, metadata.text, search.text];
    };
    const before = await read(first);
    expect(before[1]?.match(/"00080021"/g)).toHaveLength(2);
    await first.close();
    const second = await startTestService({ dataDir, now: clock });
    expect(await read(second)).toEqual(before);
    const next = { '0020000D': ['UI', '1.2'], '00080018': ['UI', '1.4'] } as const;
    await second.store([buildPart10(instanceElements(next))]);
    const [newest] = (await second.send('/v2/studies/1.2/instances')).json();
    expect(newest?.['00080018']?.Value).toEqual(['1.4']);
    await second.end();
  });

  it('a Part 10 file put into the folder is taken up once', async () => {
    const file = made(0, 0);
    await writeFile(join(dataDir, 'mine.dcm'), file);
    await copyFile(join(dataDir, 'mine.dcm'), join(dataDir, 'copy.dcm'));
    const service = await startTestService({ dataDir });
    expect(service.instanceCount()).toBe(1);
    expect(await service.storeFile(file)).toBe('alreadyStored');
    await service.end();
  });
});
