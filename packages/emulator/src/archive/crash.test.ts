/**
 * What `kill -9` leaves of the work which takes many files: it goes on at the next start, and at
 * no time is a study changed or removed in part.
 */
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { changeElements } from '../part10/change-elements.ts';
import { filesBelow } from '../storage/durable-files.ts';
import { startChildService } from '../testing/child-service.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { endTestServices, multipart, send, startTestService } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

afterAll(endTestServices);

const STUDIES = ['1.1', '1.2', '1.3'];
const INSTANCES = 20;
const JSON_BODY = { 'content-type': 'application/json' };

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'archive-crash-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const made = (study: string, number: number) =>
  buildPart10(
    instanceElements({
      '0020000D': ['UI', study],
      '0020000E': ['UI', `${study}.${number % 2}`],
      '00080018': ['UI', `${study}.9.${number}`],
      '00101010': ['AS', '035Y'],
      '7FE00010': ['OW', new Uint8Array(100_000).fill(number + 1)],
    })
  );
const updateBody = (value: string) =>
  JSON.stringify({
    studyInstanceUids: STUDIES,
    changeDataset: { '00100010': { vr: 'PN', Value: [{ Alphabetic: value }] } },
  });
const startUpdate = (url: string, value: string) =>
  send(`${url}/v2/studies/$bulkUpdate`, {
    method: 'POST',
    headers: JSON_BODY,
    body: updateBody(value),
  });

async function fill(instances = INSTANCES): Promise<void> {
  const service = await startTestService({ dataDir });
  for (const study of STUDIES) {
    const files = Array.from({ length: instances }, (_, number) => made(study, number));
    // 409: they are there already.
    expect([200, 409]).toContain((await service.store(files)).status);
  }
  await service.close();
}

/** The names of the patient which a study tells, and of how many instances. */
async function namesOf(url: string, study: string): Promise<[names: string[], count: number]> {
  const answer = await send(`${url}/v2/studies/${study}/metadata`, {});
  const names = answer
    .json()
    .map(one => (one['00100010']?.Value as { Alphabetic: string }[])[0]?.Alphabetic ?? '');
  return [[...new Set(names)], names.length];
}

interface Operation {
  status: string;
  results?: unknown;
}
async function overOf(url: string, path: string): Promise<Operation> {
  for (;;) {
    const answer = await send(url + path, {});
    if (answer.status !== 202) return answer.json<Operation>();
    await new Promise(resolve => setImmediate(resolve));
  }
}
const DONE: Operation = {
  status: 'succeeded',
  results: {
    studyProcessed: 3,
    studyUpdated: 3,
    studyFailed: 0,
    instanceUpdated: 3 * INSTANCES,
  },
};

interface Entry {
  sopInstanceUid: string;
  action: string;
}
async function actionsOf(service: TestService): Promise<Map<string, string[]>> {
  const actions = new Map<string, string[]>();
  for (let offset = 0; ; offset += 200) {
    const page = await service.send(
      `/v2/changefeed?limit=200&offset=${offset}&includeMetadata=false`
    );
    const entries = page.json<Entry[]>();
    for (const { sopInstanceUid, action } of entries) {
      actions.set(sopInstanceUid, [...(actions.get(sopInstanceUid) ?? []), action]);
    }
    if (entries.length < 200) return actions;
  }
}

