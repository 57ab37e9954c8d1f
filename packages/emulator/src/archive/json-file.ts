import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDiskFailure } from '../storage/disk-failure.ts';

/**
 * One JSON file which is always whole: it is written beside its place and moved there. Writes go
 * one after the other; those that wait while one runs become one.
 */
export class JsonFile<T> {
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();
  #waiting: { text: string; done: Promise<void> } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** What the file holds; `undefined` when there is none. @throws {SyntaxError} when it is no JSON. */
  async read(): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Replaces the file; when this resolves, the content survives a power failure. */
  write(content: T): Promise<void> {
    const text = JSON.stringify(content);
    if (this.#waiting) {
      this.#waiting.text = text;
      return this.#waiting.done;
    }
    const turn = { text, done: Promise.resolve() };
    turn.done = this.#writing.then(() => {
      this.#waiting = undefined;
      return this.#replace(turn.text);
    });
    this.#waiting = turn;
    this.#writing = turn.done.catch(() => undefined);
    return turn.done;
  }

  /** Removes the file. */
  async remove(): Promise<void> {
    await this.settle();
    await rm(this.#path, { force: true });
  }

  /** Waits for what is being written. */
  async settle(): Promise<void> {
    await this.#writing;
  }

  async #replace(text: string): Promise<void> {
    const folder = dirname(this.#path);
    await mkdir(folder, { recursive: true });
    const beside = join(folder, `.${basename(this.#path)}.new`);
    const file = await open(beside, 'w');
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, this.#path);
    await flushFolder(folder);
  }
}

/** Without it a power failure may bring the old file back. Not every system can do it. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => undefined);
  try {
    await folder?.sync();
  } catch (error) {
    if (isDiskFailure(error)) throw error;
  } finally {
    await folder?.close();
  }
}
