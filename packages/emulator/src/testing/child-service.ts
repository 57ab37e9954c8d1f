/** A DICOM service in a process of its own, to be killed. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const LOADER = new URL('typescript-loader.mjs', import.meta.url).href;
const START = new URL('../dicom-service/start.ts', import.meta.url).href;
/** Counts the changes of files, and dies before the one of the given number. */
const DIE = `
  const fs = (await import('node:fs')).default;
  const { syncBuiltinESMExports } = await import('node:module');
  let left = Number(process.argv[2]);
  const counted = (owner, name) => {
    const real = owner[name];
    owner[name] = (...given) => {
      left -= 1;
      if (left === 0) process.kill(process.pid, 'SIGKILL');
      return real.apply(owner, given);
    };
  };
  for (const name of ['createWriteStream', 'renameSync', 'unlinkSync']) counted(fs, name);
  counted(fs.promises, 'rename');
  syncBuiltinESMExports();
`;
const SERVE = `
  const { startDicomService } = await import(${JSON.stringify(START)});
  const service = await startDicomService({ auth: 'none', port: 0, dataDir: process.argv[1] });
  console.log(service.url);
`;

/**
 * Starts a service on a data folder.
 *
 * @param changes - it dies before its n-th change of a file; default: it does not.
 * @returns when it is up.
 * @throws {Error} when it ended before.
 */
export async function startChildService(
  dataDir: string,
  changes?: number
): Promise<{ child: ChildProcess; url: string; ended: Promise<void> }> {
  const script = changes === undefined ? SERVE : DIE + SERVE;
  const args = ['--import', LOADER, '--input-type=module', '-e', script, dataDir, String(changes)];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    // Jest's own flags are not for the child.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim()));
    child.once('exit', code => reject(new Error(`The child ended with ${code}.`)));
  });
  return { child, url, ended };
}
