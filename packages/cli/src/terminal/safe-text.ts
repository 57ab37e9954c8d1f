/**
 * Text of a server or a file, fit for a terminal: one line, without control characters (an escape sequence could rewrite what stands on the
 * screen) and without characters that change the direction of writing.
 */
export function safeText(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .trim();
}

/** One line of JSON: also those control characters are escaped that JSON lets through (DEL and C1). */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
}
