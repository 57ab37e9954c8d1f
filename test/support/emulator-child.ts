import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

const EMULATOR = path.resolve(import.meta.dirname, '../../packages/emulator/dist/index.js');

/** The built emulator in a process of its own, which can be killed and measured. */
export interface EmulatorChild {
  /** Origin, such as `http://localhost:41234`. */
  url: string;
  /** Ends it as a power switch would (SIGKILL), or cleanly. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** The most memory it ever had, in bytes. */
  peakMemory(): Promise<number>;
}

/** Starts the built emulator on a data folder, without authentication. */
export async function startEmulatorChild(dataDir: string): Promise<EmulatorChild> {
  const program = `
    const { startDicomService } = await import(${JSON.stringify(EMULATOR)});
    const service = await startDicomService({ auth: 'none', port: 0, dataDir: process.argv[1] });
    console.log(service.url);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Jest's own flags are not for the child.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const ended = once(child, 'exit');
  const [url] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    ended.then(([code]) => {
      throw new Error(`The emulator ended with ${code}.`);
    }),
  ])) as [string];
  return {
    url,
    async end(signal) {
      child.kill(signal);
      await ended;
    },
    async peakMemory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
    },
  };
}
