import { redact, REDACTED } from '@ohif-azure/core';

/** The longest text of a server that is kept, in characters. */
export const MAX_SERVER_TEXT = 500;

/** Bytes of an error body that are looked at. */
const MAX_BYTES_READ = 16_384;

/**
 * A quoted text is kept only behind a word which says that it names something of the standard or of the protocol. Everything else in
 * quotes may be the value of an attribute, which is patient data: `Content "..." does not validate VR DA`, `value '...'`.
 */
const NAMES =
  /\b(?:tag|VR|element|attribute|AttributeId|type|parameter|length|header|media type|has unknown attribute|feature)\s*$/i;

const QUOTED = /"[^"]*"?|'[^'\n]*'|“[^”]*”?|‘[^’]*’?/g;

/**
 * A server's text without secrets and without quoted values, cut to {@link MAX_SERVER_TEXT} characters.
 * @see Azure DICOM service, texts of Store and Search errors
 */
export function withoutValues(text: string): string {
  const flat = Array.from(text.slice(0, MAX_BYTES_READ), character =>
    character < ' ' || character === '\u007f' ? ' ' : character
  )
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim();
  const plain = flat.replace(QUOTED, (quoted, offset: number) =>
    NAMES.test(flat.slice(Math.max(0, offset - 40), offset)) ? quoted : REDACTED
  );
  const safe = redact(plain);
  return safe.length > MAX_SERVER_TEXT ? `${safe.slice(0, MAX_SERVER_TEXT - 1)}…` : safe;
}

/** What servers call the text in a JSON error (Orthanc, RFC 9457, gateways). */
const JSON_TEXT_MEMBERS = [
  'Details',
  'detail',
  'Message',
  'message',
  'title',
  'error',
  'HttpError',
];

function textOfJson(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'string') return parsed;
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    for (const name of JSON_TEXT_MEMBERS) {
      const value = Object.hasOwn(parsed, name)
        ? (parsed as Record<string, unknown>)[name]
        : undefined;
      if (typeof value === 'string' && value.trim()) return value;
    }
  } catch {
    // Not JSON: the text itself.
  }
  return undefined;
}

/**
 * What an error's body says, fit for an error and for a log; undefined when it says nothing.
 * @param body - plain text (Azure), JSON (Orthanc and others), or a gateway's HTML page, of which only the title is kept.
 */
export function serverText(body: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(body.subarray(0, MAX_BYTES_READ)).trim();
  if (!text) return undefined;
  if (text.startsWith('<')) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1];
    return title ? withoutValues(title) || undefined : undefined;
  }
  if (/^[{["]/.test(text)) {
    const inside = textOfJson(text);
    return inside ? withoutValues(inside) : undefined;
  }
  return withoutValues(text) || undefined;
}
