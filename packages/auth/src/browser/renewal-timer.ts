import type { Clock } from '@ohif-azure/core';
import type { BrowserEnvironment } from './environment.ts';
import { CLOSEST_RETRY_MS, renewalDueAt, warningDueAt } from './renewal-schedule.ts';
import type { SessionRecord } from './session-record.ts';

/** What {@link RenewalTimer} works on. */
export interface RenewalTimerOptions {
  readonly environment: Pick<BrowserEnvironment, 'schedule' | 'onWake'>;
  readonly clock: Clock;
  readonly record: () => SessionRecord | undefined;
  readonly renew: () => void;
  /** Tells what may have changed with time. */
  readonly publish: () => void;
}

/** Timers drift, and stop while the machine sleeps: they are set anew at least so often. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 250;

/** When what is told of a session changes by itself: the access token ends, the session will soon. */
function momentsToTell({ expiresAt, endsAt, signedInAt }: SessionRecord): number[] {
  return [expiresAt, endsAt && warningDueAt(signedInAt, endsAt)].filter(at => at !== undefined);
}

/** Renews the session's record when it is due, and says when it has expired. */
export class RenewalTimer {
  readonly #options: RenewalTimerOptions;
  readonly #stopWaking: () => void;
  #cancel = (): void => undefined;
  #isRenewing = false;
  #isDisposed = false;
  #triedAt: number | undefined;
  #retryAt: number | undefined;

  constructor(options: RenewalTimerOptions) {
    this.#options = options;
    this.#stopWaking = options.environment.onWake(() => this.#wake());
  }

  /** Time has passed: does what is due and waits for the next. */
  run(): void {
    this.#cancel();
    if (this.#isDisposed) return;
    const { clock, environment, publish, record: current, renew } = this.#options;
    publish();
    const record = current();
    if (!record) return;
    const now = clock.now();
    const moments = momentsToTell(record);
    if (record.expiresAt !== undefined && record.refreshToken && !this.#isRenewing) {
      const dueAt = this.#retryAt ?? renewalDueAt(record.issuedAt, record.expiresAt);
      if (now >= dueAt) {
        this.#isRenewing = true; // until renewalEnded()
        renew();
        return;
      }
      moments.push(dueAt);
    }
    const waits = moments.filter(moment => moment > now).map(moment => moment - now);
    if (waits.length === 0) return;
    const wait = Math.min(Math.max(Math.min(...waits), SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
    this.#cancel = environment.schedule(() => this.run(), wait);
  }

  /** Another record: what failed before counts no more. */
  recordChanged(): void {
    this.#retryAt = undefined;
    this.run();
  }

  #wake(): void {
    if (this.#retryAt !== undefined && this.#triedAt !== undefined) {
      this.#retryAt = Math.min(this.#retryAt, this.#triedAt + CLOSEST_RETRY_MS);
    }
    this.run();
  }

  renewalStarted(): void {
    this.#isRenewing = true;
    this.#triedAt = this.#options.clock.now();
    this.run(); // the end of the access token is still to be told
  }

  /** @param retryAfterMs - after a failure: when to try again. */
  renewalEnded(retryAfterMs?: number): void {
    this.#isRenewing = false;
    this.#retryAt =
      retryAfterMs === undefined ? undefined : this.#options.clock.now() + retryAfterMs;
    this.run();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#cancel();
    this.#stopWaking();
  }
}
