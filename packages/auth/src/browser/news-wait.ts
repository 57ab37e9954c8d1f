import type { BrowserEnvironment } from './environment.ts';

/** How long a copy of this tab, which has just renewed, may take to hand over its result. */
const NEWS_WAIT_MS = 250;

/** Waits for news of a copy of this tab, which come by another way than the lock and may be late. */
export class NewsWait {
  readonly #schedule: BrowserEnvironment['schedule'];
  readonly #waiting = new Set<() => void>();

  constructor(schedule: BrowserEnvironment['schedule']) {
    this.#schedule = schedule;
  }

  /** Resolves at the next {@link arrived}, or after a moment. */
  async next(): Promise<void> {
    await new Promise<void>(resolve => {
      const done = (): void => {
        cancel();
        this.#waiting.delete(done);
        resolve();
      };
      const cancel = this.#schedule(done, NEWS_WAIT_MS);
      this.#waiting.add(done);
    });
  }

  arrived(): void {
    for (const done of [...this.#waiting]) done();
  }
}
