import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the peer does with one request. */
export type Step =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string | Uint8Array;
    }
  /** Drops the line: at the request's head, after so many bytes of its body, or after all of it. */
  | { readonly drop: 'before' | 'after' | { readonly afterBytes: number } }
  /** Answers, but drops the line in the middle of the answer's body. */
  | { readonly status: number; readonly cutBody: string }
  /** Never answers. */
  | { readonly hang: true }
  /** Answers, and stops in the middle of the answer's body; the line stays. */
  | { readonly status: number; readonly hangingBody: string };

/** A request as the peer saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A real HTTP server that follows a script. Closes itself with `await using`. */
export interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Requests that the script did not foresee; a test expects none. */
  readonly unexpected: string[];
  /** Appends steps for requests with this method, in order. The last one is not repeated. */
  script(method: string, ...steps: Step[]): void;
  /** Steps that were not used. */
  left(): number;
  close(): Promise<void>;
}

function answer(response: ServerResponse, step: Extract<Step, { status: number }>): void {
  if ('cutBody' in step) {
    response.writeHead(step.status, {
      'Content-Type': 'application/dicom+json',
      'Content-Length': String(Buffer.byteLength(step.cutBody) + 1000),
    });
    // Headers and half a body are on the line before it is dropped.
    response.write(step.cutBody, () => setImmediate(() => response.destroy()));
    return;
  }
  if ('hangingBody' in step) {
    response.writeHead(step.status, { 'Content-Type': 'application/dicom+json' });
    response.write(step.hangingBody);
    return;
  }
  response.writeHead(step.status, step.headers ?? {});
  response.end(step.body);
}

/** Starts a peer on a free port of 127.0.0.1. */
export async function startPeer(): Promise<Peer> {
  const scripts = new Map<string, Step[]>();
  const requests: SeenRequest[] = [];
  const unexpected: string[] = [];
  const server = createServer((request, response) => {
    const method = request.method ?? '';
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const step = scripts.get(method)?.shift();
    const chunks: Buffer[] = [];
    let length = 0;
    const note = (): void => {
      requests.push({ method, path, query, headers: request.headers, body: Buffer.concat(chunks) });
    };
    if (!step) unexpected.push(`${method} ${path}`);
    if (step && 'drop' in step && step.drop === 'before') {
      note();
      request.socket.destroy();
      return;
    }
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (
        step &&
        'drop' in step &&
        typeof step.drop === 'object' &&
        length >= step.drop.afterBytes
      ) {
        note();
        request.socket.destroy();
      }
    });
    request.on('end', () => {
      note();
      if (!step) response.writeHead(599).end();
      else if ('drop' in step) request.socket.destroy();
      else if (!('hang' in step)) answer(response, step);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    requests,
    unexpected,
    script(method, ...steps) {
      scripts.set(method, [...(scripts.get(method) ?? []), ...steps]);
    },
    left: () => [...scripts.values()].reduce((sum, steps) => sum + steps.length, 0),
    close,
    [Symbol.asyncDispose]: close,
  };
}
