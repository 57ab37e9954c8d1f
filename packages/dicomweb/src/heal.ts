import { backOffMs, ProjectError, sleep, type BackOffBounds, type Clock } from '@ohif-azure/core';
import { RetrieveError } from './errors.ts';

/** How long, and how, something that fails is tried again. */
export interface HealingPolicy {
  readonly clock: Clock;
  /** 0 to below 1, for the jitter. */
  readonly random: () => number;
  /** From the first failure on, in milliseconds. */
  readonly healMs: number;
}

const BACK_OFF: BackOffBounds = { minDelayMs: 100, baseDelayMs: 400, maxDelayMs: 2_000 };

/** What may be over in a moment: a lost line, a busy service, a cut answer, a token that is being renewed. */
export function isHealable(error: unknown): boolean {
  if (!(error instanceof ProjectError)) return false;
  return error.retry === 'transient' || error.code === 'ERR_RETRIEVE_UNAUTHORIZED';
}

/**
 * The wait before something that failed is tried once more: the server's Retry-After, or back-off; undefined when it is not worth it any more.
 * @param firstFailureMs - when it failed first, in milliseconds since 1970.
 */
export function healingWaitMs(
  { clock, random, healMs }: HealingPolicy,
  error: unknown,
  repetition: number,
  firstFailureMs: number
): number | undefined {
  if (!isHealable(error)) return undefined;
  const retryAfterMs = error instanceof RetrieveError ? error.retryAfterMs : undefined;
  const waitMs = retryAfterMs ?? backOffMs(BACK_OFF, repetition, random);
  return clock.now() + waitMs - firstFailureMs > healMs ? undefined : waitMs;
}

/**
 * Does something that reads, and does it again while it fails for reasons that may pass, for `healMs`.
 * @throws what the last attempt threw; the signal's reason.
 */
export async function heal<Result>(
  attempt: () => Promise<Result>,
  policy: HealingPolicy,
  signal?: AbortSignal
): Promise<Result> {
  let firstFailureMs: number | undefined;
  for (let repetition = 0; ; repetition += 1) {
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      firstFailureMs ??= policy.clock.now();
      const waitMs = healingWaitMs(policy, error, repetition, firstFailureMs);
      if (waitMs === undefined) throw error;
      await sleep(policy.clock, waitMs, signal);
    }
  }
}
