import { stringOf, valuesOf } from '../dicom-json.ts';
import type { Attribute, DicomJson } from '../dicom-json.ts';
import { askedFor, KEYWORD_OF } from './study-filters.ts';
import type { StudyFilters, TextFilter } from './study-filters.ts';

/** Without accents and case, as the service compares names. */
export function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Words as a full-text index has them: letters and digits; everything else is between two words. */
export function wordsOf(text: string): string[] {
  return folded(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** All component groups of all values of a PN, as one text. @see PS3.18 F.2.2 */
function namesOf(study: DicomJson, attribute: Attribute): string {
  return valuesOf(study, attribute)
    .flatMap(value => (typeof value === 'object' && value !== null ? Object.values(value) : value))
    .filter(group => typeof group === 'string')
    .join(' ');
}

/** Whether each word that is asked for begins a word of the name, in any order: `smi jo` is in `Jones^Smith`. */
export function nameMatches(name: string, asked: string): boolean {
  // `obrien` is found in `O'Brien`, and `brien` too.
  const words = [...wordsOf(name), ...wordsOf(name.replace(/['’.-]/g, ''))];
  return wordsOf(asked).every(begin => words.some(word => word.startsWith(begin)));
}

/** Whether a text has the part that is asked for; wildcards stand for anything between two parts. */
export function textMatches(text: string, asked: string): boolean {
  const value = folded(text);
  let end = 0;
  return folded(asked.trim())
    .split(/[*?]+/)
    .every(part => {
      const start = value.indexOf(part, end);
      end = start + part.length;
      return start >= 0;
    });
}

/**
 * Whether a study is one that is asked for, as far as the named filters go.
 * @param nameTags - more attributes of VR PN in which the words of a name may be
 */
export function studyMatches(
  study: DicomJson,
  filters: StudyFilters,
  named: readonly TextFilter[],
  nameTags: readonly Attribute[] = []
): boolean {
  return named.every(filter => {
    const asked = askedFor(filters, filter);
    if (asked === undefined) return true;
    if (filter === 'patientName') {
      const name = (['PatientName', ...nameTags] as const).map(tag => namesOf(study, tag));
      return nameMatches(name.join(' '), asked);
    }
    const value = stringOf(study, KEYWORD_OF[filter]) ?? '';
    if (filter !== 'studyDescription') return textMatches(value, asked);
    return asked.split(/\s+/).every(part => textMatches(value, part));
  });
}
