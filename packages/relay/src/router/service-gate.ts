import type { Clock } from '@ohif-azure/core';
import type { Reason } from '../ledger/index.ts';

/** The ceiling of the first pause, in milliseconds; it doubles with each failure. */
const BASE_PAUSE_MS = 1_000;
/** No server's wish is believed beyond this, in milliseconds: an hour. */
export const MAX_RETRY_AFTER_MS = 3_600_000;

/** Exponential pauses of which the upper half is random: relays that were refused together do not come back together. */
export function pauseMs(failures: number, maxMs: number, random: () => number): number {
  const ceiling = Math.min(maxMs, BASE_PAUSE_MS * 2 ** Math.min(failures, 30));
  return Math.round(ceiling / 2 + (random() * ceiling) / 2);
}

/** What is known of a DICOM service's health, for people. */
export interface GateStatus {
  readonly state: 'open' | 'paused' | 'probing';
  /** Failures in a row. */
  readonly failures: number;
  readonly lastSuccessAt?: number;
  /** When it failed for the first time since it last worked. */
  readonly failingSince?: number;
  readonly pausedUntil?: number;
  readonly reason?: Reason;
}

/**
 * Keeps the auto-router away from a service that is down, so that hours of outage cost a request every few minutes, and nothing in the ledger.
 * After a pause one worker tries; the others wait for what it meets.
 */
export class ServiceGate {
  readonly #clock: Clock;
  readonly #maxPauseMs: number;
  readonly #random: () => number;
  #failures = 0;
  #pausedUntil = 0;
  #failingSince: number | undefined;
  #lastSuccessAt: number | undefined;
  #isProbing = false;
  #reason: Reason | undefined;

  constructor(clock: Clock, maxPauseMs: number, random: () => number = Math.random) {
    this.#clock = clock;
    this.#maxPauseMs = maxPauseMs;
    this.#random = random;
  }

  /** Whether to go on; who is told yes says {@link succeeded}, {@link failed} or {@link left} afterwards. */
  enter(): boolean {
    if (this.#failures === 0) return true;
    if (this.#isProbing || this.#clock.now() < this.#pausedUntil) return false;
    this.#isProbing = true;
    return true;
  }

  /** Whether {@link enter} would say yes. */
  isOpen(): boolean {
    return this.#failures === 0 || (!this.#isProbing && this.#clock.now() >= this.#pausedUntil);
  }

  succeeded(): void {
    this.#failures = 0;
    this.#isProbing = false;
    this.#pausedUntil = 0;
    this.#failingSince = undefined;
    this.#reason = undefined;
    this.#lastSuccessAt = this.#clock.now();
  }

  /** Nothing was learnt of the service. */
  left(): void {
    this.#isProbing = false;
  }

  /** The service could not take anything. @param retryAfterMs - its wish. */
  failed(reason: Reason, retryAfterMs = 0): void {
    const now = this.#clock.now();
    const pause = pauseMs(this.#failures, this.#maxPauseMs, this.#random);
    const wanted = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    this.#failures += 1;
    this.#isProbing = false;
    this.#failingSince ??= now;
    this.#reason = reason;
    // Two workers may fail one after the other: the longer pause holds.
    this.#pausedUntil = Math.max(this.#pausedUntil, now + Math.max(pause, wanted));
  }

  /** Whether the service has taken anything since `at`: what it refuses now, it refuses for its own sake. */
  hasWorkedSince(at: number): boolean {
    return this.#lastSuccessAt !== undefined && this.#lastSuccessAt >= at;
  }

  status(): GateStatus {
    const failures = this.#failures;
    return {
      state: failures === 0 ? 'open' : this.#isProbing ? 'probing' : 'paused',
      failures,
      lastSuccessAt: this.#lastSuccessAt,
      failingSince: this.#failingSince,
      pausedUntil: failures === 0 ? undefined : this.#pausedUntil,
      reason: this.#reason,
    };
  }
}
