import type { Clock } from '@ohif-azure/core';

/** A clock that never waits: it notes each wait and jumps over it. */
export interface FakeClock extends Required<Clock> {
  readonly waits: number[];
}

/** @param startMs - what the clock says at first, in milliseconds since 1970. */
export function fakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  const waits: number[] = [];
  let nowMs = startMs;
  return {
    waits,
    now: () => nowMs,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      waits.push(ms);
      nowMs += ms;
      return Promise.resolve();
    },
  };
}
