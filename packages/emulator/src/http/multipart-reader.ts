import { badRequest } from './service-error.ts';

const CRLF = Buffer.from('\r\n');
const HEADERS_END = Buffer.from('\r\n\r\n');
/** Limits of the service's framework for the headers of a part and for what stands before the first. */
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_HEADERS = 16;
/** Letters of a hostile header which an answer repeats at most. */
const MAX_QUOTED = 100;
const UNEXPECTED_END =
  'Unexpected end of Stream, the content may have already been read by another component. ';

/** The body ended within a part's content; what was read of the part is worth nothing. */
export class TruncatedPartError extends Error {
  override readonly name = 'TruncatedPartError';
}

/** The headers of one part, names in lower case. */
export type PartHeaders = ReadonlyMap<string, string>;

/**
 * Reads a multipart body part by part, holding no more than one chunk of it.
 * Call {@link nextPart}, then read {@link content} to its end, and so on.
 *
 * @see RFC 2046 section 5.1
 */
export class MultipartReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #delimiter: Buffer;
  /** Begins with CRLF, as if a line had ended before the body: the first delimiter needs none. */
  #buffer: Buffer = CRLF;
  /** Within a part's content, or within the preamble, which is skipped like one. */
  #inContent = true;
  #inPreamble = true;
  #bytes = 0;
  #ended = false;

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /**
   * Goes to the next part.
   *
   * @returns its headers, or `undefined` behind the last part or when the body holds no part.
   * @throws {ServiceError} 400 when the headers are malformed or too long, when the body ends within
   *   them, and when it never names the boundary.
   */
  async nextPart(): Promise<PartHeaders | undefined> {
    let skipped = 0;
    try {
      for await (const chunk of this.content()) {
        skipped += chunk.length;
        if (this.#inPreamble && skipped > MAX_HEADER_BYTES) {
          throw badRequest(`Multipart body length limit ${MAX_HEADER_BYTES} exceeded.`);
        }
      }
    } catch (error) {
      if (!(error instanceof TruncatedPartError)) throw error;
      if (this.#inPreamble && this.#bytes > 0) throw badRequest(UNEXPECTED_END);
      return undefined;
    }
    this.#inPreamble = false;
    await this.#have(2);
    if (this.#buffer.subarray(0, 2).toString('latin1') === '--') return undefined;
    const headers = parseHeaders(await this.#takeHeaderBlock());
    this.#inContent = true;
    return headers;
  }

  /**
   * The content of the current part, or what is left of it.
   *
   * @throws {TruncatedPartError} when the body ends before the part does.
   */
  async *content(): AsyncGenerator<Buffer> {
    while (this.#inContent) {
      const end = this.#buffer.indexOf(this.#delimiter);
      if (end >= 0) {
        const last = this.#buffer.subarray(0, end);
        this.#buffer = this.#buffer.subarray(end + this.#delimiter.length);
        this.#inContent = false;
        if (last.length > 0) yield last;
        return;
      }
      const certain = this.#buffer.length - this.#delimiter.length;
      if (certain > 0) {
        const chunk = this.#buffer.subarray(0, certain);
        this.#buffer = this.#buffer.subarray(certain);
        yield chunk;
      }
      const next = await this.#next();
      if (!next) throw new TruncatedPartError();
      if (this.#delimiterSpans(next)) {
        this.#buffer = Buffer.concat([this.#buffer, next]);
      } else {
        // Copying chunk after chunk would take more time than all the rest.
        if (this.#buffer.length > 0) yield this.#buffer;
        this.#buffer = next;
      }
    }
  }

  /** Whether a delimiter may begin in the buffer, whose end is shorter than one, and end in `next`. */
  #delimiterSpans(next: Buffer): boolean {
    const { length } = this.#delimiter;
    if (this.#buffer.length === 0) return false;
    if (next.length < length) return true;
    const at = Buffer.concat([this.#buffer, next.subarray(0, length)]).indexOf(this.#delimiter);
    return at >= 0 && at < this.#buffer.length;
  }

  /** Everything from behind the delimiter to the empty line, which is taken too. */
  async #takeHeaderBlock(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf(HEADERS_END);
      if (end >= 0 && end <= MAX_HEADER_BYTES) {
        const block = this.#buffer.subarray(0, end).toString('latin1');
        this.#buffer = this.#buffer.subarray(end + HEADERS_END.length);
        return block;
      }
      if (this.#buffer.length > MAX_HEADER_BYTES) {
        throw badRequest(`Multipart headers length limit ${MAX_HEADER_BYTES} exceeded.`);
      }
      if (!(await this.#fill())) {
        throw badRequest(UNEXPECTED_END);
      }
    }
  }

  async #have(bytes: number): Promise<void> {
    while (this.#buffer.length < bytes && (await this.#fill()));
  }

  async #fill(): Promise<boolean> {
    const next = await this.#next();
    if (!next) return false;
    this.#buffer = this.#buffer.length === 0 ? next : Buffer.concat([this.#buffer, next]);
    return true;
  }

  /** The next chunk of the body; `undefined` at its end. */
  async #next(): Promise<Buffer | undefined> {
    if (this.#ended) return undefined;
    const next = await this.#chunks.next();
    if (next.done) {
      this.#ended = true;
      return undefined;
    }
    this.#bytes += next.value.length;
    return asBuffer(next.value);
  }
}

const asBuffer = (bytes: Uint8Array) =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function parseHeaders(block: string): PartHeaders {
  const headers = new Map<string, string>();
  // The first line is what stands behind the delimiter: only white space may.
  const [rest = '', ...lines] = block.split('\r\n');
  if (rest.trim() !== '') throw badRequest(`Invalid multipart delimiter.`);
  if (lines.length > MAX_HEADERS) {
    throw badRequest(`Multipart headers count limit ${MAX_HEADERS} exceeded.`);
  }
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw badRequest(`Invalid header line: ${line.slice(0, MAX_QUOTED)}`);
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
