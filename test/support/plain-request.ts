import { request as httpRequest } from 'node:http';
import type { Agent } from 'node:http';

export interface PlainRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: Uint8Array;
  agent?: Agent;
}

export interface PlainAnswer {
  status: number;
  body: Buffer;
  text: string;
}

/** One request with node:http, its answer read to the end. `Accept` is the wildcard unless given. */
export function request(url: string, sent: PlainRequest = {}): Promise<PlainAnswer> {
  const { method = 'GET', headers, body, agent } = sent;
  return new Promise((resolve, reject) => {
    const options = { method, headers: { accept: '*/*', ...headers }, agent };
    const outgoing = httpRequest(url, options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, body: bytes, text: bytes.toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    if (body) outgoing.setHeader('content-length', body.length);
    outgoing.end(body);
  });
}
