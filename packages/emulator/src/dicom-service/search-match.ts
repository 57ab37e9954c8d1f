import { textOf } from '../archive/extended-query-tags.ts';
import type { JsonAttribute } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import type { Filter } from './search-query.ts';
import { inRange } from './search-ranges.ts';

/**
 * Whether an attribute of a study, series or instance matches a filter: the first value as a
 * whole, without regard to case; PN also without regard to accents. Wildcards and UID lists are
 * plain letters to the service. [reference 2.3]
 */
export function matchesFilter(
  attribute: JsonAttribute | undefined,
  filter: Filter,
  fuzzyMatching: boolean
): boolean {
  const first = attribute?.Value?.[0];
  if (first === undefined || first === null) return false;
  if (filter.range) return inRange(filter.range.vr, String(first), filter.range);
  if (filter.number !== undefined) return Number(first) === filter.number;
  const wanted = withoutPadding(filter.value);
  const value = withoutPadding(textOf(first));
  if (filter.vr !== 'PN') return value.toLowerCase() === wanted.toLowerCase();
  return fuzzyMatching ? matchesWords(value, wanted) : folded(value) === folded(wanted);
}

/** SQL full-text `"<value>*"`: adjacent words in order, each the beginning of one. */
function matchesWords(name: string, value: string): boolean {
  const words = wordsOf(name);
  const wanted = wordsOf(value);
  if (wanted.length === 0) return false;
  return words.some((_, start) =>
    wanted.every((prefix, index) => words[start + index]?.startsWith(prefix))
  );
}

const wordsOf = (text: string) => folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
