import { boundaryOf, indexOfBytes } from './multipart.ts';

/** The header fields of one part, in bytes, are not longer than this. */
const MAX_HEADER_BYTES = 65_536;

const encoder = new TextEncoder();
const CRLF = encoder.encode('\r\n');
const HEADERS_END = encoder.encode('\r\n\r\n');

/** One part of a multipart answer. */
export interface Part {
  /** Header fields by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** To be read before the next part is asked for; what is not read is skipped. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** The body is no multipart body, or ends before its end. */
export class MultipartError extends Error {}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Takes a multipart body apart as it comes, with the memory of a few pieces. */
class MultipartReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #delimiter: Uint8Array;
  /** What was read and not used. A line break before the first boundary makes all boundaries alike. */
  #rest: Uint8Array = CRLF;

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.#source = body[Symbol.asyncIterator]();
    this.#delimiter = encoder.encode(`\r\n--${boundary}`);
  }

  async #more(): Promise<void> {
    const next = await this.#source.next();
    if (next.done) throw new MultipartError('the multipart answer ends before its end');
    this.#rest = join(this.#rest, next.value);
  }

  async #atLeast(length: number): Promise<void> {
    while (this.#rest.length < length) await this.#more();
  }

  /** The bytes up to the next delimiter, which is used up. */
  async *content(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const end = indexOfBytes(this.#rest, this.#delimiter, 0);
      if (end >= 0) {
        const last = this.#rest.subarray(0, end);
        this.#rest = this.#rest.subarray(end + this.#delimiter.length);
        if (last.length > 0) yield last;
        return;
      }
      // The end of what is there may be the beginning of a delimiter.
      const sure = Math.max(0, this.#rest.length - this.#delimiter.length + 1);
      const piece = this.#rest.subarray(0, sure);
      this.#rest = this.#rest.subarray(sure);
      if (piece.length > 0) yield piece;
      await this.#more();
    }
  }

  /** Behind a delimiter: the header fields of the part; undefined at the end of the body. @see RFC 2046 5.1.1 */
  async headers(): Promise<Map<string, string> | undefined> {
    await this.#atLeast(2);
    if (this.#rest[0] === 0x2d && this.#rest[1] === 0x2d) return undefined;
    let end = indexOfBytes(this.#rest, HEADERS_END, 0);
    while (end < 0) {
      if (this.#rest.length > MAX_HEADER_BYTES) throw new MultipartError('a part without content');
      await this.#more();
      end = indexOfBytes(this.#rest, HEADERS_END, 0);
    }
    // Up to the first line break there may be padding.
    const text = new TextDecoder().decode(this.#rest.subarray(0, end));
    this.#rest = this.#rest.subarray(end + HEADERS_END.length);
    const headers = new Map<string, string>();
    for (const line of text.split('\r\n').slice(1)) {
      const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
      if (name) headers.set(name.trim().toLowerCase(), value.trim());
    }
    return headers;
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/**
 * The parts of a `multipart/related` body, as they come. Leaving the iteration ends the body.
 * @throws {MultipartError} when the body is none, or ends too early; what the body throws.
 * @see RFC 2046 5.1.1, RFC 2387; PS3.18 8.6.1.2
 */
export async function* readMultipart(
  body: AsyncIterable<Uint8Array>,
  contentType: string
): AsyncGenerator<Part, void> {
  const boundary = boundaryOf(contentType);
  if (!boundary) throw new MultipartError('a multipart answer without boundary');
  const reader = new MultipartReader(body, boundary);
  try {
    // What stands before the first boundary is nothing.
    for await (const piece of reader.content()) void piece;
    for (;;) {
      const headers = await reader.headers();
      if (!headers) return;
      const content = reader.content();
      yield { headers, content: { [Symbol.asyncIterator]: () => leaveOpen(content) } };
      while (!(await content.next()).done);
    }
  } finally {
    await reader.close();
  }
}

/** Who leaves a part early does not end the body: its rest is skipped. */
function leaveOpen(content: AsyncGenerator<Uint8Array, void>): AsyncIterator<Uint8Array, void> {
  return { next: () => content.next() };
}
