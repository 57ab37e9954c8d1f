import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Exchange } from './store.ts';

/** One request of a caller, and whether the caller is still there. */
export class CallerExchange implements Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly #listeners = new Set<() => void>();
  #isGone = false;
  #controller?: AbortController;

  constructor(request: IncomingMessage, response: ServerResponse, path: string) {
    this.request = request;
    this.response = response;
    this.path = path;
    response.once('close', () => {
      if (!response.writableFinished) this.#leave();
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Made when it is asked for: most Stores never need one, and it costs more than their headers. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isGone) this.#controller.abort();
    return this.#controller.signal;
  }

  onGone(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #leave(): void {
    this.#isGone = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
    this.#controller?.abort();
  }
}
