import type { StudyRow, StudySearchParams } from '../ohif.ts';

/** The text parameters, by the attribute that each is about. */
const TEXTS = {
  PatientName: 'patientName',
  PatientID: 'patientId',
  AccessionNumber: 'accessionNumber',
  StudyDescription: 'studyDescription',
} as const;

/**
 * The work list's search in the terms of PS3.18: wildcards around what was typed, and one search for each modality, as not every archive
 * takes lists.
 *
 * @param hasWildcards - whether this archive knows them
 * @see PS3.4 C.2.2.2.4
 */
export function wildcardQueries(
  params: StudySearchParams,
  hasWildcards: boolean
): Record<string, string>[] {
  return eachModality(params, value => {
    const plain = value.replace(/[*?]/g, '').trim();
    return plain && (hasWildcards ? `*${plain}*` : plain);
  });
}

/**
 * A search for whole values. Empty when nothing is asked for: everything is never what is meant then.
 *
 * @param isAzure - the Azure DICOM service refuses `<`: such a value is left to {@link isExactly}
 */
export function exactQueries(
  params: StudySearchParams,
  isAzure: boolean
): Record<string, string>[] {
  const asked = eachModality(params, value => value.trim());
  if (asked.every(filters => Object.keys(filters).length === 0)) return [];
  if (!isAzure) return asked;
  return asked.map(filters =>
    Object.fromEntries(Object.entries(filters).filter(([, value]) => !value.includes('<')))
  );
}

/** Whether a study has the patient's and the order's number to the letter. */
export function isExactly(row: StudyRow, { patientId, accessionNumber }: StudySearchParams) {
  const isSame = (value: string, asked = '') => !asked.trim() || value.trim() === asked.trim();
  return isSame(row.mrn, patientId) && isSame(row.accession, accessionNumber);
}

function eachModality(
  params: StudySearchParams,
  valueOf: (typed: string) => string
): Record<string, string>[] {
  const filters: Record<string, string> = {};
  for (const [keyword, name] of Object.entries(TEXTS)) {
    const value = valueOf(params[name] ?? '');
    if (value) filters[keyword] = value;
  }
  const { startDate = '', endDate = '' } = params;
  if (startDate || endDate) filters.StudyDate = `${startDate}-${endDate}`;
  const modalities = [params.modalitiesInStudy ?? []]
    .flat()
    .flatMap(each => each.split(/[,\\]+/).filter(Boolean));
  if (modalities.length === 0) return [filters];
  return modalities.map(modality => ({ ...filters, ModalitiesInStudy: modality }));
}
