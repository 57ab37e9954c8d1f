import {
  backOffMs as coreBackOffMs,
  parseRetryAfter as coreParseRetryAfter,
} from '@ohif-azure/core';

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

/** As `parseRetryAfter` of core, with {@link MAX_RETRY_AFTER_MS} as the most that is believed. */
export function parseRetryAfter(value: string | null, nowMs: number): number | undefined {
  return coreParseRetryAfter(value, nowMs, MAX_RETRY_AFTER_MS);
}

/**
 * As `backOffMs` of core, by the failures in a row.
 * @param failures - 1 for the first.
 */
export function backOffMs(policy: RetryPolicy, failures: number, random: () => number): number {
  return coreBackOffMs(policy, failures - 1, random);
}
