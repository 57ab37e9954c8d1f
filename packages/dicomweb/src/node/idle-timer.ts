/** Ends what does not move: one timer for the phases of a request. */
export class IdleTimer {
  readonly #end: (what: string) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param end - told what took too long. */
  constructor(end: (what: string) => void) {
    this.#end = end;
  }

  /** Begins a phase of at most `ms`, in place of the one before. */
  start(ms: number, what: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(what), ms);
  }

  /** The phase begins anew. */
  moved(): void {
    this.#timer?.refresh();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
