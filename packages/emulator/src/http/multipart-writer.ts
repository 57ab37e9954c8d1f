import { randomUUID } from 'node:crypto';

/** One part to write. */
export interface Part {
  /** The part's only header. */
  contentType: string;
  content: AsyncIterable<Uint8Array>;
}

/** A multipart answer: its `Content-Type` and its body. */
export interface MultipartBody {
  contentType: string;
  body: AsyncIterable<Uint8Array>;
}

/** Writes parts as the service does: no `type` parameter, one header a part. [reference 3.2] */
export function writeMultipart(parts: AsyncIterable<Part> | Iterable<Part>): MultipartBody {
  const boundary = randomUUID();
  return { contentType: `multipart/related; boundary=${boundary}`, body: bytes(parts, boundary) };
}

async function* bytes(
  parts: AsyncIterable<Part> | Iterable<Part>,
  boundary: string
): AsyncGenerator<Uint8Array> {
  let before = '';
  for await (const part of parts) {
    yield Buffer.from(`${before}--${boundary}\r\nContent-Type: ${part.contentType}\r\n\r\n`);
    yield* part.content;
    before = '\r\n';
  }
  yield Buffer.from(`${before}--${boundary}--\r\n`);
}
