import type { Clock } from '@ohif-azure/core';

/** How long `100 Continue` is waited for, in milliseconds; then the body is sent all the same (RFC 9110 10.1.1). */
export const CONTINUE_WAIT_MS = 500;
/** A server that has not said it is not asked again for so long, in milliseconds. */
const FORGET_MS = 3_600_000;

/**
 * Whether a server is worth to be asked for `100 Continue`. It lets it refuse a request (401, 429, 503) before the first byte of the body, which can be sent
 * only once.
 */
export class ExpectContinue {
  readonly #clock: Clock;
  #missedAt?: number;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWorthwhile(): boolean {
    return this.#missedAt === undefined || this.#clock.now() - this.#missedAt > FORGET_MS;
  }

  /** It did not come in time, or was refused (417). */
  missed(): void {
    this.#missedAt = this.#clock.now();
  }
}
