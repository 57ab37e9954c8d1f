/** Headers of one part, as far as they matter here. */
export interface PartHeaders {
  /** Content-Type as it stands; undefined: the part has none. */
  readonly contentType?: string;
  /** Content-Length in bytes; undefined: the part has none that can be read. */
  readonly contentLength?: number;
}

/** What a body is made of, in order. `bytes` is a view into what was pushed. */
export type ScanEvent =
  | { readonly kind: 'part'; readonly headers: PartHeaders }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'partEnd' }
  | { readonly kind: 'end' };

/** The body is not what its Content-Type says. The message says what is wrong, without anything of the content. */
export class MalformedBodyError extends Error {}

/** A preamble (RFC 2046 5.1.1) longer than this is not searched, in bytes. */
export const MAX_PREAMBLE_BYTES = 16_384;
/** Headers of one part, in bytes. */
export const MAX_PART_HEADER_BYTES = 16_384;
/** Blanks between a delimiter and its line's end. */
const MAX_PADDING = 128;

const EMPTY = Buffer.alloc(0);
const PART_END = { kind: 'partEnd' } as const;
const END = { kind: 'end' } as const;
const HEADERS_END = Buffer.from('\r\n\r\n');
const [CR, LF, DASH, SPACE, TAB] = [0x0d, 0x0a, 0x2d, 0x20, 0x09];

type State = 'preamble' | 'headers' | 'body' | 'ended';

function readHeaders(block: string): PartHeaders {
  const found: { contentType?: string; contentLength?: number } = {};
  for (const line of block.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === 'content-type') found.contentType = value;
    if (name === 'content-length' && /^\d{1,15}$/.test(value)) found.contentLength = Number(value);
  }
  return found;
}

/**
 * Takes a multipart body apart as it comes, without copying the parts' content.
 *
 * A part with Content-Length is not searched: its end is counted, and a delimiter has to follow. Where none follows, the part goes on until
 * the next delimiter.
 * @see RFC 2046 5.1.1
 */
export class PartScanner {
  readonly #delimiter: Buffer;
  #state: State = 'preamble';
  /** Bytes that cannot be told apart without those that follow. */
  #held: Buffer = EMPTY;
  /** Bytes of the part's body that are counted and not searched. */
  #counted = 0;

  /** @param boundary - of the Content-Type, without quotation marks. */
  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    // The first delimiter has no line break before it.
    this.#held = Buffer.from('\r\n');
  }

  /** The closing delimiter has been seen. */
  get isEnded(): boolean {
    return this.#state === 'ended';
  }

  /**
   * The events that these bytes complete.
   * @throws {MalformedBodyError}
   */
  push(chunk: Buffer): ScanEvent[] {
    const events: ScanEvent[] = [];
    const bytes = this.#held.length > 0 ? Buffer.concat([this.#held, chunk]) : chunk;
    this.#held = EMPTY;
    let at = 0;
    while (at < bytes.length && this.#state !== 'ended') {
      const next = this.#step(bytes, at, events);
      if (next === undefined) break;
      at = next;
    }
    return events;
  }

  /**
   * To be called at the body's end.
   * @throws {MalformedBodyError} when the closing delimiter has not come: the body is cut.
   */
  end(): void {
    if (this.#state === 'ended') return;
    throw new MalformedBodyError(
      this.#state === 'preamble'
        ? 'it does not begin with the boundary of its Content-Type'
        : 'it ends before its closing boundary'
    );
  }

  /** @returns where to go on; undefined: more bytes are needed, and what is left is held. */
  #step(bytes: Buffer, at: number, events: ScanEvent[]): number | undefined {
    if (this.#state === 'headers') return this.#readHeaders(bytes, at, events);
    if (this.#counted > 0) {
      const end = Math.min(at + this.#counted, bytes.length);
      events.push({ kind: 'data', bytes: bytes.subarray(at, end) });
      this.#counted -= end - at;
      return end;
    }
    return this.#search(bytes, at, events);
  }

  #readHeaders(bytes: Buffer, at: number, events: ScanEvent[]): number | undefined {
    // `at` is at the line break of the delimiter's line, so that no headers at all are seen, too.
    const end = bytes.indexOf(HEADERS_END, at);
    if (end < 0) {
      if (bytes.length - at > MAX_PART_HEADER_BYTES) {
        throw new MalformedBodyError(
          `the headers of a part are longer than ${MAX_PART_HEADER_BYTES} bytes`
        );
      }
      return this.#hold(bytes, at);
    }
    const headers = readHeaders(bytes.toString('latin1', at, end));
    events.push({ kind: 'part', headers });
    this.#counted = headers.contentLength ?? 0;
    this.#state = 'body';
    return end + HEADERS_END.length;
  }

  #search(bytes: Buffer, at: number, events: ScanEvent[]): number | undefined {
    const delimiter = this.#delimiter;
    let from = at;
    for (;;) {
      const found = bytes.indexOf(delimiter, from);
      if (found < 0) {
        const keep = this.#partialMatch(bytes, Math.max(from, at));
        this.#emit(bytes, at, keep, events);
        return this.#hold(bytes, keep);
      }
      const after = this.#after(bytes, found + delimiter.length);
      if (after === 'more') {
        this.#emit(bytes, at, found, events);
        return this.#hold(bytes, found);
      }
      if (after !== 'data') {
        this.#emit(bytes, at, found, events);
        if (this.#state === 'body') events.push(PART_END);
        if (after === 'close') {
          events.push(END);
          this.#state = 'ended';
          return bytes.length;
        }
        this.#state = 'headers';
        return after;
      }
      from = found + 2;
    }
  }

  /** What follows the delimiter: its close, the offset of its line's end, or something that makes it mere data. */
  #after(bytes: Buffer, at: number): 'more' | 'data' | 'close' | number {
    if (bytes[at] === DASH) {
      if (at + 1 >= bytes.length) return 'more';
      return bytes[at + 1] === DASH ? 'close' : 'data';
    }
    let end = at;
    while (bytes[end] === SPACE || bytes[end] === TAB) end += 1;
    if (end - at > MAX_PADDING) return 'data';
    if (end + 1 >= bytes.length) return end < bytes.length && bytes[end] !== CR ? 'data' : 'more';
    return bytes[end] === CR && bytes[end + 1] === LF ? end : 'data';
  }

  /** Where the delimiter may begin at the end of these bytes; their length when it does not. */
  #partialMatch(bytes: Buffer, at: number): number {
    const delimiter = this.#delimiter;
    const first = Math.max(at, bytes.length - delimiter.length + 1);
    for (let from = bytes.indexOf(CR, first); from >= 0; from = bytes.indexOf(CR, from + 1)) {
      const length = bytes.length - from;
      if (bytes.compare(delimiter, 0, length, from) === 0) return from;
    }
    return bytes.length;
  }

  #emit(bytes: Buffer, from: number, to: number, events: ScanEvent[]): void {
    if (this.#state === 'preamble') {
      this.#skipped += to - from;
      if (this.#skipped > MAX_PREAMBLE_BYTES) {
        throw new MalformedBodyError('it does not begin with the boundary of its Content-Type');
      }
    } else if (to > from) {
      events.push({ kind: 'data', bytes: bytes.subarray(from, to) });
    }
  }

  #skipped = 0;

  #hold(bytes: Buffer, from: number): undefined {
    // A copy: the few bytes must not keep the whole chunk.
    this.#held = from < bytes.length ? Buffer.from(bytes.subarray(from)) : EMPTY;
    return undefined;
  }
}
