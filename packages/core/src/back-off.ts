/** No server's wish is believed beyond a day, in milliseconds, unless the caller has a lower bound. */
export const MAX_RETRY_AFTER_MS = 86_400_000;

/** The bounds of a wait that no server named, in milliseconds. */
export interface BackOffBounds {
  /** The floor of each wait. Default: 0. */
  readonly minDelayMs?: number;
  /** The ceiling of the first wait; it doubles each time. */
  readonly baseDelayMs: number;
  /** The ceiling of any wait. */
  readonly maxDelayMs: number;
}

/**
 * Reads `Retry-After`: seconds, or a date.
 * @param value - the field's value, or null when it is absent.
 * @param nowMs - milliseconds since 1970.
 * @param maxMs - the most that is believed; default {@link MAX_RETRY_AFTER_MS}.
 * @returns milliseconds to wait, 0 to `maxMs`; undefined when absent or unreadable.
 * @see RFC 9110 10.2.3
 */
export function parseRetryAfter(
  value: string | null,
  nowMs: number,
  maxMs: number = MAX_RETRY_AFTER_MS
): number | undefined {
  const text = value?.trim() ?? '';
  let ms = Number.NaN;
  if (/^\d+$/.test(text)) ms = Number(text) * 1000;
  // `Date.parse` alone takes almost anything for a date, `-5` too.
  else if (/^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(text)) ms = Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxMs);
}

/**
 * Exponential back-off with full jitter: a random part of a ceiling which doubles with each repetition, so that many clients which were
 * refused together do not come back together.
 * @param repetition - 0 for the first one.
 * @param random - 0 to below 1.
 * @returns milliseconds.
 */
export function backOffMs(bounds: BackOffBounds, repetition: number, random: () => number): number {
  const { minDelayMs = 0, baseDelayMs, maxDelayMs } = bounds;
  const exponent = Math.min(Math.max(repetition, 0), 30);
  return Math.max(
    minDelayMs,
    Math.round(random() * Math.min(maxDelayMs, baseDelayMs * 2 ** exponent))
  );
}
