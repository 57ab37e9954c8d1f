import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** The command as it is shipped: `packages/cli/dist` must be built. */
export const CLI = path.join(ROOT, 'packages/cli/bin/ohif-azure.js');

/** What a command did. */
export interface CliResult {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Options of {@link runCli}. */
export interface CliOptions {
  /** The whole environment but for `PATH`; default: nothing. */
  env?: Readonly<Record<string, string>>;
  /** What stands on standard input, which ends after it. */
  stdin?: string;
  cwd?: string;
  /** Given the process as soon as it runs: to kill it, say. */
  onStart?: (child: ChildProcess) => void;
}

/** Runs `ohif-azure` to its end, without a terminal and without this process's environment. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {}
): Promise<CliResult> {
  const { env = {}, stdin = '', cwd, onStart } = options;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const result: CliResult = { status: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', chunk => (result.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', chunk => (result.stderr += chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  onStart?.(child);
  result.status = await new Promise(resolve => child.once('close', resolve));
  return result;
}

/** The lines of `--json`, parsed. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Record<string, unknown>);
}
