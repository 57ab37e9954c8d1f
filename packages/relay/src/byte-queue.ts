import type { IncomingMessage } from 'node:http';

/** The caller's line broke before the end of its body. */
export class BodyCutError extends Error {}

/** So many bytes may wait to be taken before no more is read from the caller. */
const MAX_WAITING_BYTES = 262_144;

/**
 * The body of a request, chunk by chunk, with back-pressure: what is not taken is not read from the line.
 *
 * Not `for await (... of request)`: that destroys the request when the loop is left, and then the caller cannot be answered any more.
 */
export class ByteQueue {
  readonly #request: IncomingMessage;
  readonly #chunks: Buffer[] = [];
  #waitingBytes = 0;
  #isEnded = false;
  #error?: Error;
  #wake?: () => void;
  #bytes = 0;

  /** Begins to read. An error of the request has to be listened to elsewhere as well. */
  constructor(request: IncomingMessage) {
    this.#request = request;
    const wake = (): void => this.#wake?.();
    request.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#isEnded) return;
      this.#chunks.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > MAX_WAITING_BYTES) request.pause();
      wake();
    });
    request.once('end', () => {
      this.#isEnded = true;
      wake();
    });
    const fail = (): void => {
      this.#error ??= new BodyCutError('The body was cut.');
      wake();
    };
    request.once('error', fail);
    request.once('close', () => {
      if (!request.complete) fail();
      wake();
    });
    if (request.destroyed && !request.complete) fail();
  }

  /** Bytes read from the caller so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The next bytes; undefined at the end of a complete body, or when nobody wants more.
   * @param isEnough - nobody wants more; it is asked again after {@link wake}.
   * @throws {BodyCutError}
   */
  async next(isEnough: () => boolean): Promise<Buffer | undefined> {
    for (;;) {
      if (isEnough()) return undefined;
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#waitingBytes -= chunk.length;
        if (this.#waitingBytes === 0 && this.#request.isPaused()) this.#request.resume();
        return chunk;
      }
      if (this.#error) throw this.#error;
      if (this.#isEnded) return undefined;
      await new Promise<void>(resolve => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }

  /** Somebody may not want more: who waits for bytes asks. */
  wake(): void {
    this.#wake?.();
  }

  /** From now on what comes is read and thrown away. */
  discard(): void {
    this.#chunks.length = 0;
    this.#waitingBytes = 0;
    this.#isEnded = true;
    this.#request.resume();
  }
}
