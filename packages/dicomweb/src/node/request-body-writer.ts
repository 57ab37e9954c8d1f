import type { ClientRequest } from 'node:http';

/** Writes a body to a request, no faster than the line takes it. */
export class RequestBodyWriter {
  readonly #outgoing: ClientRequest;
  readonly #pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly #onSent: (sentBytes: number) => void;
  #isStopped = false;
  #isEnded = false;
  #isFinished = false;
  #sentBytes = 0;

  constructor(
    outgoing: ClientRequest,
    pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    onSent: (sentBytes: number) => void
  ) {
    this.#outgoing = outgoing;
    this.#pieces = pieces;
    this.#onSent = onSent;
    outgoing.once('finish', () => (this.#isFinished = true));
  }

  /** Bytes given to the socket so far. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** All of the body was given to the socket. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The system has taken all of it. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Writes no more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** @throws what reading the pieces throws; a lost line is the request's own `error`. */
  async run(): Promise<void> {
    for await (const piece of this.#pieces) {
      if (this.#isStopped || this.#outgoing.destroyed) return;
      this.#sentBytes += piece.byteLength;
      const isRoom = this.#outgoing.write(piece);
      if (!isRoom) await this.#drained();
      this.#onSent(this.#sentBytes);
    }
    if (this.#isStopped || this.#outgoing.destroyed) return;
    this.#isEnded = true;
    this.#outgoing.end();
  }

  /** Until there is room again, or nobody takes anything any more. */
  #drained(): Promise<void> {
    const outgoing = this.#outgoing;
    return new Promise(resolve => {
      const done = (): void => {
        for (const event of ['drain', 'close', 'error', 'response']) outgoing.off(event, done);
        resolve();
      };
      for (const event of ['drain', 'close', 'error', 'response']) outgoing.once(event, done);
    });
  }
}
