/** Time as a parameter, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Waits. Absent: real time passes.
   * @param ms - milliseconds.
   * @param signal - ends the wait: the promise is then rejected with the signal's reason.
   */
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The longest wait a timer of the platform can hold (2^31 - 1 ms, about 24.8 days); a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647;

function systemSleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      },
      Math.min(Math.max(ms, 0), MAX_TIMER_MS)
    );
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** The machine's clock. */
export const systemClock: Clock & Required<Pick<Clock, 'sleep'>> = {
  now: () => Date.now(),
  sleep: systemSleep,
};

/**
 * Waits by `clock`, or in real time where the clock has no `sleep`.
 * @param ms - milliseconds.
 * @throws the signal's reason when `signal` is aborted first.
 */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return clock.sleep ? clock.sleep(ms, signal) : systemSleep(ms, signal);
}
