import type { Clock } from '@ohif-azure/core';
import { hasCode, sleep, systemClock } from '@ohif-azure/core';
import type {
  AccessTokenSource,
  IssuedAccessToken,
  TokenSourceOptions,
} from './access-token-source.ts';
import { backOffMs, DEFAULT_RETRY_POLICY } from './back-off.ts';
import { TokenAnswerError } from './token-answer.ts';
import { untilAborted } from './until-aborted.ts';

/** Renewed so long before its end, in milliseconds, so that a long Store request does not outlive it. */
export const RENEW_AHEAD_MS = 300_000;
/** Of a shorter life this part is used before it is renewed. */
export const RENEW_AT_PART_OF_LIFE = 0.8;
/** Taken for the life of an access token that does not say. */
export const DEFAULT_LIFE_MS = 300_000;

interface Held {
  readonly value: string;
  readonly renewAt: number;
  readonly endsAt: number;
}

/** The last failure of a kind that passes, and how long to leave the provider alone after it. */
interface Failure {
  readonly error: unknown;
  readonly at: number;
  readonly waitMs: number;
}

/** A renewal under way, for all who wait for it. */
interface Renewal {
  /** The outcome of the first request. */
  readonly firstTry: Promise<string>;
  /** The outcome in the end, after repetitions. */
  readonly value: Promise<string>;
  readonly controller: AbortController;
  waiting: number;
  /** Somebody who waits has nothing else: only then it is worth to repeat. */
  isUrgent: boolean;
}

function hold({ value, lifeMs = DEFAULT_LIFE_MS }: IssuedAccessToken, receivedAt: number): Held {
  const useMs = Math.max(lifeMs * RENEW_AT_PART_OF_LIFE, lifeMs - RENEW_AHEAD_MS);
  return { value, renewAt: receivedAt + useMs, endsAt: receivedAt + lifeMs };
}

/**
 * Keeps an access token, and renews it ahead of its end: {@link RENEW_AHEAD_MS} before, or after {@link RENEW_AT_PART_OF_LIFE} of a
 * shorter life. One request at a time serves all who ask, and ends when none of them waits any more.
 *
 * After 429 and 5xx it is sent again, with back-off and full jitter or when `Retry-After` says, as long as the policy permits. While
 * something valid is at hand nobody waits for that: it is given out, and the provider is left alone for the same time.
 * @param issue - asks the provider for a new one, once; a {@link TokenAnswerError} with `isThrottled` is repeated.
 */
export function cachedAccessTokenSource(
  issue: (signal: AbortSignal) => Promise<IssuedAccessToken>,
  clock: Clock = systemClock,
  options: Pick<TokenSourceOptions, 'random' | 'retry'> = {}
): AccessTokenSource {
  const random = options.random ?? Math.random;
  const policy = { ...DEFAULT_RETRY_POLICY, ...options.retry };
  let held: Held | undefined;
  let failure: Failure | undefined;
  let failures = 0;
  let current: Renewal | undefined;

  const leftToWait = (): number => {
    if (!failure) return 0;
    const passed = clock.now() - failure.at;
    return passed < 0 ? 0 : Math.max(0, failure.waitMs - passed); // below 0: the clock was set back
  };

  const askOnce = async (signal: AbortSignal): Promise<string> => {
    // The life counts from before the request: it may have been issued any time since.
    const askedAt = clock.now();
    try {
      const issued = await issue(signal);
      held = hold(issued, askedAt);
    } catch (error) {
      signal.throwIfAborted();
      if (hasCode(error, 'ERR_AUTH_PROVIDER_UNREACHABLE')) {
        const wished = error instanceof TokenAnswerError ? error.retryAfterMs : undefined;
        failures += 1;
        const waitMs = wished ?? backOffMs(policy, failures, random);
        failure = { error, at: clock.now(), waitMs };
      }
      throw error;
    }
    failure = undefined;
    failures = 0;
    return held.value;
  };

  const mayRepeat = (renewal: Renewal, tries: number, startedAt: number): boolean =>
    renewal.isUrgent &&
    tries <= policy.maxRetries &&
    clock.now() - startedAt + leftToWait() <= policy.maxTotalMs;

  const run = async (renewal: Renewal, afterFirst: (error: unknown) => void): Promise<string> => {
    const { signal } = renewal.controller;
    const startedAt = clock.now();
    for (let tries = 0; ; tries += 1) {
      const waitMs = leftToWait();
      if (failure && (tries > 0 || waitMs > 0)) {
        if (!mayRepeat(renewal, tries, startedAt)) throw failure.error;
        await sleep(clock, waitMs, signal);
      }
      try {
        return await askOnce(signal);
      } catch (error) {
        afterFirst(error);
        if (!(error instanceof TokenAnswerError) || !error.isThrottled) throw error;
      }
    }
  };

  const begin = (): Renewal => {
    let settle: (value: string) => void = () => undefined;
    let fail: (error: unknown) => void = () => undefined;
    const firstTry = new Promise<string>((resolve, reject) => {
      settle = resolve;
      fail = reject;
    });
    // Begins in a later turn, so that whoever asks first has said whether it is urgent.
    const value = Promise.resolve().then(() => run(renewal, fail));
    const renewal: Renewal = {
      firstTry,
      value,
      controller: new AbortController(),
      waiting: 0,
      isUrgent: false,
    };
    const end = (): void => {
      if (current === renewal) current = undefined;
    };
    value.then(settle, fail).finally(end);
    firstTry.catch(() => undefined);
    return renewal;
  };

  const join = async (isCalm: boolean, signal?: AbortSignal): Promise<string> => {
    const renewal = (current ??= begin());
    renewal.waiting += 1;
    renewal.isUrgent ||= !isCalm;
    try {
      return await untilAborted(isCalm ? renewal.firstTry : renewal.value, signal);
    } finally {
      renewal.waiting -= 1;
      if (renewal.waiting === 0) {
        if (current === renewal) current = undefined;
        renewal.controller.abort();
      }
    }
  };

  return {
    accessToken: async ({ renew = false, signal } = {}) => {
      signal?.throwIfAborted();
      if (held && !renew && clock.now() < held.renewAt) return held.value;
      const isCalm = held !== undefined && !renew && clock.now() < held.endsAt;
      try {
        return await join(isCalm, signal);
      } catch (error) {
        const isTransient = hasCode(error, 'ERR_AUTH_PROVIDER_UNREACHABLE');
        if (isTransient && isCalm && held && clock.now() < held.endsAt) return held.value;
        throw error;
      }
    },
  };
}
