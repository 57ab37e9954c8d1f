import { badRequest } from '../http/service-error.ts';

const MAX_INT64_TEXT = '9.223372036854776E+18';
const MAX_INT32 = 2 ** 31 - 1;
const MAX_INT64 = 2n ** 63n - 1n;

/** Paging options. */
export interface Paging {
  limit: number;
  offset: number;
}

/** Names as the service's messages write them. */
export interface OptionNames {
  limit: string;
  offset: string;
  /** Whether a value which cannot be read is told with the option's name. */
  property: boolean;
}

/** Options which are members of one object, as most are. */
export const PROPERTY_NAMES: OptionNames = { limit: 'Limit', offset: 'Offset', property: true };

/** Options which are parameters of their own, as those of the v1 change feed. */
export const PARAMETER_NAMES: OptionNames = { limit: 'limit', offset: 'offset', property: false };

/** 400 for an option. [reference 2.4] */
export const invalidOption = (name: string, reason: string) =>
  badRequest(`The query parameter '${name}' is invalid. ${reason}`);

/** The first value of an option, whose name is case-insensitive. */
export function optionText(query: URLSearchParams, name: string): string | undefined {
  for (const [key, value] of query) {
    if (key.trim().toLowerCase() === name.toLowerCase()) return value;
  }
  return undefined;
}

/**
 * Reads `limit` and `offset`.
 *
 * @throws {ServiceError} 400 with the texts of reference 2.4.
 */
export function parsePaging(
  query: URLSearchParams,
  bounds: { defaultLimit: number; maxLimit: number },
  names: OptionNames = PROPERTY_NAMES
): Paging {
  const offset = integer(query, 'offset', names.offset, names, MAX_INT64) ?? 0;
  const limit =
    integer(query, 'limit', names.limit, names, BigInt(MAX_INT32)) ?? bounds.defaultLimit;
  if (offset < 0) {
    throw invalidOption(
      names.offset,
      `The field ${names.offset} must be between 0 and ${MAX_INT64_TEXT}.`
    );
  }
  if (limit < 1 || limit > bounds.maxLimit) {
    throw invalidOption(
      names.limit,
      `The field ${names.limit} must be between 1 and ${bounds.maxLimit}.`
    );
  }
  return { limit, offset };
}

/** Reads a Boolean option. @throws {ServiceError} 400 */
export function parseFlag(
  query: URLSearchParams,
  name: string,
  { name: told, property, otherwise }: { name: string; property: boolean; otherwise: boolean }
): boolean {
  const text = optionText(query, name);
  if (text === undefined) return otherwise;
  if (/^\s*(true|false)\s*$/i.test(text)) return text.trim().toLowerCase() === 'true';
  throw notReadable(text, told, property);
}

function integer(
  query: URLSearchParams,
  name: string,
  told: string,
  { property }: OptionNames,
  most: bigint
): number | undefined {
  const text = optionText(query, name);
  if (text === undefined) return undefined;
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw notReadable(text, told, property);
  const value = BigInt(text.trim().replace(/^\+/, ''));
  if (value > most || value < -most - 1n) throw notReadable(text, told, property);
  return Number(value);
}

function notReadable(text: string, name: string, property: boolean) {
  if (text.trim() === '') return invalidOption(name, `The value '${text}' is invalid.`);
  return invalidOption(name, `The value '${text}' is not valid${property ? ` for ${name}` : ''}.`);
}
