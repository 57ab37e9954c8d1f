import { jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { CommandResult } from '../e2e/support/stack.ts';
import { dicomFiles, type DicomFiles } from '../support/dicom-sender.ts';
import { CREDENTIAL, RouterScene, until } from '../support/router-scene.ts';
import { syntheticInstance } from '../support/synthetic-study.js';

// Several programs start and stop on a machine that may be busy.
jest.setTimeout(60_000);

const COMMAND = path.resolve(import.meta.dirname, '../../packages/cli/bin/ohif-azure.js');

/** Runs the command with the relay's credential in the environment. */
async function run(password: string, ...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, RELAY_USERNAME: CREDENTIAL.username, RELAY_PASSWORD: password },
  });
  const result: CommandResult = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', chunk => (result.stdout += chunk));
  child.stderr.on('data', chunk => (result.stderr += chunk));
  result.status = await new Promise(resolve => child.once('close', resolve));
  return result;
}

describe('ohif-azure relay queue', () => {
  let files: DicomFiles;
  let scene: RouterScene;

  beforeAll(async () => {
    files = await dicomFiles();
    scene = await RouterScene.start({ routing: { otherwise: { action: 'hold' } } });
    await scene.startRelay();
    const sent = await Promise.all(
      [0, 1, 2].map(instance =>
        files.add(`${instance}.dcm`, syntheticInstance({ study: 1, instance }))
      )
    );
    await scene.modality.send(sent);
    await until('the rule to hold them', async () => (await scene.queue()).counts.held === 3);
  }, 60_000);
  afterAll(async () => {
    await scene.close();
    await files.close();
  });

  const queue = (...args: string[]): Promise<CommandResult> =>
    run(CREDENTIAL.password, 'relay', 'queue', ...args, '--relay', scene.relay?.url ?? '');
  const lines = ({ stdout }: CommandResult): Record<string, string>[] =>
    stdout
      .trim()
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as Record<string, string>);

  it('lists for machines and for people', async () => {
    const json = await queue('list', '--json', '--state', 'held');
    expect(json.status).toBe(0);
    expect(lines(json)).toHaveLength(3);
    expect(lines(json)[0]).toMatchObject({ state: 'held', code: 'rule', reason: 'otherwise' });
    const table = await queue('list', '--limit', '2');
    expect(table.status).toBe(0);
    expect(table.stdout).toMatch(/^State\s+Changed/);
    expect(table.stderr).toContain('2 instances; there are more');
    expect((await queue('list', '--state', 'dead')).stderr).toContain('No instances.');
  });

  it('releases one, and drops the rest only when it is told so twice', async () => {
    const [first, second] = lines(await queue('list', '--json')).map(({ id }) => id ?? '');
    const retried = await queue('retry', first ?? '', '--state', 'held');
    expect(retried).toMatchObject({ status: 0, stdout: '1 instance to be sent again\n' });
    await scene.settled({ sent: 1, held: 2 });
    const unasked = await queue('drop', '--all', '--state', 'held');
    expect(unasked.status).toBe(2);
    expect(unasked.stderr).toContain('--yes');
    const dropped = await queue('drop', '--all', '--state', 'held', '--yes', '--json');
    expect(lines(dropped)).toEqual([{ changed: 2 }]);
    await scene.settled({ sent: 1, held: 0, dropped: 2 });
    const again = await queue('retry', second ?? '', '--state', 'held');
    expect(again.status).toBe(1);
    expect(again.stderr).toContain('not held');
  });

  it.each([
    ['neither instances nor --all', ['retry'], 2, 'expected names of instances'],
    ['a name that is none', ['drop', '../etc', '--yes'], 2, 'Expected a name as Orthanc gives it'],
    ['a state that cannot be changed', ['retry', '--all', '--state', 'sent'], 2, 'Allowed choices'],
  ])('refuses %s', async (_, args, status, text) => {
    const result = await queue(...args);
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(text);
  });

  it('sends the credential nowhere in the clear but on this machine', async () => {
    const result = await run(
      CREDENTIAL.password,
      'relay',
      'queue',
      'list',
      '--relay',
      'http://relay.example:8083'
    );
    expect(result.status).toBe(2);
    expect(result.stderr).toContain('expected https://');
  });

  it('says that the credential is wrong, and never shows it', async () => {
    const url = scene.relay?.url ?? '';
    const result = await run('MARKER-wrong', 'relay', 'queue', 'list', '--relay', url);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('RELAY_USERNAME');
    expect(result.stderr + result.stdout).not.toContain('MARKER');
  });

  it('says when no relay answers', async () => {
    const result = await run(
      CREDENTIAL.password,
      'relay',
      'queue',
      'list',
      '--relay',
      'http://127.0.0.1:1'
    );
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('does not answer');
  });
});
