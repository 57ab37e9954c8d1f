import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import { seededRandom } from '../support/seeded-random.ts';
import { writeSyntheticFiles, type SyntheticFile } from '../support/synthetic-files.ts';

const CHILD = path.resolve(import.meta.dirname, '../support/transfer-child.js');
const FILES = 2000;
const KILLS = 20;
/** What is left for the last run, so that no run ends before it is killed. */
const LAST = 200;
/** The emulator syncs every instance to the disk; in memory that is quick, and what is tested is not the emulator. */
const MEMORY = '/dev/shm';

let folder: string;
let files: SyntheticFile[];
let service: RunningDicomService;
let serviceUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'ohif-azure-kills-'));
  files = await writeSyntheticFiles(path.join(folder, 'files'), FILES, 2000);
  service = await startDicomService({
    port: 0,
    auth: 'none',
    dataDir: path.join(folder, 'service'),
  });
  serviceUrl = `${service.url}/v2`;
}, 60_000);
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  lines: Record<string, unknown>[];
  isDone: boolean;
}

/** Runs the child, and kills it some milliseconds after so many outcomes. */
async function run(args: string[], kill?: { afterLines: number; ms: number }): Promise<Ended> {
  const child = spawn(process.execPath, [CHILD, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', chunk => (errors += chunk));
  const ended = new Promise(resolve => child.once('close', resolve));
  const result: Ended = { lines: [], isDone: false };
  const shoot = () => setTimeout(() => child.kill('SIGKILL'), kill?.ms);
  if (kill?.afterLines === 0) shoot();
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'done') result.isDone = true;
    else result.lines.push(JSON.parse(line));
    if (kill && result.lines.length === kill.afterLines) shoot();
  }
  await ended;
  if (!kill && !result.isDone) throw new Error(errors);
  return result;
}

it(`a store of ${FILES} files, killed ${KILLS} times: complete, and nothing is sent twice`, async () => {
  const random = seededRandom(4);
  const journal = path.join(folder, 'journal.jsonl');
  const args = ['store', serviceUrl, path.join(folder, 'files'), journal];
  let kills = 0;
  let known = 0;
  while (kills < KILLS) {
    // Outcomes of earlier runs are told first; then some of its own, and then somewhere in a request.
    const own = Math.floor((random() * 1.6 * (FILES - LAST - known)) / (KILLS - kills));
    const { isDone } = await run(args, { afterLines: known + own, ms: Math.floor(random() * 40) });
    expect(isDone).toBe(false);
    kills += 1;
    const noted = (await readFile(journal, 'utf8')).split('\n').filter(isOutcome).length;
    expect(noted).toBeGreaterThanOrEqual(known);
    known = noted;
  }
  const { lines } = await run(args);

  expect(lines.map(({ file }) => file).sort()).toEqual(files.map(({ file }) => file).sort());
  // 45070, already stored, would be the answer to a second Store of the same instance.
  expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['stored']));
  expect(service.instanceCount()).toBe(FILES);
  const noted = (await readFile(journal, 'utf8')).split('\n').filter(isOutcome);
  const paths = noted.map(line => (JSON.parse(line) as { path: string }).path);
  expect(new Set(paths).size).toBe(FILES);
  expect(paths).toHaveLength(FILES);
}, 120_000);

/** Whole lines only: the last one may be torn. */
function isOutcome(line: string): boolean {
  return line.startsWith('{"event":"outcome"') && line.endsWith('}');
}

it(`a retrieve of ${FILES} instances, killed ${KILLS} times: complete, nothing half, nothing fetched twice`, async () => {
  const random = seededRandom(7);
  const out = path.join(folder, 'out');
  const args = ['retrieve', serviceUrl, '2.25.9000', out];
  const fetched: unknown[] = [];
  for (let kills = 0; kills < KILLS; kills += 1) {
    const there = existsSync(out) ? (await instancesIn(out)).length : 0;
    const own = Math.floor((random() * 1.6 * (FILES - LAST - there)) / (KILLS - kills));
    const { lines, isDone } = await run(args, {
      afterLines: there + own,
      ms: Math.floor(random() * 40),
    });
    expect(isDone).toBe(false);
    fetched.push(...lines.filter(({ outcome }) => outcome === 'retrieved'));
  }
  const { lines } = await run(args);
  fetched.push(...lines.filter(({ outcome }) => outcome === 'retrieved'));

  expect(lines).toHaveLength(FILES);
  expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(
    new Set(['alreadyThere', 'retrieved'])
  );
  const uids = fetched.map(line => (line as { sopInstanceUID: string }).sopInstanceUID);
  expect(new Set(uids).size).toBe(uids.length);
  // Nothing but the instances, each whole; no temporary folder is left.
  expect((await instancesIn(out)).sort()).toEqual(
    files
      .map(({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }) =>
        path.join(studyInstanceUID, seriesInstanceUID, `${sopInstanceUID}.dcm`)
      )
      .sort()
  );
  expect(await readdir(out)).toEqual(['2.25.9000']);
}, 120_000);

/** The files below a folder that are no temporary ones; each is one of ours, byte for byte. */
async function instancesIn(out: string): Promise<string[]> {
  const byUID = new Map(files.map(file => [`${file.sopInstanceUID}.dcm`, file.bytes]));
  const found: string[] = [];
  for (const entry of await readdir(out, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || file.includes('.incoming-')) continue;
    const expected = byUID.get(entry.name);
    if (!expected || !(await readFile(file)).equals(expected)) throw new Error(`half: ${file}`);
    found.push(path.relative(out, file));
  }
  return found;
}
