import { flush } from './flusher.ts';
import type { FlushJob, NewFile } from './flusher.ts';

/** Changes names in folders, and adds the folders and files which must be flushed to `touched`. */
export type Change<T> = (touched: Set<string>) => T;

/**
 * Makes changes of folders and then makes them durable. A change is made at once and in one go, so
 * that a removal cannot take a folder from an addition.
 */
export class CommitQueue {
  readonly #running = new Set<Promise<unknown>>();

  /**
   * @returns the change's result, once it survives a power failure.
   * @throws whatever the change throws, or what the disk does when it cannot be made durable.
   */
  async run<T>(change: Change<T>): Promise<T> {
    const touched = new Set<string>();
    const result = change(touched);
    await this.#flushed({ flush: touched });
    return result;
  }

  /**
   * Writes a file under its name.
   *
   * @param prepare - makes its folder.
   * @returns the file's time, in milliseconds since 1970, once it survives a power failure.
   */
  async write(file: NewFile, prepare: Change<void>): Promise<number> {
    const touched = new Set<string>();
    prepare(touched);
    return (await this.#flushed({ write: file, flush: touched })) ?? 0;
  }

  async #flushed(job: FlushJob): Promise<number | undefined> {
    const flushed = flush(job);
    const settled = flushed.then(ignore, ignore).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return flushed;
  }

  /** Waits until all that was begun is done, well or not. */
  async settle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}

const ignore = () => undefined;
