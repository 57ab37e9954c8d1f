/** How often and for how long a token request is sent again after 429 and 5xx. */
export interface RetryPolicy {
  /** Repetitions of one request. Default: 5. */
  readonly maxRetries: number;
  /** From the first request to the last one, in milliseconds, waits and answers together. Default: 60 000. */
  readonly maxTotalMs: number;
  /** The floor of a wait without Retry-After, in milliseconds. Default: 0. */
  readonly minDelayMs: number;
  /** The ceiling of the first wait without Retry-After, in milliseconds; it doubles each time. Default: 500. */
  readonly baseDelayMs: number;
  /** The ceiling of any wait without Retry-After, in milliseconds. Default: 16 000. */
  readonly maxDelayMs: number;
}

/** A minute in all: somebody is waiting for a Store request. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  maxRetries: 5,
  maxTotalMs: 60_000,
  minDelayMs: 0,
  baseDelayMs: 500,
  maxDelayMs: 16_000,
};

/** No wish of a server is believed beyond this, in milliseconds: five minutes. */
export const MAX_RETRY_AFTER_MS = 300_000;

/**
 * Reads `Retry-After`: seconds, or a date.
 * @param value - the field's value, or null when it is absent.
 * @param nowMs - milliseconds since 1970.
 * @returns milliseconds to wait, 0 to {@link MAX_RETRY_AFTER_MS}; undefined when absent or unreadable.
 * @see RFC 9110 10.2.3
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  let ms = Number.NaN;
  if (/^\d+$/.test(text)) ms = Number(text) * 1000;
  // `Date.parse` alone takes almost anything for a date, `-5` too.
  else if (/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text)) ms = Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/**
 * Exponential back-off with full jitter: a random part of a ceiling which doubles with each failure, so that many clients which were
 * refused together do not come back together.
 * @param failures - in a row so far, 1 for the first.
 * @param random - 0 to below 1.
 * @returns milliseconds.
 */
export function backOffMs(policy: RetryPolicy, failures: number, random: () => number): number {
  const exponent = Math.min(Math.max(failures, 1) - 1, 30);
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** exponent);
  return Math.max(policy.minDelayMs, Math.round(random() * ceiling));
}
