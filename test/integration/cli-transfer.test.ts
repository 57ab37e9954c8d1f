import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { harmlessInstance } from '@ohif-azure/dicomweb/doctor';
import { CLI, jsonLines, runCli, type CliOptions } from '../support/run-cli.ts';
import { TestHooks } from '../e2e/support/faults.ts';

const PYDICOM = '/usr/lib/python3/dist-packages/pydicom/data/test_files';
const FILES = 300;
const ESCAPE = '\u001b';

let scratch: string;
let emulator: ChildProcess;
let service: string;
let hooks: TestHooks;
let state: string;

/** The emulator as the command runs it, on a free port. */
async function startEmulator(data: string): Promise<string> {
  emulator = spawn(
    process.execPath,
    [CLI, 'emulator', '--port', '0', '--auth', 'none', '--data', data, '--test-hooks'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    }
  );
  if (!emulator.stdout) throw new Error('no output');
  for await (const line of createInterface({ input: emulator.stdout })) {
    const [, url] = /^ready dicom=(\S+)$/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error('The emulator ended.');
}

beforeEach(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'ohif-azure-transfer-'));
  state = path.join(scratch, 'state');
  service = await startEmulator(path.join(scratch, 'data'));
  hooks = new TestHooks(service);
}, 30_000);
afterEach(async () => {
  const ended = new Promise(resolve => emulator.once('exit', resolve));
  emulator.kill();
  await ended;
  await rm(scratch, { recursive: true, force: true });
});

const env = () => ({ DICOM_SERVICE_URL: service, OHIF_AZURE_STATE: state });
const cli = (args: string[], options: CliOptions = {}) => runCli(args, { env: env(), ...options });

/** A folder of generated instances, one study each. */
async function instances(count: number, folder = path.join(scratch, 'files')): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let i = 0; i < count; i += 1) {
    await writeFile(
      path.join(folder, `${i}${i % 2 ? '.dcm' : ''}`),
      harmlessInstance(1_700_000_000_000 + i).bytes
    );
  }
  return folder;
}
const stored = async () => (await cli(['instances', '--json'])).stdout.split('\n').length - 1;

