import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** How long the rest of a body is read and thrown away after an early answer, in milliseconds. */
export const LINGER_MS = 5_000;

/** Up to here a body is put behind its head, in bytes. */
const MAX_JOINED_BYTES = 16_384;

/** A complete answer, in memory. */
export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body: string | Uint8Array;
}

/** An answer in plain text, with a line break at the end. */
export function plainText(status: number, text: string, headers: OutgoingHttpHeaders = {}): Answer {
  return {
    status,
    headers: {
      ...headers,
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    },
    body: `${text}\n`,
  };
}

/** As a buffer; without a copy where it is in memory already. */
export function bytesOf(body: string | Uint8Array): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}

/**
 * Answers, also while the caller is still sending its body. Closing the line at once would reset it, and the caller might lose the
 * answer (RFC 9112 9.6); so the rest is read and thrown away until the caller stops, or {@link LINGER_MS} have passed.
 * @returns the body's length in bytes.
 */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Answer
): Promise<number> {
  const bytes = bytesOf(body);
  if (response.destroyed) return 0;
  const all: OutgoingHttpHeaders = { ...headers, 'content-length': bytes.length };
  if (!request.complete) all['connection'] = 'close';
  response.writeHead(status, all);
  if (!request.complete) {
    response.write(bytes);
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, LINGER_MS).unref();
      const isOver = (): void => {
        clearTimeout(timer);
        resolve();
      };
      request.once('end', isOver);
      response.once('close', isOver);
      request.resume();
    });
    response.end();
  } else {
    request.resume();
    // As a string it goes out in one write with the head.
    if (bytes.length < MAX_JOINED_BYTES) response.end(bytes.toString('latin1'), 'latin1');
    else response.end(bytes);
  }
  return bytes.length;
}
