import { spawn, type ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = path.resolve(import.meta.dirname, 'relay-process.js');

/** What a relay is started with. */
export interface RelayConfiguration {
  readonly env: Readonly<Record<string, string>>;
  readonly config: Readonly<Record<string, unknown>>;
}

/** A relay in a process of its own. */
export class RelayProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #notes: string[];

  private constructor(child: ChildProcess, url: string, notes: string[]) {
    this.#child = child;
    this.url = url;
    this.#notes = notes;
  }

  /** @param file - where its settings file is written. @throws {Error} with what it printed, when it ends instead of starting. */
  static async start(file: string, { env, config }: RelayConfiguration): Promise<RelayProcess> {
    await writeFile(file, JSON.stringify(config));
    const child = spawn(process.execPath, [PROGRAM, file], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const notes: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => notes.push(chunk.toString()));
    for await (const line of createInterface({ input: child.stdout })) {
      const url = /^ready relay=(\S+)$/.exec(line)?.[1];
      if (url) return new RelayProcess(child, url, notes);
    }
    throw new Error(`The relay ended: ${notes.join('')}`);
  }

  /** What it has logged. */
  get log(): string {
    return this.#notes.join('');
  }

  /** Ends it. @param signal - SIGKILL: at once, in the middle of whatever it does. */
  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise(resolve => this.#child.once('exit', resolve));
    this.#child.kill(signal);
    await ended;
  }
}
