import http from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import https from 'node:https';
import type { BodySent, Transport, TransportRequest, TransportResponse } from '../transport.ts';
import { bodyLength, isStreamBody, TransportError } from '../transport.ts';
import { IdleTimer } from './idle-timer.ts';
import { RequestBodyWriter } from './request-body-writer.ts';

/** Options of {@link nodeTransport}. All times in milliseconds. */
export interface NodeTransportOptions {
  /** Connections to one origin at once. Default: 16. */
  readonly maxConnections?: number;
  /** To connect, TLS included. Default: 30 000. */
  readonly connectTimeoutMs?: number;
  /** Without a byte moving while the body is sent or the answer is read. Default: 120 000. */
  readonly idleTimeoutMs?: number;
  /** From the end of the body to the answer's status: the service stores meanwhile. Default: 600 000. */
  readonly answerTimeoutMs?: number;
  /** Agents of your own, for a proxy say. */
  readonly agents?: { readonly http?: http.Agent; readonly https?: http.Agent };
}

/** A transport by `node:http` and `node:https`: streams both ways with back-pressure, and keeps connections alive. */
export interface NodeTransport extends Transport {
  /** Closes all connections. */
  close(): void;
}

interface Timeouts {
  readonly connectTimeoutMs: number;
  readonly idleTimeoutMs: number;
  readonly answerTimeoutMs: number;
}

/** One request on its way. */
class NodeExchange {
  readonly #request: TransportRequest;
  readonly #timeouts: Timeouts;
  readonly #outgoing: ClientRequest;
  readonly #timer: IdleTimer;
  readonly #writer: RequestBodyWriter | undefined;
  #isConnected = false;
  #isAnswered = false;

