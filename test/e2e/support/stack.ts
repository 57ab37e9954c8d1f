import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const COMMAND = path.join(ROOT, 'packages/cli/bin/ohif-azure.js');
const FREE_PORTS = ['--viewer-port', '0', '--dicom-port', '0', '--identity-port', '0'];

/** The running stack, as `npm start` runs it, on free ports. */
export interface Stack {
  /** Origin of the viewer. */
  viewer: string;
  /** DICOMweb root, version 2. */
  dicom: string;
  /** Authority of the identity provider. */
  identity: string;
  /** What it printed for people. */
  notes: () => string;
  /** Sends a signal and waits for the end. @returns the exit status; `null` after a signal that cannot be caught */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends it and removes its data folder, unless that was given. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** More flags of `ohif-azure dev`. */
  flags?: readonly string[];
  /** Data folder; a new one by default, which goes with the stack. */
  data?: string;
}

/**
 * Starts `ohif-azure dev` and waits for its `ready` line.
 *
 * @throws {Error} with what it printed, when it ends instead
 */
export async function startStack({ flags = [], data }: StackOptions = {}): Promise<Stack> {
  const folder = data ?? (await newFolder());
  const child = spawn(
    process.execPath,
    [COMMAND, 'dev', ...FREE_PORTS, '--data', folder, '--test-hooks', ...flags],
    { stdio: ['ignore', 'pipe', 'pipe'] }
  );
  let notes = '';
  child.stderr.on('data', chunk => (notes += chunk));
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
  const line = await Promise.race([
    readyLine(child),
    ended.then(status => {
      throw new Error(`The stack ended with status ${status}: ${notes}`);
    }),
  ]);
  const [, viewer = '', dicom = '', identity = ''] =
    /^ready viewer=(\S+) dicom=(\S+) identity=(\S+)$/.exec(line) ?? [];
  const end = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  return {
    viewer,
    dicom,
    identity,
    notes: () => notes,
    end,
    async stop() {
      await end();
      if (data === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An empty folder of a test's own. */
export function newFolder(): Promise<string> {
  return mkdtemp(path.join(tmpdir(), 'ohif-azure-e2e-'));
}

export interface CommandResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `ohif-azure` with arguments that make it end by itself. */
export async function runCommand(...args: string[]): Promise<CommandResult> {
  const child = spawn(process.execPath, [COMMAND, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const result: CommandResult = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', chunk => (result.stdout += chunk));
  child.stderr.on('data', chunk => (result.stderr += chunk));
  result.status = await new Promise(resolve => child.once('close', resolve));
  return result;
}

async function readyLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The stack has no standard output.');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('ready ')) return line;
  }
  throw new Error('The stack ended without a ready line.');
}
