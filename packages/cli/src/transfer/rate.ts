/** Over how long a rate is measured, in milliseconds: long enough for large requests, short enough to follow the line. */
const WINDOW_MS = 15_000;
/** Samples closer together than this are one, in milliseconds. */
const SAMPLE_MS = 250;

/** Measures how fast a count grows. */
export class Rate {
  readonly #samples: { at: number; value: number }[] = [];

  /** @param at - milliseconds. */
  add(value: number, at: number): void {
    const last = this.#samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) return;
    this.#samples.push({ at, value });
    while (this.#samples.length > 2 && at - (this.#samples[0]?.at ?? at) > WINDOW_MS)
      this.#samples.shift();
  }

  /** Of the last seconds, per second; undefined: nothing is known yet. */
  perSecond(): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.at - first.at < SAMPLE_MS) return undefined;
    return ((last.value - first.value) * 1000) / (last.at - first.at);
  }
}