describe('store', () => {
  it('says for each file what became of it, and names the report', async () => {
    const folder = await instances(3);
    await writeFile(path.join(folder, 'notes.txt'), 'not DICOM');
    const { status, stdout } = await cli(['store', '--json', folder]);
    const lines = jsonLines(stdout);
    expect(status).toBe(0);
    expect(lines.slice(0, -1).map(line => Object.keys(line))).toEqual(
      Array.from({ length: 4 }, () => [
        'file',
        'outcome',
        'sopInstanceUID',
        'failureReason',
        'warningReason',
        'message',
      ])
    );
    expect(lines.map(({ outcome }) => outcome).sort()).toEqual([
      'notDicom',
      'stored',
      'stored',
      'stored',
      undefined,
    ]);
    expect(lines.at(-1)).toEqual({
      summary: expect.objectContaining({ stored: 3, notDicom: 1, rejected: 0 }),
    });

    const again = await cli(['store', folder]);
    expect([again.status, again.stdout]).toEqual([
      0,
      expect.stringMatching(/^3 {2}already stored before$/m),
    ]);
    const [, report = ''] = /Report, one line for each file: (.+)$/m.exec(again.stdout) ?? [];
    expect(jsonLines(await readFile(report, 'utf8'))).toHaveLength(4);
    expect(again.stderr).toContain('notes.txt');
  }, 30_000);

  it('takes real files, some broken on purpose: each has an outcome with a reason, and comes back byte for byte', async () => {
    const { status, stdout } = await cli(['store', '--json', PYDICOM]);
    const lines = jsonLines(stdout).slice(0, -1);
    expect(status).toBe(1);
    expect(lines.length).toBeGreaterThan(150);
    for (const line of lines) {
      if (line.outcome !== 'stored') expect(line.message).toEqual(expect.stringMatching(/\S{3}/));
    }
    const report = await readFile(
      path.join(state, 'store', (await readdir(path.join(state, 'store')))[0]!, 'report.jsonl'),
      'utf8'
    );
    const [sample] = jsonLines(report).filter(
      ({ outcome, studyInstanceUID }) => outcome === 'stored' && studyInstanceUID
    );
    const out = path.join(scratch, 'out');
    const uids = [
      '--study',
      String(sample?.studyInstanceUID),
      '--series',
      String(sample?.seriesInstanceUID),
      '--instance',
      String(sample?.sopInstanceUID),
    ];
    const retrieved = await cli([
      'retrieve',
      ...uids,
      '--out',
      out,
      '--layout',
      '{instance}.dcm',
      '--json',
    ]);
    expect([retrieved.status, retrieved.stderr]).toEqual([0, '']);
    const back = await readFile(path.join(out, `${sample?.sopInstanceUID}.dcm`));
    expect(back.equals(await readFile(String(sample?.file)))).toBe(true);
  }, 120_000);

  it('killed, it goes on where it was: complete, and nothing twice', async () => {
    const folder = await instances(FILES);
    await hooks.inject({ match: { method: 'POST' }, delayMs: 100 });
    const args = ['store', '--json', '--max-request-instances', '10', '--concurrency', '2'];
    const killed = await cli([...args, folder], {
      onStart: child => {
        // Killed when some outcomes are there, in the middle of others.
        child.stdout?.on('data', () => void child.kill('SIGKILL'));
      },
    });
    expect(killed.status).toBeNull();
    const before = await stored();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(FILES);
    await hooks.clear();
    const resumed = await cli(['store', '--resume', '--json']);
    expect(resumed.status).toBe(0);
    expect(jsonLines(resumed.stdout)).toHaveLength(FILES + 1);
    expect(await stored()).toBe(FILES);
    const again = await cli(['store', '--resume', '--json']);
    expect(again.status).toBe(0);
  }, 60_000);

  it('Ctrl-C leaves a journal and says how to go on', async () => {
    const folder = await instances(FILES);
    await hooks.inject({ match: { method: 'POST' }, delayMs: 150 });
    const stopped = await cli(
      ['store', folder, '--json', '--max-request-instances', '10', '--concurrency', '1'],
      {
        onStart: child => void child.stdout?.once('data', () => void child.kill('SIGINT')),
      }
    );
    expect(stopped.status).toBe(1);
    expect(stopped.stderr).toContain('ohif-azure store --resume');
    const { summary } = jsonLines(stopped.stdout).at(-1) as { summary: Record<string, number> };
    expect((summary.notSent ?? 0) + (summary.unknown ?? 0)).toBeGreaterThan(0);
    await hooks.clear();
    // The files and folders may be named again.
    expect((await cli(['store', '--resume', folder])).status).toBe(0);
    expect(await stored()).toBe(FILES);
  }, 60_000);

  it('a service that refuses everything ends the run with its reason', async () => {
    await hooks.inject({ match: { method: 'POST' }, status: 403, body: 'Authorization failed.' });
    const { status, stderr } = await cli(['store', await instances(2)]);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/403[\s\S]*DICOM Data Owner[\s\S]*--resume/),
    ]);
  }, 30_000);

  it('a report that cannot be written is said before anything is sent', async () => {
    await hooks.forget();
    const { status } = await cli([
      'store',
      await instances(1),
      '--report',
      '/proc/no/report.jsonl',
    ]);
    expect(status).toBe(1);
    expect(await hooks.requests()).toEqual([]);
  }, 30_000);
});

describe('retrieve', () => {
  it('fetches what is not there, and only that', async () => {
    const folder = await instances(1);
    await cli(['store', folder]);
    const [study = {}] = jsonLines((await cli(['studies', '--json'])).stdout) as {
      [tag: string]: { Value: string[] };
    }[];
    const uid = study['0020000D']?.Value[0] ?? '';
    const out = path.join(scratch, 'out');
    expect((await cli(['retrieve', '--study', uid, '--out', out])).stdout).toMatch(
      /1 {2}retrieved/
    );
    expect((await cli(['retrieve', '--study', uid, '--out', out])).stdout).toMatch(
      /1 {2}there already/
    );
    const [file = ''] = (await readdir(out, { recursive: true })).filter(name =>
      name.endsWith('.dcm')
    );
    expect(file.split(path.sep)[0]).toBe(uid);
    expect(
      (await readFile(path.join(out, file))).equals(await readFile(path.join(folder, '0')))
    ).toBe(true);
    const missing = await cli(['retrieve', '--study', '1.2.3', '--out', out]);
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringMatching(/ohif-azure: \S/)]);
  }, 30_000);
});

