import type { Clock } from '@ohif-azure/core';
import { backOffMs, parseRetryAfter, sleep } from '@ohif-azure/core';

/** How often one request is sent at most. */
const MAX_ATTEMPTS = 4;
/** Without Retry-After: somebody is waiting, and a service that is down stays down. */
const BOUNDS = { minDelayMs: 250, baseDelayMs: 500, maxDelayMs: 1_000 };
const MAX_ATTEMPTS_UNASKED = 3;

/** How long the requests of one caller may wait in all to be sent again after 429 and 503. */
export class RetryBudget {
  readonly #clock: Clock;
  readonly #random: () => number;
  #leftMs: number;

  constructor(clock: Clock, seconds: number, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
    this.#leftMs = seconds * 1000;
  }

  /**
   * Waits before the next attempt. A wish of the service (Retry-After) that does not fit is not cut short: a request before its time is only refused
   * again.
   * @param attempt - attempts so far, 1 for the first.
   * @returns false: it is not worth it.
   * @throws the signal's reason.
   */
  async waits(
    attempt: number,
    retryAfter: string | undefined,
    signal: AbortSignal
  ): Promise<boolean> {
    const wished = parseRetryAfter(retryAfter ?? null, this.#clock.now());
    if (attempt >= (wished === undefined ? MAX_ATTEMPTS_UNASKED : MAX_ATTEMPTS)) return false;
    const ms = wished ?? backOffMs(BOUNDS, attempt - 1, this.#random);
    if (ms > this.#leftMs) return false;
    this.#leftMs -= ms;
    await sleep(this.#clock, ms, signal);
    return true;
  }
}
