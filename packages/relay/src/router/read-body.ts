import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal.ts';

/** The longest body of a request for the queue or the operator page, in bytes. */
const MAX_BYTES = 1 << 20;

/** A small body as text. @throws {Refusal} 413; the signal's reason. */
export async function readBody(request: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw new Refusal(413, 'bad-request', `expected a body of at most ${MAX_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
