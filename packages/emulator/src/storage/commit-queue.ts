import { flush } from './durable-files.ts';

/** Changes names in folders, and adds the folders and files which must be flushed to `touched`. */
export type Change<T> = (touched: Set<string>) => T;

interface Waiting {
  run(touched: Set<string>): () => void;
  fail(error: unknown): void;
}

/**
 * Makes changes of folders one after the other (a removal must not take a folder from an addition)
 * and durable in groups: all changes which came while the disk was busy share one flush a folder.
 */
export class CommitQueue {
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** @returns the change's result, once it survives a power failure. */
  run<T>(change: Change<T>): Promise<T> {
    const done = new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        run: touched => {
          const result = change(touched);
          return () => resolve(result);
        },
        fail: reject,
      });
    });
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
    return done;
  }

  /** Waits until all that was begun is done, well or not. */
  async settle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await commit(group);
    }
  }
}

async function commit(group: readonly Waiting[]): Promise<void> {
  const touched = new Set<string>();
  const changed: { waiting: Waiting; succeed: () => void }[] = [];
  for (const waiting of group) {
    try {
      changed.push({ waiting, succeed: waiting.run(touched) });
    } catch (error) {
      waiting.fail(error);
    }
  }
  try {
    await Promise.all([...touched].map(flushIfThere));
    for (const { succeed } of changed) succeed();
  } catch (error) {
    for (const { waiting } of changed) waiting.fail(error);
  }
}

/** What a later change of the group removed needs no flush: its folder gets one. */
async function flushIfThere(folder: string): Promise<void> {
  try {
    await flush(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