describe('bulk update (source UpdateDurableFunction: durable, study by study)', () => {
  /**
   * Before which change of a file the process dies: while new files are written, between that and
   * the first one in its place, in the midst of those, while the rest of them is completed at the
   * next start, and after a study.
   */
  const DEATHS = [12, 47, 9, 62, 22, 75];

  it('killed again and again it succeeds in the end, and each instance is changed once', async () => {
    await fill();
    let path = '';
    let deaths = 0;
    for (const changes of DEATHS) {
      const started = await startChildService(dataDir, changes).catch(() => undefined);
      if (!started) {
        deaths += 1;
        continue;
      }
      const { child, url, ended } = started;
      try {
        for (const study of STUDIES) {
          const [names, count] = await namesOf(url, study);
          expect([names.length, count]).toEqual([1, INSTANCES]);
        }
        if (path === '') {
          const { href } = (await startUpdate(url, 'New^Name')).json<{ href: string }>();
          path = new URL(href).pathname;
        }
        expect(await overOf(url, path)).toMatchObject(DONE);
      } catch (error) {
        // The line was cut.
        if (!/ECONN|socket|aborted/i.test(String(error))) throw error;
        deaths += 1;
      }
      child.kill('SIGKILL');
      await ended;
    }
    expect(deaths).toBeGreaterThanOrEqual(DEATHS.length - 2);

    const service = await startTestService({ dataDir });
    expect(await overOf(service.url, path)).toMatchObject(DONE);
    for (const study of STUDIES) {
      expect(await namesOf(service.url, study)).toEqual([['New^Name'], INSTANCES]);
    }
    const actions = await actionsOf(service);
    expect(actions.size).toBe(3 * INSTANCES);
    for (const told of actions.values()) expect(told).toEqual(['Create', 'Update']);
    const original = await service.send('/v2/studies/1.2/series/1.2.1/instances/1.2.9.5', {
      headers: {
        accept: 'application/dicom; transfer-syntax=*',
        'msdicom-request-original': 'true',
      },
    });
    expect(original.body.equals(made('1.2', 5))).toBe(true);
    await service.close();
    const files = await filesBelow(dataDir);
    expect(files.filter(file => file.endsWith('.dcm'))).toHaveLength(3 * INSTANCES);
    expect(files.filter(file => file.endsWith('.original'))).toHaveLength(3 * INSTANCES);
  }, 120_000);

  it('a study changed in part is completed before the first answer', async () => {
    await fill(4);
    const waiting = await startTestService({ dataDir, operationDelayMs: 3_600_000 });
    const answer = await startUpdate(waiting.url, 'New^Name');
    const path = new URL(answer.json<{ href: string }>().href).pathname;
    await waiting.close();
    // What a kill in the midst of the first study leaves: two files of four are in place.
    const files = await filesBelow(join(dataDir, '1.1'));
    const watermarkOf = (file: string) => Number(/_(\d+)_v2\.dcm$/.exec(file)?.[1]);
    const newest = Math.max(...(await filesBelow(dataDir)).map(watermarkOf));
    for (const [index, file] of files.slice(0, 2).entries()) {
      const changed = file.replace(/_\d+_v2/, `_${newest + 1 + index}_v2`);
      await changeElements(file, changed, [{ tag: '00100010', vr: 'PN', text: 'New^Name' }]);
      await rename(file, `${file}.original`);
    }
    const state = join(dataDir, '.service', 'operations.json');
    const [operation] = JSON.parse(await readFile(state, 'utf8')) as [
      { checkpoint: Record<string, unknown> },
    ];
    operation.checkpoint.replacing = files.map(watermarkOf);
    await writeFile(state, JSON.stringify([operation]));

    const service = await startTestService({ dataDir, operationDelayMs: 3_600_000 });
    expect(await namesOf(service.url, '1.1')).toEqual([['New^Name'], 4]);
    expect(await namesOf(service.url, '1.2')).toEqual([['Test^Tina'], 4]);
    expect(await service.send(path)).toMatchObject({ status: 202 });
    await service.close();
    const last = await startTestService({ dataDir });
    expect(await overOf(last.url, path)).toMatchObject({
      status: 'succeeded',
      results: { studyProcessed: 3, studyUpdated: 3, studyFailed: 0, instanceUpdated: 12 },
    });
    const actions = await actionsOf(last);
    for (const told of actions.values()) expect(told).toEqual(['Create', 'Update']);
    await last.end();
  });

  it('what was stored anew or deleted meanwhile stays so', async () => {
    await fill(2);
    const waiting = await startTestService({
      dataDir,
      profile: 'hosted',
      operationDelayMs: 3_600_000,
    });
    const answer = await startUpdate(waiting.url, 'New^Name');
    const path = new URL(answer.json<{ href: string }>().href).pathname;
    await waiting.close();
    const state = join(dataDir, '.service', 'operations.json');
    const [operation] = JSON.parse(await readFile(state, 'utf8')) as [
      { checkpoint: Record<string, unknown> },
    ];
    const files = await filesBelow(join(dataDir, '1.1'));
    operation.checkpoint.replacing = files.map(file => Number(/_(\d+)_v2/.exec(file)?.[1]));
    // In the place of one of the two something newer; the other one is gone.
    const [first = '', second = ''] = files;
    const newest = Math.max(...(operation.checkpoint.replacing as number[])) + 1000;
    await rename(first, first.replace(/_\d+_v2/, `_${newest}_v2`));
    await rm(second);
    await rm(dirname(second), { recursive: true });
    await writeFile(state, JSON.stringify([operation]));
    const service = await startTestService({ dataDir });
    expect(await overOf(service.url, path)).toMatchObject({ status: 'succeeded' });
    expect(await namesOf(service.url, '1.1')).toEqual([['Test^Tina'], 1]);
    expect(await namesOf(service.url, '1.3')).toEqual([['New^Name'], 2]);
    await service.end();
  });
});

