import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the peer does with a request. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Cuts the line instead. */
  destroy?: boolean;
  /** Cuts the line behind the body. */
  cut?: boolean;
  /** Leaves the request without an answer. */
  silent?: boolean;
}

/** A request as the peer saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Parameters of the body's form. */
  readonly form: Record<string, string>;
}

export const issued = (value: string, expiresIn: unknown = 3600, more: object = {}): Answer => ({
  body: JSON.stringify({
    access_token: value,
    token_type: 'Bearer',
    expires_in: expiresIn,
    ...more,
  }),
});

export const refused = (error: string, description?: string, status = 400): Answer => ({
  status,
  body: JSON.stringify({ error, error_description: description }),
});

/** A peer that gives the answers of a list, the last one for ever. */
export class ScriptedEndpoint {
  readonly requests: SeenRequest[] = [];
  answers: Answer[] = [issued('one')];
  #server: Server;
  #seen: (() => void)[] = [];
  #hungUp: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.on('connection', socket =>
      socket.once('close', () => this.#hungUp.splice(0).forEach(tell => tell()))
    );
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.requests.push({
      method: request.method ?? '',
      url: new URL(request.url ?? '', this.origin),
      headers: request.headers,
      body,
      form: Object.fromEntries(new URLSearchParams(body)),
    });
    const answer = (this.answers.length > 1 ? this.answers.shift() : this.answers[0]) ?? {};
    this.#seen.splice(0).forEach(tell => tell());
    if (answer.silent) return;
    if (answer.destroy) {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status ?? 200, {
      'Content-Type': 'application/json',
      ...answer.headers,
    });
    if (answer.cut) response.write(answer.body, () => request.socket.destroy());
    else response.end(answer.body);
  }

  async start(): Promise<this> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** The next request has arrived. */
  async nextRequest(): Promise<void> {
    await new Promise<void>(resolve => this.#seen.push(resolve));
  }

  /** The other side has closed a connection. */
  async hangUp(): Promise<void> {
    await new Promise<void>(resolve => this.#hungUp.push(resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `${this.origin}/t/oauth2/v2.0/token`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(resolve => this.#server.close(resolve));
  }
}
