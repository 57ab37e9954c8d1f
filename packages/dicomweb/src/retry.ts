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

/** No server's wish is believed beyond a day. */
const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * Reads `Retry-After`: seconds, or a date.
 * @param value - the field's value, or null when it is absent.
 * @param nowMs - milliseconds since 1970.
 * @returns milliseconds to wait, 0 to one day; undefined when absent or unreadable.
 * @see RFC 9110 10.2.3
 */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  const text = value?.trim() ?? '';
  let ms = Number.NaN;
  if (/^\d+$/.test(text)) ms = Number(text) * 1000;
  // `Date.parse` alone takes almost anything for a date, `-5` too.
  else if (/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text)) ms = Date.parse(text) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}

/**
 * Exponential back-off with full jitter: a random part of a ceiling which doubles with each attempt, so that many clients which were
 * refused together do not come back together.
 * @param attempt - 0 for the first repetition.
 * @param random - 0 to below 1.
 */
export function backOffMs(policy: RetryPolicy, attempt: number, random: () => number): number {
  return Math.round(
    random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(attempt, 30))
  );
}

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
