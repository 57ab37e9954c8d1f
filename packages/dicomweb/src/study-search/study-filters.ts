/** What a work list's filters ask of studies. Each is a part of a value, as people type it; absent or blank: nothing is asked. */
export interface StudyFilters {
  /** Beginnings of the name's words, in any order, without regard to case and accents. */
  readonly patientName?: string;
  /** Part of the PatientID. */
  readonly patientID?: string;
  /** Part of the AccessionNumber. */
  readonly accessionNumber?: string;
  /** Parts of the StudyDescription, in any order. */
  readonly studyDescription?: string;
  /** Any of them; all are wanted when there is none. */
  readonly modalities?: readonly string[];
  /** First StudyDate, `yyyyMMdd`. */
  readonly from?: string;
  /** Last StudyDate, `yyyyMMdd`. */
  readonly to?: string;
}

/** The filters that are texts. */
export const TEXT_FILTERS = [
  'patientName',
  'patientID',
  'accessionNumber',
  'studyDescription',
] as const;

/** One of {@link TEXT_FILTERS}. */
export type TextFilter = (typeof TEXT_FILTERS)[number];

/** The attribute that a text filter is about. @see PS3.6 */
export const KEYWORD_OF = {
  patientName: 'PatientName',
  patientID: 'PatientID',
  accessionNumber: 'AccessionNumber',
  studyDescription: 'StudyDescription',
} as const;

/** The filter's text; undefined where it asks nothing (blank, or nothing but wildcards). */
export function askedFor(filters: StudyFilters, filter: TextFilter): string | undefined {
  const text = filters[filter]?.trim();
  return text && /[^*?\s]/.test(text) ? text : undefined;
}
