import type { FetchLike } from '@ohif-azure/core';
import type {
  BodySent,
  RequestBody,
  Transport,
  TransportRequest,
  TransportResponse,
} from './transport.ts';
import {
  bodyAsBlob,
  bodyLength,
  DEFAULT_IDLE_TIMEOUT_MS,
  piecesAsBlob,
  TransportError,
} from './transport.ts';

/** Codes of Node and undici for a connection that never came to be, so that no byte of the body was sent. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_.*|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*)$/;

/** The first code in the chain of causes. Depth is bounded: a chain may be a ring. */
function causeCode(error: unknown): string | undefined {
  let current = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    const { code, cause, errors } = current as {
      code?: unknown;
      cause?: unknown;
      errors?: unknown;
    };
    if (typeof code === 'string') return code;
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return undefined;
}

function bodySentAt(request: TransportRequest, error: unknown): BodySent {
  if (!request.body) return 'no';
  return NOT_CONNECTED.test(causeCode(error) ?? '') ? 'no' : 'unknown';
}

/** What of the caller's own makes no body is no failure of the line, and nothing was sent. */
async function bodyToSend(request: TransportRequest, body: RequestBody): Promise<Blob> {
  try {
    return await bodyAsBlob(body);
  } catch (cause) {
    throw new TransportError(request, 'no', { cause, sentBytes: 0 });
  }
}

/** Ends a request on which nothing comes any more. */
class IdleLimit {
  readonly #controller = new AbortController();
  readonly #idleTimeoutMs: number;

  constructor(idleTimeoutMs: number) {
    this.#idleTimeoutMs = idleTimeoutMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for what the other side is to send now. */
  async within<Result>(awaited: Promise<Result>): Promise<Result> {
    const timer = setTimeout(() => {
      const seconds = this.#idleTimeoutMs / 1000;
      this.#controller.abort(new DOMException(`Nothing came for ${seconds} s.`, 'TimeoutError'));
    }, this.#idleTimeoutMs);
    try {
      return await awaited;
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * Sends by the Fetch API. Fetch does not tell how much of a body was sent: a line lost without answer is `bodySent: 'unknown'`, but
 * for Node's codes that say that there was no connection. Progress is reported once, at the answer.
 *
 * Answers can be read as streams; a body that is a stream is collected in memory before it is sent (in Node: `nodeTransport`).
 *
 * Redirections of requests that change something are not followed: the answer is the redirection itself.
 * @param fetch - default: the global one.
 * @param idleTimeoutMs - the line counts as lost when an answer is waited for, or the next piece of it, for so long. An answer that nobody
 *   reads is not waited for; nor is the answer to a request with a body, which may still be on its way. Default {@link DEFAULT_IDLE_TIMEOUT_MS}.
 */
export function fetchTransport(
  fetch: FetchLike = (input, init) => globalThis.fetch(input, init),
  idleTimeoutMs: number = DEFAULT_IDLE_TIMEOUT_MS
): Transport {
  return {
    async send(request): Promise<TransportResponse> {
      const body = request.body && (await bodyToSend(request, request.body));
      const idle = new IdleLimit(idleTimeoutMs);
      let response: Response;
      try {
        const answer = fetch(request.url, {
          method: request.method,
          headers: { ...request.headers },
          body,
          redirect: request.method === 'GET' ? 'follow' : 'manual',
          signal: request.signal ? AbortSignal.any([request.signal, idle.signal]) : idle.signal,
        });
        response = await (body ? answer : idle.within(answer));
      } catch (cause) {
        const bodySent = bodySentAt(request, cause);
        const sentBytes = bodySent === 'no' ? 0 : undefined;
        throw new TransportError(request, bodySent, { cause, sentBytes });
      }
      // What a browser shows of a redirection that is not followed.
      if (response.type === 'opaqueredirect') throw new TransportError(request, 'yes');
      if (request.body) request.onUploadProgress?.(bodyLength(request.body));

      async function* stream(): AsyncGenerator<Uint8Array, void> {
        const reader = response.body?.getReader();
        if (!reader) return;
        let isAtEnd = false;
        try {
          for (;;) {
            const { done, value } = await idle.within(reader.read());
            isAtEnd = done;
            if (done) return;
            yield value;
          }
        } catch (cause) {
          throw new TransportError(request, 'yes', { cause, httpStatus: response.status });
        } finally {
          if (!isAtEnd) await reader.cancel().catch(() => undefined);
        }
      }
      return {
        status: response.status,
        headers: response.headers,
        async bytes() {
          const pieces: Uint8Array[] = [];
          for await (const piece of stream()) pieces.push(piece);
          return new Uint8Array(await piecesAsBlob(pieces).arrayBuffer());
        },
        stream,
      };
    },
  };
}
