/** Requests over HTTP with node:http alone: every header is what the row says, and nothing is our client's. */
import { request as httpRequest } from 'node:http';

/** A request of a row. */
export interface Sent {
  method?: string;
  /** Path and query. */
  path: string;
  /** `undefined` leaves a header out; `accept` is the wildcard by default. */
  headers?: Record<string, string | string[] | undefined>;
  body?: Uint8Array | string;
}

/** An answer, read to its end. */
export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  body: Buffer;
  text: string;
  json<T = unknown>(): T;
}

/** Sends one request. @param origin - scheme, host and port. */
export function send(
  origin: string,
  { method = 'GET', path, headers, body }: Sent
): Promise<Answer> {
  const given = Object.entries({ accept: '*/*', ...headers }).filter(([, value]) => value);
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: Object.fromEntries(given) as Record<string, string | string[]>,
      agent: false as const,
    };
    const request = httpRequest(origin + path, options, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string | undefined>,
          body: bytes,
          text,
          json: <T>() => JSON.parse(text) as T,
        });
      });
    });
    request.on('error', reject);
    if (body !== undefined) request.setHeader('content-length', Buffer.byteLength(body));
    request.end(body);
  });
}

/** The body of a Store request. */
export function multipart(
  parts: readonly Uint8Array[],
  { boundary = 'row', type = 'application/dicom' as string | null } = {}
): Buffer {
  const head = type === null ? '\r\n' : `Content-Type: ${type}\r\n\r\n`;
  return Buffer.concat([
    ...parts.flatMap(part => [Buffer.from(`--${boundary}\r\n${head}`), part, Buffer.from('\r\n')]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}
