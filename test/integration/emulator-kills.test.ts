/**
 * `kill -9` at a random moment of Store, twenty times on one data folder: what was acknowledged is there, byte for
 * byte, and nothing is there in part. The moments come from a fixed seed.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startEmulatorChild } from '../support/emulator-child.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { storeBody, syntheticInstance, uidsOf } from '../support/synthetic-study.js';
import { request } from '../support/plain-request.ts';

const KILLS = 20;
const CLIENTS = 4;
const MAX_MS_TO_KILL = 250;
const IMAGE = { rows: 128, columns: 128 };

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'emulator-kills-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const fileOf = (round: number, instance: number) =>
  syntheticInstance({ study: round % 3, series: round, instance }, IMAGE);

/** Stores until the service is gone. @returns the instances acknowledged */
async function storeUntilKilled(round: number, ms: number): Promise<number[]> {
  const emulator = await startEmulatorChild(dataDir);
  const agent = new Agent({ keepAlive: true });
  const acknowledged: number[] = [];
  let next = 0;
  const client = async () => {
    for (;;) {
      const instance = next++;
      const answer = await request(`${emulator.url}/v2/studies`, {
        method: 'POST',
        headers: { 'content-type': 'multipart/related; boundary=b' },
        body: storeBody([fileOf(round, instance)], 'b'),
        agent,
      });
      expect(answer.status).toBe(200);
      acknowledged.push(instance);
    }
  };
  const clients = Array.from({ length: CLIENTS }, () => client().catch((error: unknown) => error));
  await wait(ms);
  await emulator.end('SIGKILL');
  for (const ended of await Promise.all(clients)) expect(ended).toHaveProperty('code');
  agent.destroy();
  return acknowledged;
}

it(`${KILLS} kills lose nothing that was acknowledged and leave nothing in part`, async () => {
  const random = seededRandom(7);
  const acknowledged: [round: number, instance: number][] = [];
  for (let round = 0; round < KILLS; round += 1) {
    const instances = await storeUntilKilled(round, 10 + random() * MAX_MS_TO_KILL);
    acknowledged.push(...instances.map((instance): [number, number] => [round, instance]));
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS);

  const emulator = await startEmulatorChild(dataDir);
  try {
    expect(await readdir(path.join(dataDir, '.incoming'))).toEqual([]);
    const present = new Set<string>();
    for (let offset = 0; ; offset += 200) {
      const page = await request(`${emulator.url}/v2/instances?limit=200&offset=${offset}`);
      if (page.status === 204) break;
      for (const one of JSON.parse(page.text) as Record<string, { Value: string[] }>[]) {
        const [sopInstanceUID = ''] = one['00080018']?.Value ?? [];
        present.add(sopInstanceUID);
        expect(await retrieved(emulator.url, sopInstanceUID)).toBe(true);
      }
    }
    const missing = acknowledged.filter(
      ([round, instance]) => !present.has(uidsOf(round % 3, round, instance).sopInstanceUID)
    );
    expect(missing).toEqual([]);
  } finally {
    await emulator.end('SIGTERM');
  }
}, 120_000);

/** Whether an instance is, byte for byte, what was sent. */
async function retrieved(url: string, sopInstanceUID: string): Promise<boolean> {
  const [instance = 0, series = 0] = sopInstanceUID.split('.').reverse().map(Number);
  const [round, place] = [series - 1, instance - 1];
  const uids = uidsOf(round % 3, round, place);
  const answer = await request(
    `${url}/v2/studies/${uids.studyInstanceUID}/series/${uids.seriesInstanceUID}/instances/${sopInstanceUID}`,
    { headers: { accept: 'application/dicom; transfer-syntax=*' } }
  );
  return answer.body.equals(fileOf(round, place));
}