describe('other work', () => {
  it('a bulk update stops between two studies when the service closes, and goes on', async () => {
    await fill();
    const service = await startTestService({ dataDir });
    const answer = await startUpdate(service.url, 'New^Name');
    const path = new URL(answer.json<{ href: string }>().href).pathname;
    await service.close();
    const next = await startTestService({ dataDir });
    expect(await overOf(next.url, path)).toMatchObject(DONE);
    await next.end();
  });

  it('a removal of which only a part was done is completed at the next start', async () => {
    await fill(4);
    const service = await startTestService({ dataDir });
    await service.send('/v2/studies/1.2', { method: 'DELETE' });
    await service.close();
    // What a kill in the midst of the removal of 1.1 leaves.
    const files = await filesBelow(join(dataDir, '1.1'));
    const lastWatermark = Math.max(...files.map(file => Number(/_(\d+)_v2/.exec(file)?.[1])));
    const scope = { studyInstanceUID: '1.1' };
    const begun = [{ partitionName: 'Microsoft.Default', scope, lastWatermark }];
    await writeFile(join(dataDir, '.service', 'deletions.json'), JSON.stringify(begun));
    await rm(files[0] ?? '');
    const next = await startTestService({ dataDir });
    expect(await next.send('/v2/studies/1.1/metadata')).toMatchObject({ status: 404 });
    expect(next.instanceCount()).toBe(4);
    const actions = await actionsOf(next);
    for (const [uid, told] of actions) {
      expect(told).toEqual(uid.startsWith('1.3') ? ['Create'] : ['Create', 'Delete']);
    }
    // Another start must not remove what was stored since.
    await next.store([made('1.1', 0)]);
    await next.close();
    const last = await startTestService({ dataDir });
    expect(last.instanceCount()).toBe(5);
    await last.end();
  });

  it('killed while it removes studies, each is there whole or not at all', async () => {
    // Before it is written down, before the first file, in the midst of them.
    const deaths = [1, 2, 11];
    for (const changes of deaths) {
      await fill();
      const { child, url, ended } = await startChildService(dataDir, changes);
      await expect(send(`${url}/v2/studies/1.2`, { method: 'DELETE' })).rejects.toThrow();
      child.kill('SIGKILL');
      await ended;
      const service = await startTestService({ dataDir });
      const found = await service.send('/v2/studies/1.2/instances?limit=200');
      const there = found.status === 204 ? 0 : found.json().length;
      expect([changes, there]).toEqual([changes, changes === 1 ? INSTANCES : 0]);
      expect(await filesBelow(dataDir)).toHaveLength(2 * INSTANCES + there);
      await service.close();
    }
  }, 60_000);

  it('re-indexing which was killed is over at the next start', async () => {
    await fill();
    const { child, url, ended } = await startChildService(dataDir);
    const answer = await send(`${url}/v2/extendedquerytags`, {
      method: 'POST',
      headers: JSON_BODY,
      body: '[{"Path":"00101010","Level":"Study"}]',
    });
    child.kill('SIGKILL');
    await ended;
    expect(answer.status).toBe(202);
    const path = new URL(answer.json<{ href: string }>().href).pathname;
    const service = await startTestService({ dataDir });
    expect((await service.send(path)).json()).toMatchObject({
      status: 'succeeded',
      percentComplete: 100,
    });
    const found = await service.send('/v2/studies?PatientAge=035Y');
    expect(found.json()).toHaveLength(3);
    await service.end();
  });

  it('a study whose time came goes even when the process ended before it was removed', async () => {
    let now = Date.UTC(2026, 0, 1);
    const options = { dataDir, profile: 'hosted', now: () => now } as const;
    const service = await startTestService(options);
    const store = (file: Buffer, headers: Record<string, string> = {}) =>
      service.send('/v2/studies', {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; boundary=b', ...headers },
        body: multipart([file], 'b'),
      });
    const expiring = {
      'msdicom-expiry-option': 'RelativeToNow',
      'msdicom-expiry-time-milliseconds': '1000',
    };
    await store(made('1.1', 0), expiring);
    await store(made('1.2', 0), expiring);
    // Deleted and stored again, without a time to go.
    await service.send('/v2/studies/1.2', { method: 'DELETE' });
    await store(made('1.2', 0));
    await service.close();
    now += 1000;
    const next = await startTestService(options);
    expect((await next.send('/v2/studies')).json()).toHaveLength(1);
    expect(next.instanceCount()).toBe(1);
    await next.end();
  });
});
