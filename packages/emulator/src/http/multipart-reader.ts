import { badRequest } from './service-error.ts';

const CRLF = Buffer.from('\r\n');
const HEADERS_END = Buffer.from('\r\n\r\n');
const MAX_HEADER_BYTES = 16 * 1024;

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
  #ended = false;

  constructor(body: AsyncIterable<Uint8Array>, boundary: string) {
    this.#chunks = body[Symbol.asyncIterator]();
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /**
   * Goes to the next part.
   *
   * @returns its headers, or `undefined` behind the last part or when the body holds no part.
   * @throws {ServiceError} 400 when the headers are malformed or the body ends within them.
   */
  async nextPart(): Promise<PartHeaders | undefined> {
    try {
      for await (const chunk of this.content()) void chunk;
    } catch (error) {
      if (error instanceof TruncatedPartError) return undefined;
      throw error;
    }
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
      if (!(await this.#fill())) throw new TruncatedPartError();
    }
  }

  /** Reads the body to its end, epilogue included: a body which is left unread blocks its line. */
  async drain(): Promise<void> {
    while (!this.#ended) this.#ended = (await this.#chunks.next()).done === true;
  }

  /** Everything from behind the delimiter to the empty line, which is taken too. */
  async #takeHeaderBlock(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf(HEADERS_END);
      if (end >= 0) {
        const block = this.#buffer.subarray(0, end).toString('latin1');
        this.#buffer = this.#buffer.subarray(end + HEADERS_END.length);
        return block;
      }
      if (this.#buffer.length > MAX_HEADER_BYTES) {
        throw badRequest(`Multipart headers length limit ${MAX_HEADER_BYTES} exceeded.`);
      }
      if (!(await this.#fill())) {
        throw badRequest(
          'Unexpected end of Stream, the content may have already been read by another component. '
        );
      }
    }
  }

  async #have(bytes: number): Promise<void> {
    while (this.#buffer.length < bytes && (await this.#fill()));
  }

  async #fill(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#chunks.next();
    if (next.done) {
      this.#ended = true;
      return false;
    }
    this.#buffer = Buffer.concat([this.#buffer, next.value]);
    return true;
  }
}

function parseHeaders(block: string): PartHeaders {
  const headers = new Map<string, string>();
  // The first line is what stands behind the delimiter: only white space may.
  const [rest = '', ...lines] = block.split('\r\n');
  if (rest.trim() !== '') throw badRequest(`Invalid multipart delimiter.`);
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw badRequest(`Invalid header line: ${line}`);
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
