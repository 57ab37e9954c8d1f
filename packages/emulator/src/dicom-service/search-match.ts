import { textOf } from '../archive/extended-query-tags.ts';
import type { JsonAttribute, JsonValue } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import type { Filter } from './search-query.ts';
import { inRange } from './search-ranges.ts';

/** Whether an attribute matches. */
export type Matcher = (attribute: JsonAttribute | undefined) => boolean;

/**
 * Tells whether an attribute of a study, series or instance matches a filter: the first value as a
 * whole, without regard to case; PN also without regard to accents. Wildcards and UID lists are
 * plain letters to the service. [reference 2.3]
 */
export function matcherOf(filter: Filter, fuzzyMatching: boolean): Matcher {
  const matches = valueMatcher(filter, fuzzyMatching);
  return attribute => {
    const first = attribute?.Value?.[0];
    return first !== undefined && first !== null && matches(first);
  };
}

/** {@link matcherOf}, for an attribute alone. */
export function matchesFilter(
  attribute: JsonAttribute | undefined,
  filter: Filter,
  fuzzyMatching: boolean
): boolean {
  return matcherOf(filter, fuzzyMatching)(attribute);
}

function valueMatcher(
  { range, number, vr, value }: Filter,
  fuzzyMatching: boolean
): (value: Exclude<JsonValue, null>) => boolean {
  if (range) return one => inRange(range.vr, String(one), range);
  if (number !== undefined) return one => Number(one) === number;
  const wanted = withoutPadding(value);
  if (vr !== 'PN') {
    const lowerCase = wanted.toLowerCase();
    return one => withoutPadding(textOf(one)).toLowerCase() === lowerCase;
  }
  if (fuzzyMatching) {
    const words = wordsOf(wanted);
    return one => matchesWords(withoutPadding(textOf(one)), words);
  }
  const plain = folded(wanted);
  return one => folded(withoutPadding(textOf(one))) === plain;
}

/** SQL full-text `"<value>*"`: adjacent words in order, each the beginning of one. */
function matchesWords(name: string, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return false;
  const words = wordsOf(name);
  return words.some((_, start) =>
    wanted.every((prefix, index) => words[start + index]?.startsWith(prefix))
  );
}

const wordsOf = (text: string) => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
