import type { JsonAttribute, PersonName } from '../part10/dicom-json.ts';
import { withoutPadding } from '../part10/element-values.ts';
import type { Filter } from './search-query.ts';

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
  if (filter.date) {
    const date = String(first);
    const { from = '', to = '99999999' } = filter.date;
    return date >= from && date <= to;
  }
  const wanted = withoutPadding(filter.value);
  if (filter.vr !== 'PN') return String(first).toLowerCase() === wanted.toLowerCase();
  const name = wholeName(first as PersonName);
  return fuzzyMatching ? matchesWords(name, wanted) : folded(name) === folded(wanted);
}

/** The three component groups as they stand in a file. */
function wholeName({ Alphabetic = '', Ideographic = '', Phonetic = '' }: PersonName): string {
  return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
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
