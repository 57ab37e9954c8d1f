import { backOffMs } from '@ohif-azure/core';

/** How long and how often throttled requests are sent again. */
export interface RetryPolicy {
  /** All waits of one request together, in milliseconds; default {@link DEFAULT_RETRY_POLICY}. */
  readonly maxWaitMs: number;
  /** Repetitions of one request. */
  readonly maxRetries: number;
  /** The ceiling of the first wait without Retry-After, in milliseconds; it doubles each time. */
  readonly baseDelayMs: number;
  /** The ceiling of any wait without Retry-After, in milliseconds. */
  readonly maxDelayMs: number;
}

/** At most a minute in all: somebody is waiting. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxWaitMs: 60_000,
  maxRetries: 5,
  baseDelayMs: 500,
  maxDelayMs: 16_000,
};

/** Whether a status says "later". 429: RFC 6585 4; 503: RFC 9110 15.6.4. */
export function isThrottled(status: number): boolean {
  return status === 429 || status === 503;
}

/**
 * The next wait, or undefined to give up: repetitions used up, or the wait does not fit into the time that is left. A wish of the
 * server that does not fit is not cut short, since a request before its time is only refused again.
 * @param waitedMs - waits so far.
 */
export function nextWaitMs(
  policy: RetryPolicy,
  attempt: number,
  waitedMs: number,
  retryAfterMs: number | undefined,
  random: () => number
): number | undefined {
  if (attempt >= policy.maxRetries) return undefined;
  const ms = retryAfterMs ?? backOffMs(policy, attempt, random);
  return waitedMs + ms <= policy.maxWaitMs ? ms : undefined;
}
