import type { ExtendedQueryTag } from '../extended-query-tags.ts';
import { wordsOf } from './match-study.ts';
import { askedFor, KEYWORD_OF, TEXT_FILTERS } from './study-filters.ts';
import type { StudyFilters, TextFilter } from './study-filters.ts';

/** One search of the service, and what is left to be matched on the studies it finds. */
export interface StudyQuery {
  /** What goes over the wire. */
  readonly filters: Readonly<Record<string, string>>;
  /** Names are matched by the beginnings of their words. */
  readonly fuzzymatching?: true;
  /** Filters that the service does not serve in this search. */
  readonly onRows: readonly TextFilter[];
  /** Tags besides PatientName, to be returned too: their words are words of the name. */
  readonly nameTags?: readonly Uppercase<string>[];
}

/** How a work list's filters are served. */
export interface StudySearchPlan {
  /** Find everything within the bound: all that is asked of names, dates and modalities is served, parts of other values are not. */
  readonly scans: readonly StudyQuery[];
  /** Find whole values in all of the archive. */
  readonly lookups: readonly StudyQuery[];
  /** Something that cannot be: nothing is to be searched. */
  readonly isImpossible: boolean;
}

/** The longest values of VR LO and SH; longer ones are nowhere. @see PS3.5 6.2 */
const MAX_LENGTH = { patientName: 200, patientID: 64, accessionNumber: 16, studyDescription: 64 };

/**
 * Extended query tags that say the same as a filter in other words, by tag: the patient's other ids and names, the order's other numbers.
 * @see PS3.6; Azure DICOM service, Extended query tags
 */
export const ALTERNATIVE_TAGS: Readonly<Record<string, TextFilter>> = {
  '00101000': 'patientID', // OtherPatientIDs
  '00101001': 'patientName', // OtherPatientNames
  '00101005': 'patientName', // PatientBirthName
  '00200010': 'accessionNumber', // StudyID
  '00402016': 'accessionNumber', // PlacerOrderNumberImagingServiceRequest
  '00402017': 'accessionNumber', // FillerOrderNumberImagingServiceRequest
};

/**
 * Puts a work list's filters in the terms of the Azure DICOM service, which knows whole values, the beginnings of adjacent words of a name,
 * one modality and ranges of dates. Never a wildcard, a list or an empty value goes out.
 *
 * - Dates, and each modality in a search of its own, are served by the service.
 * - Of a name the longest word goes out; where there are more, they are matched on the rows, as the service wants them adjacent and in order.
 * - Of PatientID, AccessionNumber and StudyDescription a whole value is looked up in all of the archive; parts are matched on the rows.
 * - Extended query tags in {@link ALTERNATIVE_TAGS} are looked up likewise.
 * @param tags - those of the service that can be searched, see `extendedQueryTags`
 * @see Azure DICOM service conformance statement v2, Search; source: BaseQueryParser, SqlQueryGenerator
 */
export function planStudySearch(
  filters: StudyFilters,
  tags: readonly ExtendedQueryTag[] = []
): StudySearchPlan {
  const { from = '', to = '', modalities = [] } = filters;
  if (from && to && from > to) return { scans: [], lookups: [], isImpossible: true };
  const date: Record<string, string> = from || to ? { StudyDate: `${from}-${to}` } : {};
  const byModality = modalities.length
    ? modalities.map(each => ({ ...date, ModalitiesInStudy: each }))
    : [date];
  const asked = TEXT_FILTERS.filter(filter => askedFor(filters, filter) !== undefined);

  const scan = searchesName(filters, asked, {});
  const lookups = asked.flatMap(filter => {
    const rest = asked.filter(other => other !== filter);
    const whole = filter === 'patientName' ? undefined : wholeValue(filters, filter);
    return [
      ...(whole ? [searchesName(filters, rest, { [KEYWORD_OF[filter]]: whole })] : []),
      ...tags.flatMap(tag => alternatives(filters, asked, filter, tag)),
    ];
  });
  const nameTags = tags.filter(each => isAlternative(each, 'patientName')).map(({ path }) => path);
  const inEach = (query: StudyQuery) =>
    byModality.map(common => ({
      ...query,
      filters: { ...common, ...query.filters },
      ...(nameTags.length > 0 && query.onRows.includes('patientName') && { nameTags }),
    }));
  return {
    scans: inEach(scan),
    lookups: lookups.flatMap(inEach),
    isImpossible: false,
  };
}

/** A search that the service narrows by the name, where one is asked for. */
function searchesName(
  filters: StudyFilters,
  asked: readonly TextFilter[],
  more: Record<string, string>
): StudyQuery {
  const word = asked.includes('patientName') ? wordToSend(filters) : undefined;
  if (!word) return { filters: more, onRows: asked };
  return {
    filters: { ...more, PatientName: word.text },
    fuzzymatching: true,
    onRows: asked.filter(filter => filter !== 'patientName' || !word.isAll),
  };
}

/** Names are matched by their words only where the service knows that it is a name. */
function isAlternative({ path, vr }: ExtendedQueryTag, filter: TextFilter): boolean {
  if (!Object.hasOwn(ALTERNATIVE_TAGS, path) || ALTERNATIVE_TAGS[path] !== filter) return false;
  return filter !== 'patientName' || vr === 'PN';
}

function alternatives(
  filters: StudyFilters,
  asked: readonly TextFilter[],
  filter: TextFilter,
  tag: ExtendedQueryTag
): StudyQuery[] {
  if (!isAlternative(tag, filter)) return [];
  const { path } = tag;
  const rest = asked.filter(other => other !== filter);
  if (filter !== 'patientName') {
    const whole = wholeValue(filters, filter);
    return whole ? [searchesName(filters, rest, { [path]: whole })] : [];
  }
  const word = wordToSend(filters);
  if (!word) return [];
  const onRows = word.isAll ? rest : asked;
  return [{ filters: { [path]: word.text }, fuzzymatching: true, onRows }];
}

/** The value, where it can be one that stands in the archive and can be sent. */
function wholeValue(filters: StudyFilters, filter: TextFilter): string | undefined {
  const value = askedFor(filters, filter);
  // The service refuses `<` anywhere in a query string, and takes wildcards and lists literally.
  return value && value.length <= MAX_LENGTH[filter] && !/[*?\\<]/.test(value) ? value : undefined;
}

/** The longest word of the name that is asked for: it leaves the fewest studies to be looked at. */
function wordToSend(filters: StudyFilters): { text: string; isAll: boolean } | undefined {
  const words = (askedFor(filters, 'patientName') ?? '')
    .split(/[\s^=,;*?"<>\\]+/)
    .filter(word => wordsOf(word).length > 0);
  const length = (word: string) => wordsOf(word).join('').length;
  const [longest] = [...words].sort((a, b) => length(b) - length(a));
  return longest === undefined ? undefined : { text: longest, isAll: words.length === 1 };
}
