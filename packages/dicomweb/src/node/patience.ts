import { backOffMs, sleep } from '@ohif-azure/core';
import type { Clock } from '@ohif-azure/core';

/** What all requests wait for. */
export type WaitingFor = 'throttled' | 'unreachable';

/** A pause of all requests. */
export interface Pause {
  /** Milliseconds since 1970. */
  readonly untilMs: number;
  readonly why: WaitingFor;
}

const BOUNDS = { minDelayMs: 250, baseDelayMs: 1000, maxDelayMs: 30_000 };

/**
 * One weather for all requests of a run: where one meets a service that is overloaded or cannot be reached, all wait, longer each time, and
 * give up together when it has lasted too long.
 */
export class Patience {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #patienceMs: number;
  readonly #onChange: () => void;
  #badSinceMs: number | undefined;
  #lastFailureMs = Number.NEGATIVE_INFINITY;
  #lastSuccessMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #pause: Pause | undefined;

  constructor(
    clock: Clock,
    random: () => number,
    patienceMs: number,
    onChange: () => void = () => undefined
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#patienceMs = patienceMs;
    this.#onChange = onChange;
  }

  /** The pause that is on. */
  get pause(): Pause | undefined {
    return this.#pause && this.#pause.untilMs > this.#clock.now() ? this.#pause : undefined;
  }

  /** Whether a request succeeded since that moment. */
  hasSucceededSince(ms: number): boolean {
    return this.#lastSuccessMs >= ms;
  }

  /** Waits while there is a pause. @throws the signal's reason. */
  async pass(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    for (let pause = this.pause; pause; pause = this.pause) {
      await sleep(this.#clock, pause.untilMs - this.#clock.now(), signal);
    }
  }

  succeeded(): void {
    this.#badSinceMs = undefined;
    this.#failures = 0;
    this.#lastSuccessMs = this.#clock.now();
    if (!this.#pause) return;
    this.#pause = undefined;
    this.#onChange();
  }

  /** The service named the end of a pause itself. */
  pauseUntil(untilMs: number, why: WaitingFor): void {
    if (untilMs <= (this.#pause?.untilMs ?? 0)) return;
    this.#pause = { untilMs, why };
    this.#onChange();
  }

  /**
   * A request failed.
   * @param startedMs - when it was begun: those that were under way together count once.
   * @param retryAfterMs - what the service asked for.
   * @returns false: it has lasted too long, or would.
   */
  failed(why: WaitingFor, startedMs: number, retryAfterMs?: number): boolean {
    const now = this.#clock.now();
    const badSinceMs = (this.#badSinceMs ??= now);
    const isNews = startedMs >= this.#lastFailureMs || !this.pause;
    if (isNews) this.#failures += 1;
    this.#lastFailureMs = now;
    const wait = retryAfterMs ?? backOffMs(BOUNDS, this.#failures - 1, this.#random);
    if (now + wait - badSinceMs > this.#patienceMs) return false;
    if (isNews || retryAfterMs !== undefined) this.pauseUntil(now + wait, why);
    return true;
  }
}
