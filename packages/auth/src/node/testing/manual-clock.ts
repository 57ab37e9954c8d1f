import type { Clock } from '@ohif-azure/core';

/** A clock on which waiting takes no time: it notes how long, and moves on. */
export class ManualClock implements Clock {
  time: number;
  /** The waits so far, in milliseconds. */
  readonly waits: number[] = [];
  /** Called at the begin of a wait; what it returns has to be done before the wait is over. */
  onWait: () => void | Promise<void> = () => undefined;

  constructor(time = Date.UTC(2026, 0, 1)) {
    this.time = time;
  }

  now(): number {
    return this.time;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.waits.push(ms);
    await this.onWait();
    signal?.throwIfAborted();
    this.time += ms;
  }
}

/** Waits that only an aborted signal ends. */
export function stoppedClock(time: number): { clock: Clock; waiting: Promise<void> } {
  let tell = (): void => undefined;
  const waiting = new Promise<void>(resolve => (tell = resolve));
  const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      tell();
    });
  return { clock: { now: () => time, sleep }, waiting };
}
