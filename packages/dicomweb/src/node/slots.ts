/** So many at once: fewer while the service is overloaded, and slowly more again. */
export class Slots {
  readonly #most: number;
  #limit: number;
  #inUse = 0;
  #successes = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  get inUse(): number {
    return this.#inUse;
  }

  /** How many may be at once at present. */
  get limit(): number {
    return this.#limit;
  }

  /** Does it when there is a slot. */
  async use<T>(work: () => Promise<T>): Promise<T> {
    while (this.#inUse >= this.#limit) {
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
    this.#inUse += 1;
    try {
      return await work();
    } finally {
      this.#inUse -= 1;
      this.#wake();
    }
  }

  /** The service is overloaded: half as many. */
  fewer(): void {
    this.#successes = 0;
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
  }

  /** One more after as many successes as there are slots. */
  succeeded(): void {
    this.#successes += 1;
    if (this.#limit >= this.#most || this.#successes < this.#limit) return;
    this.#successes = 0;
    this.#limit += 1;
    this.#wake();
  }

  #wake(): void {
    // Those who find no slot wait again.
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