  constructor(request: TransportRequest, agent: http.Agent, timeouts: Timeouts) {
    this.#request = request;
    this.#timeouts = timeouts;
    this.#timer = new IdleTimer(what => this.#outgoing.destroy(new Error(what)));
    const url = new URL(request.url);
    const { method, headers, body } = request;
    const length = body ? { 'Content-Length': String(bodyLength(body)) } : {};
    this.#outgoing = (url.protocol === 'https:' ? https : http).request(url, {
      method,
      headers: { ...headers, ...length },
      agent,
    });
    this.#writer =
      body &&
      new RequestBodyWriter(this.#outgoing, isStreamBody(body) ? body.open() : body, sentBytes => {
        this.#timer.moved();
        request.onUploadProgress?.(sentBytes);
      });
  }

  /** True when a kept connection turned out to be closed, so that the server has seen nothing of the request. */
  get isStale(): boolean {
    return this.#outgoing.reusedSocket && !this.#isAnswered;
  }

  send(): Promise<TransportResponse> {
    const { signal } = this.#request;
    const outgoing = this.#outgoing;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        outgoing.destroy(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const fail = (cause: unknown): void => {
        this.#timer.stop();
        signal?.removeEventListener('abort', abort);
        reject(this.#failure(signal?.aborted ? signal.reason : cause));
      };
      outgoing.on('socket', socket => {
        const connected = (): void => {
          this.#isConnected = true;
          this.#timer.start(this.#timeouts.idleTimeoutMs, 'nothing moved for too long');
          if (!this.#writer || this.#writer.isFinished) this.#awaitAnswer();
        };
        if (outgoing.reusedSocket || !socket.connecting) connected();
        else {
          this.#timer.start(this.#timeouts.connectTimeoutMs, 'no connection in time');
          socket.once('encrypted' in socket ? 'secureConnect' : 'connect', connected);
        }
      });
      outgoing.on('finish', () => {
        if (this.#isConnected) this.#awaitAnswer();
      });
      // Also errors after the answer come here: they are the answer's then.
      outgoing.on('error', error => {
        if (!this.#isAnswered) fail(error);
      });
      outgoing.on('response', incoming => {
        this.#isAnswered = true;
        // What is still to be sent nobody reads any more.
        this.#writer?.stop();
        this.#timer.stop();
        const done = (): void => signal?.removeEventListener('abort', abort);
        resolve(this.#response(incoming, done));
      });
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener('abort', abort, { once: true });
      if (this.#writer) this.#writer.run().catch(error => outgoing.destroy(error as Error));
      else outgoing.end();
    });
  }

  #awaitAnswer(): void {
    if (this.#isAnswered) return;
    this.#timer.start(this.#timeouts.answerTimeoutMs, 'no answer in time');
  }

  /** The body is surely not whole until its end was given to the socket; whole when the system has all of it. */
  #bodySent(): BodySent {
    const writer = this.#writer;
    if (!writer) return 'no';
    if (writer.isFinished) return 'yes';
    return writer.isEnded ? 'unknown' : 'no';
  }

  #failure(cause: unknown): TransportError {
    const bodySent = this.#bodySent();
    const sentBytes = this.#isConnected ? (this.#writer?.sentBytes ?? 0) : 0;
    const isNothing = !this.#isConnected;
    return new TransportError(this.#request, isNothing ? 'no' : bodySent, { cause, sentBytes });
  }

  #response(incoming: IncomingMessage, done: () => void): TransportResponse {
    const stream = (): AsyncIterable<Uint8Array> => this.#read(incoming, done);
    return {
      status: incoming.statusCode ?? 0,
      headers: {
        get(name) {
          const value = incoming.headers[name.toLowerCase()];
          return (Array.isArray(value) ? value.join(', ') : value) ?? null;
        },
      },
      stream,
      async bytes() {
        const pieces: Uint8Array[] = [];
        for await (const piece of stream()) pieces.push(piece);
        return new Uint8Array(Buffer.concat(pieces));
      },
    };
  }

  async *#read(incoming: IncomingMessage, done: () => void): AsyncGenerator<Uint8Array, void> {
    let isAtEnd = false;
    try {
      this.#timer.start(this.#timeouts.idleTimeoutMs, 'nothing moved for too long');
      for await (const piece of incoming as AsyncIterable<Uint8Array>) {
        // A consumer that takes its time is not the line's fault.
        this.#timer.stop();
        yield piece;
        this.#timer.start(this.#timeouts.idleTimeoutMs, 'nothing moved for too long');
      }
      isAtEnd = true;
    } catch (error) {
      const { signal } = this.#request;
      const cause = signal?.aborted ? (signal.reason as unknown) : error;
      const httpStatus = incoming.statusCode;
      throw new TransportError(this.#request, this.#writer ? 'yes' : 'no', { cause, httpStatus });
    } finally {
      this.#timer.stop();
      done();
      // The connection cannot be used again: the rest of the answer, or of the body, is still to come.
      if (!isAtEnd || (this.#writer && !this.#writer.isFinished)) this.#outgoing.destroy();
    }
  }
}

/** The other side had closed the connection. */
function isReset(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
  return code === 'ECONNRESET' || code === 'EPIPE';
}

/**
 * Makes a {@link NodeTransport}. Connections are made when they are needed; idle ones do not keep the process alive. Redirections are not
 * followed: the answer is the redirection itself. A GET whose kept connection turns out to be closed is sent again on a new one.
 */
export function nodeTransport(options: NodeTransportOptions = {}): NodeTransport {
  const { maxConnections = 16, agents = {} } = options;
  const timeouts: Timeouts = {
    connectTimeoutMs: options.connectTimeoutMs ?? 30_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 120_000,
    answerTimeoutMs: options.answerTimeoutMs ?? 600_000,
  };
  const settings = { keepAlive: true, maxSockets: maxConnections, maxFreeSockets: maxConnections };
  const own = { http: new http.Agent(settings), https: new https.Agent(settings) };
  return {
    async send(request) {
      if (request.signal?.aborted) {
        throw new TransportError(request, 'no', { cause: request.signal.reason, sentBytes: 0 });
      }
      const agent = request.url.startsWith('https:')
        ? (agents.https ?? own.https)
        : (agents.http ?? own.http);
      for (;;) {
        const exchange = new NodeExchange(request, agent, timeouts);
        try {
          return await exchange.send();
        } catch (error) {
          const mayRepeat = request.method === 'GET' && exchange.isStale && isReset(error);
          if (!mayRepeat || request.signal?.aborted) throw error;
        }
      }
    },
    close() {
      own.http.destroy();
      own.https.destroy();
    },
  };
}
