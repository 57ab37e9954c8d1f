import type { Clock } from '@ohif-azure/core';

/** A clock that stands still until it is moved. */
export interface ManualClock extends Required<Clock> {
  /** Moves on, and ends the waits that are over by then. */
  advance(ms: number): void;
  /** Fulfilled as soon as so many wait. */
  waiting(count?: number): Promise<void>;
}

/** @param startMs - what the clock says at first, in milliseconds since 1970. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const waits = new Map<() => void, number>();
  let watchers: { count: number; tell: () => void }[] = [];
  const check = (): void => {
    watchers = watchers.filter(({ count, tell }) => {
      if (waits.size >= count) tell();
      return waits.size < count;
    });
  };
  return {
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const end = (): void => resolve();
        waits.set(end, nowMs + ms);
        signal?.addEventListener('abort', () => {
          waits.delete(end);
          reject(signal.reason as Error);
        });
        check();
      }),
    advance(ms) {
      nowMs += ms;
      for (const [end, untilMs] of [...waits]) {
        if (untilMs > nowMs) continue;
        waits.delete(end);
        end();
      }
    },
    waiting: (count = 1) =>
      new Promise(tell => {
        watchers.push({ count, tell });
        check();
      }),
  };
}
