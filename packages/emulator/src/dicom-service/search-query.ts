import type { ExtendedQueryTag } from '../archive/extended-query-tags.ts';
import { badRequest } from '../http/service-error.ts';
import { nameOfTag, singleTagOf, vrOfTag } from './attribute-id.ts';
import { parseFlag, parsePaging } from './query-options.ts';
import type { Paging } from './query-options.ts';
import { parseRange } from './search-ranges.ts';
import type { RangeCondition, RangeVr } from './search-ranges.ts';
import { SEARCHABLE } from './search-resources.ts';
import type { Level, SearchResource } from './search-resources.ts';

const OPTIONS = new Set(['limit', 'offset', 'fuzzymatching', 'includefield']);
const BOUNDS = { defaultLimit: 100, maxLimit: 200 };
const ADVICE =
  'If the parameter is an attribute keyword, check the casing as they are case-sensitive. The conformance statement has a list of supported query parameters, attributes and the levels.';

/** One attribute to match. */
export interface Filter {
  tag: string;
  vr: string;
  level: Level;
  /** The value as given; matched whole unless it is a range, a number or a fuzzy PN. */
  value: string;
  range?: RangeCondition & { vr: RangeVr };
  /** For numbers, and strings of integers. */
  number?: number;
  /** The extended query tag by which this is searchable. */
  extended?: ExtendedQueryTag;
}

/** Paging and matching options, which are checked before anything else. */
export interface SearchOptions extends Paging {
  fuzzyMatching: boolean;
  /** The attributes to match, as they stand in the query string. */
  attributes: [name: string, value: string][];
  /** The attributes to include, as they stand in the query string. */
  includeFields: string[];
}

/** A search as the query string tells it. */
export interface SearchQuery {
  filters: Filter[];
  include: string[] | 'all';
  /** Names of the attributes which are indexed with errors. */
  erroneous: string[];
}

/**
 * Reads `limit`, `offset`, `fuzzymatching` and `includefield`, whose names are case-insensitive,
 * and checks that each attribute comes once.
 *
 * @throws {ServiceError} 400 with the texts of reference 2.4.
 */
export function parseSearchOptions(query: URLSearchParams): SearchOptions {
  const paging = parsePaging(query, BOUNDS);
  const fuzzyMatching = parseFlag(query, 'fuzzymatching', {
    name: 'FuzzyMatching',
    property: true,
    otherwise: false,
  });
  const attributes = new Map<string, [name: string, value: string]>();
  const includeFields: string[] = [];
  for (const [key, value] of query) {
    const name = key.trim();
    const folded = name.toLowerCase();
    if (folded === 'includefield') {
      includeFields.push(...value.split(',').map(field => field.trim()));
    }
    if (OPTIONS.has(folded)) continue;
    const same = attributes.get(folded);
    if (same) {
      throw badRequest(
        `Invalid QIDO-RS query. Duplicate AttributeId '${same[0]}'. Each attribute is only allowed to be specified once.`
      );
    }
    attributes.set(folded, [name, value.trim()]);
  }
  return { ...paging, fuzzyMatching, attributes: [...attributes.values()], includeFields };
}

/**
 * Reads the attributes to match and to include.
 *
 * @param extended - the extended query tags which are ready.
 * @throws {ServiceError} 400 with the texts of reference 2.4 and 2.6.
 */
export function parseSearchQuery(
  options: SearchOptions,
  resource: SearchResource,
  extended: readonly ExtendedQueryTag[]
): SearchQuery {
  const filters: Filter[] = [];
  const erroneous: string[] = [];
  for (const [name, value] of options.attributes) {
    const filter = parseFilter(name, value, options.fuzzyMatching, resource, extended);
    if (filter.extended && filter.extended.errors.length > 0) erroneous.push(name);
    if (filters.some(other => other.tag === filter.tag)) {
      throw badRequest(
        `Invalid query: attribute '${name}' has been specified more than once using different ID formats. Each attribute is only allowed to be specified once.`
      );
    }
    filters.push(filter);
  }
  return { filters, include: parseInclude(options.includeFields), erroneous };
}

function parseFilter(
  name: string,
  value: string,
  fuzzyMatching: boolean,
  resource: SearchResource,
  extendedTags: readonly ExtendedQueryTag[]
): Filter {
  const tag = singleTagOf(name);
  if (tag === undefined) {
    throw badRequest(`Invalid query: unknown query parameter '${name}'. ${ADVICE}`);
  }
  const ownLevel = resource.levels.find(one => SEARCHABLE[one].includes(tag));
  const extended = ownLevel
    ? undefined
    : extendedTags.find(one => one.path === tag && resource.levels.includes(one.level));
  const level = ownLevel ?? extended?.level;
  if (level === undefined) {
    // Two blanks, as the service writes it. [reference 2.6]
    throw badRequest(`Invalid query: AttributeId ${name} is not queryable.  ${ADVICE}`);
  }
  if (extended?.queryStatus === 'disabled') {
    throw badRequest(`Query is disabled on specified attribute '${name}'.`);
  }
  if (value === '') {
    throw badRequest(
      `Invalid query: AttributeId '${name}' has empty string value that is not supported.`
    );
  }
  const vr = extended?.vr ?? vrOfTag(tag) ?? 'UN';
  return { ...parseValue(tag, vr, value, fuzzyMatching), level, extended };
}

/** Reads a value by its VR. @throws {ServiceError} 400 */
export function parseValue(
  tag: string,
  vr: string,
  value: string,
  fuzzyMatching: boolean
): Omit<Filter, 'level'> {
  const name = nameOfTag(tag);
  switch (vr) {
    case 'DA':
    case 'DT':
    case 'TM':
      return { tag, vr, value, range: { vr, ...parseRange(vr, value, name) } };
    case 'IS':
      // The database has them as numbers: `0003` finds `03`. [E2E ExtendedQueryTagTests]
      return { tag, vr, value, number: Number(value) };
    case 'SL':
    case 'SS':
    case 'UL':
    case 'US':
      if (/^[+-]?\d+$/.test(value)) return { tag, vr, value, number: Number(value) };
      throw badRequest(
        `Invalid query: specified value '${value}' extended query tag with path '${name}' is not a valid long value.`
      );
    case 'FD':
    case 'FL':
      if (Number.isFinite(Number(value))) return { tag, vr, value, number: Number(value) };
      throw badRequest(
        `Invalid query: specified value '${value}' extended query tag with path '${name}' is not a valid double value.`
      );
    case 'PN':
      if (fuzzyMatching && value.includes('"')) {
        throw badRequest(
          `Invalid query: specified tag '${name}' value '${value}' contains unsupported character '"'. Character is not supported with Fuzzy match, try exact match or removing the invalid character. `
        );
      }
      return { tag, vr, value };
    default:
      return { tag, vr, value };
  }
}

function parseInclude(fields: readonly string[]): string[] | 'all' {
  if (fields.some(field => field.toLowerCase() === 'all')) {
    if (fields.length > 1) {
      throw badRequest(`Invalid query: cannot specify included fields in addition to 'all'.`);
    }
    return 'all';
  }
  return fields.map(field => {
    const tag = singleTagOf(field);
    if (tag === undefined) {
      throw badRequest(`Invalid query: IncludeField has unknown attribute '${field}'.`);
    }
    return tag;
  });
}