describe('search and delete', () => {
  it('pages, limits and says that there are more', async () => {
    await cli(['store', await instances(230)]);
    expect(jsonLines((await cli(['studies', '--json'])).stdout)).toHaveLength(230);
    const some = await cli(['studies', '--limit', '5', '--offset', '3']);
    expect(some.stdout.trimEnd().split('\n')).toHaveLength(6);
    expect(some.stderr).toContain('--offset 8');
    expect(some.stdout).toMatch(/Test, Doctor +OHIF-AZURE-DOCTOR +2023-11-14/);
    expect((await cli(['studies', '--patient-id', 'nobody'])).stderr).toBe('No studies\n');
    expect(
      (await cli(['studies', '--patient-name', 'doc', '--limit', '1', '--json'])).stdout
    ).toContain('Test^Doctor');
    expect((await cli(['studies', '--filter', 'PatientName=a*b'])).stderr).toMatch(/wildcards/);
  }, 60_000);

  it('delete says how many, refuses where nobody can be asked, and deletes', async () => {
    await cli(['store', await instances(2)]);
    const [study = {}] = jsonLines((await cli(['studies', '--json'])).stdout) as {
      [tag: string]: { Value: string[] };
    }[];
    const uid = study['0020000D']?.Value[0] ?? '';
    const refused = await cli(['delete', '--study', uid], { stdin: 'yes\n' });
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('--yes')]);
    expect(await stored()).toBe(2);
    const deleted = await cli(['delete', '--study', uid, '--yes']);
    expect([deleted.status, deleted.stdout, deleted.stderr]).toEqual([
      0,
      'Deleted 1 instance.\n',
      expect.stringMatching(/has 1 instance/),
    ]);
    expect(await stored()).toBe(1);
    const again = await cli(['delete', '--study', uid, '--yes']);
    expect([again.status, again.stderr]).toEqual([
      1,
      expect.stringContaining('Nothing was deleted'),
    ]);
  }, 30_000);

  it('asks on a terminal, and only "yes" is a yes', async () => {
    await cli(['store', await instances(1)]);
    const [study = {}] = jsonLines((await cli(['studies', '--json'])).stdout) as {
      [tag: string]: { Value: string[] };
    }[];
    const command = `${process.execPath} ${CLI} delete --study ${study['0020000D']?.Value[0]}`;
    const onTerminal = (answer: string) =>
      spawnSync('script', ['-qec', command, '/dev/null'], {
        input: answer,
        encoding: 'utf8',
        env: { ...process.env, ...env() },
      });
    expect(onTerminal('no\n').status).toBe(1);
    expect(await stored()).toBe(1);
    expect(onTerminal('yes\n').stdout).toMatch(/Delete 1 instance\? This cannot be undone\./);
    expect(await stored()).toBe(0);
  }, 30_000);
});

it('draws progress and colours on a terminal only, and no colours with NO_COLOR', async () => {
  const folder = await instances(20);
  const onTerminal = (more: Record<string, string>) =>
    spawnSync('script', ['-qec', `${process.execPath} ${CLI} store ${folder}`, '/dev/null'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, TERM: 'xterm', ...env(), ...more },
    }).stdout;
  expect(onTerminal({})).toContain(`${ESCAPE}[32m`);
  expect(onTerminal({})).toMatch(/20\/20 files/);
  expect(onTerminal({ NO_COLOR: '1' })).not.toMatch(new RegExp(`${ESCAPE}\\[\\d*m`));
  const piped = await cli(['store', folder]);
  expect(piped.stdout + piped.stderr).not.toContain('\u001b');
}, 60_000);
