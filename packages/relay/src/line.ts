import type { ClientRequest, IncomingMessage, IncomingHttpHeaders } from 'node:http';
import { Refusal } from './refusal.ts';

/** A longer answer to a Store request is not read, in bytes. 4 GB of small instances give about a tenth of this. */
export const MAX_STORE_ANSWER_BYTES = 67_108_864;
/** So many bytes may wait in the relay for the service to take them. */
const MAX_UNSENT_BYTES = 524_288;

/** An answer of the service, complete. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const EMPTY: Buffer = Buffer.alloc(0);
const ANSWER_TOO_LONG = "The DICOM service's answer is too long; what was stored is not known.";

/** One request on its way to the service, with what has come back so far. */
export class Line {
  readonly outgoing: ClientRequest;
  #answer?: IncomingMessage;
  #error?: Error;
  #isContinued = false;
  readonly #waiting = new Set<() => void>();
  readonly #onOver: () => void;

  /** @param onOver - called when the answer begins, and when the line breaks. */
  constructor(outgoing: ClientRequest, onOver: () => void) {
    this.outgoing = outgoing;
    this.#onOver = onOver;
    outgoing.on('response', answer => {
      // Read at once, so that an error of the line is an error of the answer.
      this.#answer = answer;
      this.#wake();
      this.#onOver();
    });
    outgoing.on('continue', () => {
      this.#isContinued = true;
      this.#wake();
    });
    outgoing.on('drain', () => this.#wake());
    outgoing.on('error', error => this.#fail(error));
    // After every answer, too: an error that nobody reads would cost more than the answer.
    outgoing.on('close', () => {
      if (!this.isOver) this.#fail(new Error('The connection closed without an answer.'));
    });
  }

  /** The head of the answer is there. */
  get isAnswered(): boolean {
    return this.#answer !== undefined;
  }

  get isContinued(): boolean {
    return this.#isContinued;
  }

  /** Nothing more can be written. */
  get isOver(): boolean {
    return this.#answer !== undefined || this.#error !== undefined;
  }

  /** The connection was kept from an earlier request, and broke before any answer: the server had hung up on it. */
  get wasStale(): boolean {
    const { code } = (this.#error ?? {}) as NodeJS.ErrnoException;
    return this.outgoing.reusedSocket && !this.#answer && /^(ECONNRESET|EPIPE)$/.test(code ?? '');
  }

  /** @returns whether more may be written at once; otherwise wait for {@link drained}. */
  write(bytes: Buffer): boolean {
    if (this.isOver) return false;
    return this.outgoing.write(bytes) || this.outgoing.writableLength < MAX_UNSENT_BYTES;
  }

  /** Sends a body that is there as a whole; goes out in one write with the head. `onSent`: it has left. */
  sendWhole(pieces: readonly Buffer[], onSent: () => void): void {
    for (const bytes of pieces.slice(0, -1)) this.outgoing.write(bytes);
    this.outgoing.end(pieces.at(-1), onSent);
  }

  /** Resolves when more may be written, or nothing more can be. */
  async drained(): Promise<void> {
    await this.#until(() => this.outgoing.writableLength < MAX_UNSENT_BYTES);
  }

  /** Waits for `100 Continue`, an answer or an error. */
  async continued(timeoutMs: number): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, timeoutMs);
    await this.#until(() => isLate || this.#isContinued);
    clearTimeout(timer);
  }

  /**
   * The complete answer.
   * @throws the connection's error; {@link Refusal} for an answer that is too long.
   */
  async answer(): Promise<ServiceAnswer> {
    await this.#until(() => false);
    const answer = this.#answer;
    if (!answer) throw this.#error ?? new Error('The connection closed without an answer.');
    const body = await wholeBody(answer);
    return { status: answer.statusCode ?? 0, headers: answer.headers, body };
  }

  /** Cuts the line: half a body is never taken for a whole one. */
  cut(): void {
    this.outgoing.destroy();
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!this.isOver && !isDone()) {
      await new Promise<void>(resolve => this.#waiting.add(resolve));
    }
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#wake();
    this.#onOver();
  }

  #wake(): void {
    if (this.#waiting.size === 0) return;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** By events: an iterator would cost each small Store as much as its headers do. */
function wholeBody(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let isEnded = false;
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_STORE_ANSWER_BYTES) {
        answer.destroy(new Refusal(502, 'unreadable-answer', ANSWER_TOO_LONG));
      }
    });
    answer.once('end', () => {
      isEnded = true;
      const [only = EMPTY] = chunks;
      resolve(chunks.length < 2 ? only : Buffer.concat(chunks));
    });
    answer.once('error', reject);
    answer.once('close', () => {
      if (!isEnded) reject(new Error('The connection closed within the answer.'));
    });
    if (answer.destroyed) reject(answer.errored ?? new Error('The connection is closed.'));
  });
}
