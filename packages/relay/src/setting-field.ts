import { isLoopback } from '@ohif-azure/core/settings';
import * as z from 'zod';

/** One setting. The parser, its messages, the table in the README and the JSON schema are derived from these. */
export interface Field<Schema extends z.ZodType = z.ZodType> {
  /** Its messages complete "expected ..."; its default, where there is one, is the setting's. */
  readonly schema: Schema;
  /** Environment variables, the first one as it is written in messages; more are other names for the same. */
  readonly env: readonly [string, ...string[]];
  readonly description: string;
  /** Its value never stands in a message; in the file it may be `{"env": NAME}` or `{"file": PATH}`, in the environment `NAME_FILE`. */
  readonly isSecret?: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

/** A group of settings, and where it stands in the file. */
export interface FieldGroup {
  readonly path: readonly string[];
  readonly fields: Fields;
}

/** What the schema of {@link Fields} gives. */
export type Values<F extends Fields> = { [Name in keyof F]: z.output<F[Name]['schema']> };

/** A text of one line: it stands in a header, a form or a path. */
export const text = (expected: string) =>
  z.string(expected).refine(value => value.trim() !== '' && !/\p{Cc}/u.test(value), {
    message: expected,
  });

/** `https:`, or `http:` on this machine; without user, password, query string and fragment. */
function isPlainURL(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
  return isSecure && [username, password, search, hash].every(part => part === '');
}

/** An address that may be given a secret. */
export const plainURL = (expected: string, pathname = /^/) =>
  z.string(expected).refine(value => isPlainURL(value) && pathname.test(new URL(value).pathname), {
    message: expected,
  });

/** A whole number within bounds. */
export const integer = (expected: string, min: number, max: number) =>
  z.int(expected).min(min, expected).max(max, expected);

/** One of some words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, words.map(word => `"${word}"`).join(' or '));
