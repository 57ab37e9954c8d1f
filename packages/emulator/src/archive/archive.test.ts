/** What the service keeps beside the files, over a restart and after a crash. */
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { endTestServices, startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

afterAll(endTestServices);

const instance = (uid: string) =>
  buildPart10(
    instanceElements({
      '0020000D': ['UI', '1.2'],
      '0020000E': ['UI', '1.3'],
      '00080018': ['UI', uid],
      '00101010': ['AS', '035Y'],
    })
  );

interface Entry {
  sequence: number;
  sopInstanceUid: string;
  action: string;
  state: string;
}
const feedOf = async (service: TestService) =>
  (await service.send('/v2/changefeed')).json<Entry[]>();
const told = async (service: TestService) =>
  (await feedOf(service)).map(one => `${one.sopInstanceUid} ${one.action} ${one.state}`);
const json = { 'content-type': 'application/json' };
const addTag = (service: TestService) =>
  service.send('/v2/extendedquerytags', {
    method: 'POST',
    headers: json,
    body: '[{"Path":"00101010","Level":"Study"}]',
  });

let service: TestService;
beforeEach(async () => {
  service = await startTestService();
});
afterEach(() => service.end());

/** Closes the service and starts another one on its folder. */
async function restart(options: Parameters<typeof startTestService>[0] = {}): Promise<void> {
  const { dataDir } = service;
  await service.close();
  service = await startTestService({ ...options, dataDir });
}

it('the change feed goes on after a restart', async () => {
  await service.store([instance('1')]);
  await service.send('/v2/studies/1.2', { method: 'DELETE' });
  await service.store([instance('2')]);
  const before = await feedOf(service);
  await restart();
  expect(await feedOf(service)).toEqual(before);
  await service.store([instance('3')]);
  expect((await feedOf(service)).at(-1)).toMatchObject({ sequence: 4, sopInstanceUid: '3' });
});

it('a cut last line is dropped, and what it told is found in the files', async () => {
  await service.store([instance('1')]);
  await service.store([instance('2')]);
  const path = join(service.dataDir, '.service', 'change-feed.jsonl');
  const { dataDir } = service;
  await service.close();
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.slice(0, -20));
  service = await startTestService({ dataDir });
  expect(await told(service)).toEqual(['1 Create Current', '2 Create Current']);
});

it('files which were taken away by hand are told as removed', async () => {
  await service.store([instance('1'), instance('2')]);
  const { dataDir } = service;
  await service.close();
  const folder = join(dataDir, '1.2', '1.3');
  const [first = ''] = (await readdir(folder)).sort();
  await rm(join(folder, first));
  service = await startTestService({ dataDir });
  expect(await told(service)).toEqual(['1 Create Deleted', '2 Create Current', '1 Delete Deleted']);
});

it('lines which are no changes end the feed; the rest is found in the files', async () => {
  await service.store([instance('1')]);
  const { dataDir } = service;
  await service.close();
  await appendFile(join(dataDir, '.service', 'change-feed.jsonl'), 'nonsense\n');
  service = await startTestService({ dataDir });
  expect(await told(service)).toEqual(['1 Create Current']);
});

it('extended query tags find what is there after a restart', async () => {
  await service.store([instance('1')]);
  expect(await addTag(service)).toMatchObject({ status: 202 });
  await restart();
  expect(await service.send('/v2/studies?PatientAge=035Y')).toMatchObject({ status: 200 });
});

it('re-indexing which was interrupted is completed at the next start', async () => {
  const { dataDir } = service;
  await service.close();
  service = await startTestService({ dataDir, operationDelayMs: 3_600_000 });
  await service.store([instance('1')]);
  const { href } = (await addTag(service)).json<{ href: string }>();
  expect(await service.send('/v2/studies?PatientAge=035Y')).toMatchObject({ status: 400 });
  await restart();
  expect(await service.send('/v2/studies?PatientAge=035Y')).toMatchObject({ status: 200 });
  expect((await service.send(new URL(href).pathname)).json()).toMatchObject({
    status: 'succeeded',
  });
});

it('partitions and what is in them outlive a restart; without the feature it does not start', async () => {
  await restart({ partitions: true });
  for (const name of ['a', '...']) {
    const answer = await service.store([instance('1')], `/v2/partitions/${name}/studies`);
    expect(answer.status).toBe(200);
  }
  await restart({ partitions: true });
  expect(await service.send('/v2/partitions/a/studies')).toMatchObject({ status: 200 });
  const names = (await service.send('/v2/partitions')).json<{ partitionName: string }[]>();
  expect(names.map(one => one.partitionName)).toEqual(['Microsoft.Default', 'a', '...']);
  expect((await readdir(join(service.dataDir, '.partitions'))).sort()).toEqual(['_...', '_a']);
  const { dataDir } = service;
  await service.close();
  await expect(startTestService({ dataDir })).rejects.toMatchObject({
    code: 'ERR_EMULATOR_DATA_FOLDER',
  });
  service = await startTestService({ dataDir, partitions: true });
});

it('a study goes when its time has come, and stays until then', async () => {
  let now = 1_700_000_000_000;
  const { dataDir } = service;
  await service.close();
  service = await startTestService({ dataDir, profile: 'hosted', now: () => now });
  const headers = {
    'content-type': 'application/dicom',
    'msdicom-expiry-option': 'RelativeToNow',
    'msdicom-expiry-time-milliseconds': '1000',
  };
  await service.send('/v2/studies', { method: 'POST', headers, body: instance('1') });
  now += 999;
  expect(await service.send('/v2/studies')).toMatchObject({ status: 200 });
  now += 1;
  expect(await service.send('/v2/studies')).toMatchObject({ status: 204 });
  expect(await told(service)).toEqual(['1 Create Deleted', '1 Delete Deleted']);
});
