import { AZURE_MAX_LIMIT } from '../azure-search.ts';
import type { DicomwebClient } from '../client.ts';
import { stringOf } from '../dicom-json.ts';
import type { DicomJson } from '../dicom-json.ts';
import type { RequestOptions } from '../exchange.ts';
import type { ExtendedQueryTag } from '../extended-query-tags.ts';
import { studyMatches } from './match-study.ts';
import { planStudySearch } from './plan-study-search.ts';
import type { StudyQuery } from './plan-study-search.ts';
import type { SearchMemory } from './search-memory.ts';
import type { StudyFilters, TextFilter } from './study-filters.ts';

/** Options of {@link findStudies}. */
export interface FindStudiesOptions extends RequestOptions {
  /** Attributes to return besides the usual ones. */
  readonly includefield?: readonly string[];
  /** The bound: how many studies of the archive are looked at. */
  readonly maxStudies: number;
  /** Tags that can be searched; see `extendedQueryTags`. Default: none. */
  readonly tags?: readonly ExtendedQueryTag[];
  /** Default: nothing is remembered. */
  readonly memory?: SearchMemory;
}

/** What {@link findStudies} found. */
export interface FoundStudies {
  /** Each once. */
  readonly studies: DicomJson[];
  /** How many studies were read one by one; at most the bound. */
  readonly lookedAt: number;
  /** The bound was reached: the archive may have more that are asked for. */
  readonly isPartial: boolean;
  /** Filters that were matched on the rows that were read, as the service does not serve them. */
  readonly onRows: readonly TextFilter[];
}

/** Pages that are on their way at the same time: 1, 3, 7, 7 ... A small archive is asked for no pages that it has not. */
const MAX_PAGES_AT_ONCE = 7;

/**
 * Finds the studies that a work list's filters ask for, on the Azure DICOM service. Whole values are looked up in all of the archive; for the
 * rest at most `maxStudies` are read, those first that the service received last, and matched here.
 * @throws as `search`: a page that fails is the search's failure, so that nothing is silently left out.
 */
export async function findStudies(
  client: DicomwebClient,
  filters: StudyFilters,
  options: FindStudiesOptions
): Promise<FoundStudies> {
  const { maxStudies, tags = [], memory } = options;
  const { scans, lookups, isImpossible } = planStudySearch(filters, tags);
  if (isImpossible) return { studies: [], lookedAt: 0, isPartial: false, onRows: [] };

  // Several modalities share it, with a page for each at least.
  const share = Math.ceil(maxStudies / scans.length);
  const bound = Math.max(share, Math.min(maxStudies, AZURE_MAX_LIMIT));
  const read = (query: StudyQuery) => readPages(client, query, bound, options);
  const recall = (query: StudyQuery) =>
    memory?.recall(JSON.stringify([query.filters, query.nameTags, bound]), () => read(query)) ??
    read(query);
  const answers = await Promise.all([...scans.map(recall), ...lookups.map(read)]);

  const studies = new Map<string | undefined, DicomJson>();
  [...scans, ...lookups].forEach(({ onRows, nameTags }, index) => {
    for (const study of answers[index]?.studies ?? []) {
      if (!studyMatches(study, filters, onRows, nameTags)) continue;
      studies.set(stringOf(study, 'StudyInstanceUID'), study);
    }
  });
  const scanned = answers.slice(0, scans.length);
  return {
    studies: [...studies.values()],
    lookedAt: scanned.reduce((sum, each) => sum + each.studies.length, 0),
    isPartial: answers.some(({ isCut }) => isCut),
    onRows: scans[0]?.onRows ?? [],
  };
}

/** The studies of one search, page after page up to the bound; several pages at once, as each costs a round trip. */
async function readPages(
  client: DicomwebClient,
  { filters, fuzzymatching, nameTags = [] }: StudyQuery,
  bound: number,
  { includefield = [], signal, onWaiting }: FindStudiesOptions
): Promise<{ studies: DicomJson[]; isCut: boolean }> {
  const page = (offset: number) =>
    client.searchForStudies({
      filters,
      fuzzymatching,
      includefield: [...includefield, ...nameTags],
      // Behind the bound one study is enough to know that there are more.
      limit: offset < bound ? Math.min(AZURE_MAX_LIMIT, bound - offset) : 1,
      offset,
      signal,
      onWaiting,
    });
  const studies = new Map<string | undefined, DicomJson>();
  let isCut = false;
  let isEnd = false;
  for (
    let offset = 0, count = 1;
    !isEnd && offset <= bound;
    count = Math.min(2 * count + 1, MAX_PAGES_AT_ONCE)
  ) {
    const offsets: number[] = [];
    for (; offsets.length < count && offset <= bound; offset += AZURE_MAX_LIMIT) {
      offsets.push(Math.min(offset, bound));
    }
    // A bound that is no multiple of the page: the one study behind it.
    if (offset > bound && offsets.at(-1) !== bound) offsets.push(bound);
    for (const [index, found] of (await Promise.all(offsets.map(page))).entries()) {
      const start = offsets[index] ?? bound;
      isCut = start === bound && found.length > 0;
      isEnd ||= found.length < Math.min(AZURE_MAX_LIMIT, bound - start);
      if (start === bound) continue;
      // A study that arrives meanwhile shifts the pages: it is the second time that it is seen.
      for (const study of found) studies.set(stringOf(study, 'StudyInstanceUID'), study);
    }
  }
  return { studies: [...studies.values()], isCut };
}
