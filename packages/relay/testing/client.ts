import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';

/** An answer as the caller sees it. */
export interface Seen {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

const agent = new Agent({ keepAlive: false });

/** Opens a request to the relay. `target` goes out as it is, not made canonical. */
export function open(base: string, target: string, options: CallOptions = {}): ClientRequest {
  const { method = 'GET', headers } = options;
  return request(base, { method, path: target, headers, agent });
}

/** The complete answer. */
export function seen(outgoing: ClientRequest): Promise<Seen> {
  return new Promise((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', answer => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.on('error', reject);
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
      });
    });
  });
}

/** One request with a body in memory. */
export function call(base: string, target: string, options: CallOptions = {}): Promise<Seen> {
  const outgoing = open(base, target, options);
  const answer = seen(outgoing);
  outgoing.end(options.body);
  return answer;
}

/** Sends bytes as they are and gives all that comes back until the line closes. */
export function raw(base: string, text: string): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text, 'latin1'));
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}
