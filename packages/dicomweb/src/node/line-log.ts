import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

/** Lines that are appended to a file and are on the disk when the promise says so. Those that come together are synced together. */
export class LineLog {
  readonly #handle: FileHandle;
  #waiting: string[] = [];
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** @param length - where to go on: what is behind it is cut off. */
  static async open(path: string, length: number): Promise<LineLog> {
    const handle = await open(path, 'a', 0o600);
    try {
      const { size } = await handle.stat();
      if (size > length) await handle.truncate(length);
    } catch (error) {
      await handle.close();
      throw error;
    }
    return new LineLog(handle);
  }

  /** @throws what the file system throws; then also for every later line. */
  append(lines: readonly string[]): Promise<void> {
    this.#waiting.push(...lines);
    this.#next ??= this.#running.then(() => this.#flush());
    this.#running = this.#next;
    return this.#next;
  }

  async #flush(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    this.#next = undefined;
    await this.#handle.appendFile(lines.map(line => `${line}\n`).join(''));
    await this.#handle.datasync();
  }

  async close(): Promise<void> {
    await this.#running.catch(() => undefined);
    await this.#handle.close();
  }
}
