import type { Pace } from './pace.ts';

/** The body is no JSON array, or ends before its end. */
export class JsonArrayError extends Error {}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** The bit in which a bracket and its brace differ. */
const CASE_BIT = 0x20;

const isWhite = (byte: number): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * The elements of a JSON array of objects as they come, so that neither the whole text nor one long parse is needed.
 * @param pace - long bodies give way by it.
 * @throws {JsonArrayError} when the body is not an array of objects, or is cut; what the body throws.
 * @see RFC 8259; PS3.18 F.2
 */
export async function* readJsonArray(
  body: AsyncIterable<Uint8Array>,
  pace: Pace
): AsyncGenerator<unknown, void> {
  const scanner = new Scanner();
  for await (const piece of body) {
    for (const text of scanner.objects(piece)) {
      yield parse(text);
      const rest = pace.rest();
      if (rest) await rest;
    }
    const rest = pace.rest();
    if (rest) await rest;
  }
  if (!scanner.isAtEnd) throw new JsonArrayError('the JSON array ends before its end');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new JsonArrayError('not JSON');
  }
}

/** What may come next outside of the objects. */
type Place = 'before' | 'first' | 'element' | 'comma' | 'behind';

/** Finds where the objects of the array begin and end. Only strings and brackets matter for that; the rest is for the parser. */
class Scanner {
  #place: Place = 'before';
  /** Brackets and braces that are open in an object; 0: outside of the objects. */
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #decoder = new TextDecoder();
  /** The beginning of the object, from the pieces before. */
  #text = '';

  get isAtEnd(): boolean {
    return this.#place === 'behind';
  }

  /** The objects that end in this piece of the body. */
  *objects(piece: Uint8Array): Generator<string, void> {
    for (let at = 0; at < piece.length;) {
      if (this.#depth === 0 && !this.#isBegun(piece[at] as number)) {
        at += 1;
        continue;
      }
      const end = this.#endOfObject(piece, at);
      const isWhole = this.#depth === 0;
      this.#text += this.#decoder.decode(piece.subarray(at, end), { stream: !isWhole });
      at = end;
      if (!isWhole) return;
      const text = this.#text;
      this.#text = '';
      yield text;
    }
  }

  /** Outside of the objects: true where one begins. */
  #isBegun(byte: number): boolean {
    if (isWhite(byte)) return false;
    const place = this.#place;
    if (byte === OPENING_BRACE && (place === 'first' || place === 'element')) {
      this.#place = 'comma';
      return true;
    }
    if (byte === OPENING_BRACKET && place === 'before') this.#place = 'first';
    else if (byte === COMMA && place === 'comma') this.#place = 'element';
    else if (byte === CLOSING_BRACKET && (place === 'first' || place === 'comma')) {
      this.#place = 'behind';
    } else throw new JsonArrayError('not a JSON array of objects');
    return false;
  }

  /** Behind the object's last byte, or behind the piece. Local variables: this is where the time goes. */
  #endOfObject(piece: Uint8Array, start: number): number {
    const { length } = piece;
    let depth = this.#depth;
    let isInString = this.#isInString;
    let at = start;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at += 1;
    }
    while (at < length) {
      const byte = piece[at] as number;
      at += 1;
      if (isInString) {
        if (byte === QUOTE) isInString = false;
        else if (byte === BACKSLASH) at += 1;
      } else if (byte === QUOTE) {
        isInString = true;
      } else if ((byte | CASE_BIT) === OPENING_BRACE) {
        depth += 1;
      } else if ((byte | CASE_BIT) === CLOSING_BRACE) {
        depth -= 1;
        if (depth === 0) break;
      }
    }
    this.#depth = depth;
    this.#isInString = isInString;
    // The byte behind a backslash is in the next piece.
    this.#isEscaped = at > length;
    return Math.min(at, length);
  }
}
