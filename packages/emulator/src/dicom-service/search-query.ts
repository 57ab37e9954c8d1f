import { badRequest } from '../http/service-error.ts';
import { attributeOfKeyword, attributeOfTag, isPrivate } from '../part10/dictionary.ts';
import { parseDateCondition } from './search-dates.ts';
import type { DateCondition } from './search-dates.ts';
import { SEARCHABLE } from './search-resources.ts';
import type { SearchResource } from './search-resources.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 200;
const MAX_INT32 = 2 ** 31 - 1;
const ADVICE =
  'If the parameter is an attribute keyword, check the casing as they are case-sensitive. The conformance statement has a list of supported query parameters, attributes and the levels.';

/** One attribute to match. */
export interface Filter {
  tag: string;
  vr: string;
  /** The value as given; matched whole unless it is a date or a fuzzy PN. */
  value: string;
  date?: DateCondition;
}

/** Paging and matching options, which are checked before anything else. */
export interface SearchOptions {
  limit: number;
  offset: number;
  fuzzyMatching: boolean;
}

/** A search as the query string tells it. */
export interface SearchQuery {
  filters: Filter[];
  include: string[] | 'all';
}

/**
 * Reads `limit`, `offset` and `fuzzymatching`, whose names are case-insensitive.
 *
 * @throws {ServiceError} 400 with the texts of reference 2.4.
 */
export function parseSearchOptions(query: URLSearchParams): SearchOptions {
  const texts = new Map<string, string>();
  for (const [name, value] of query) {
    const key = name.toLowerCase();
    if (!texts.has(key)) texts.set(key, value);
  }
  const limit = integer(texts.get('limit'), 'Limit') ?? DEFAULT_LIMIT;
  if (limit < 1 || limit > MAX_LIMIT) {
    throw invalidOption('Limit', `The field Limit must be between 1 and ${MAX_LIMIT}.`);
  }
  const offset = integer(texts.get('offset'), 'Offset') ?? 0;
  if (offset < 0) {
    throw invalidOption('Offset', `The field Offset must be between 0 and ${MAX_INT32}.`);
  }
  const fuzzy = texts.get('fuzzymatching') ?? 'false';
  if (!/^(true|false)$/i.test(fuzzy)) {
    throw invalidOption('FuzzyMatching', `The value '${fuzzy}' is not valid for FuzzyMatching.`);
  }
  return { limit, offset, fuzzyMatching: fuzzy.toLowerCase() === 'true' };
}

function integer(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\s*[+-]?\d+\s*$/.test(text) && Math.abs(value) <= MAX_INT32) return value;
  throw invalidOption(name, `The value '${text}' is not valid for ${name}.`);
}

const invalidOption = (name: string, reason: string) =>
  badRequest(`The query parameter '${name}' is invalid. ${reason}`);

/**
 * Reads the attributes to match and to include.
 *
 * @throws {ServiceError} 400 with the texts of reference 2.4 and 2.6.
 */
export function parseSearchQuery(
  query: URLSearchParams,
  resource: SearchResource,
  fuzzyMatching: boolean
): SearchQuery {
  const filters: Filter[] = [];
  const included: string[] = [];
  const seenNames = new Set<string>();
  for (const [name, value] of query) {
    const key = name.toLowerCase();
    if (key === 'limit' || key === 'offset' || key === 'fuzzymatching') continue;
    if (key === 'includefield') {
      included.push(...value.split(',').map(field => field.trim()));
      continue;
    }
    const tag = filterTag(name, resource);
    if (seenNames.has(name)) {
      throw badRequest(
        `Invalid QIDO-RS query. Duplicate AttributeId '${name}'. Each attribute is only allowed to be specified once.`
      );
    }
    seenNames.add(name);
    if (filters.some(filter => filter.tag === tag)) {
      throw badRequest(
        `Invalid query: attribute '${name}' has been specified more than once using different ID formats. Each attribute is only allowed to be specified once.`
      );
    }
    filters.push(parseFilter(name, tag, value, fuzzyMatching));
  }
  return { filters, include: parseInclude(included) };
}

function filterTag(name: string, resource: SearchResource): string {
  if (name.includes('.')) {
    throw badRequest('Sequential dicom tags are currently not supported.');
  }
  const tag = tagOf(name);
  if (tag === undefined) {
    throw badRequest(`Invalid query: unknown query parameter '${name}'. ${ADVICE}`);
  }
  if (!resource.levels.some(level => SEARCHABLE[level].includes(tag))) {
    // Two blanks, as the service writes it. [reference 2.6]
    throw badRequest(`Invalid query: AttributeId ${name} is not queryable.  ${ADVICE}`);
  }
  return tag;
}

function parseFilter(name: string, tag: string, value: string, fuzzyMatching: boolean): Filter {
  if (value.trim() === '') {
    throw badRequest(
      `Invalid query: AttributeId '${name}' has empty string value that is not supported.`
    );
  }
  const attribute = attributeOfTag(tag);
  const vr = attribute?.vr ?? 'UN';
  const keyword = attribute?.keyword ?? name;
  if (vr === 'DA') return { tag, vr, value, date: parseDateCondition(value.trim(), keyword) };
  if (vr === 'PN' && fuzzyMatching && value.includes('"')) {
    throw badRequest(
      `Invalid query: specified tag '${keyword}' value '${value}' contains unsupported character '"'. Character is not supported with Fuzzy match, try exact match or removing the invalid character. `
    );
  }
  return { tag, vr, value };
}

function parseInclude(fields: readonly string[]): string[] | 'all' {
  const all = fields.filter(field => field.toLowerCase() === 'all');
  if (all.length > 0) {
    if (fields.length > 1) {
      throw badRequest(`Invalid query: cannot specify included fields in addition to 'all'.`);
    }
    return 'all';
  }
  return fields.map(field => {
    if (field.includes('.')) {
      throw badRequest('Sequential dicom tags are currently not supported.');
    }
    const tag = tagOf(field);
    if (tag === undefined) {
      throw badRequest(`Invalid query: IncludeField has unknown attribute '${field}'.`);
    }
    return tag;
  });
}

/** The tag of a keyword or of eight hex digits, standard or private. [reference 2.2] */
function tagOf(name: string): string | undefined {
  const attribute = attributeOfKeyword(name);
  if (attribute) return attribute.tag;
  if (!/^[0-9A-Fa-f]{8}$/.test(name)) return undefined;
  const tag = name.toUpperCase();
  return isPrivate(tag) || attributeOfTag(tag) ? tag : undefined;
}
