/** The largest page of the Azure DICOM service. */
export const AZURE_MAX_LIMIT = 200;

/** Attributes of VR PN that can be searched, by keyword and by tag. */
const PERSON_NAMES = new Set(['PatientName', 'ReferringPhysicianName', '00100010', '00080090']);

/** Attributes of which standard servers take lists. */
const LISTS = /^(?:.*UID|Modality|ModalitiesInStudy|0020000[DE]|00080018|0008006[01])$/i;

/** A filter that cannot be put in the service's terms. The value is not kept: it may be patient data. */
export interface UnsupportedFilter {
  readonly attribute: string;
  readonly why: string;
}

/**
 * Puts filters in the terms of the Azure DICOM service, which takes `*`, `?` and lists literally and so would find nothing, and refuses empty
 * values and quotation marks.
 * - `*` at the beginning and end is dropped: what is left matches the whole value, or with fuzzy matching the beginnings of a name's words;
 * - filters without a value are dropped, and quotation marks in names searched with fuzzy matching;
 * - a wildcard inside, or a list, is not supported: such a filter is to be applied to the rows found, or sent as several searches.
 * @see Azure DICOM service conformance statement v2, Search; source: BaseQueryParser
 */
export function toAzureFilters(
  filters: Readonly<Record<string, string>>,
  fuzzymatching: boolean
): { filters: Record<string, string>; unsupported: UnsupportedFilter[] } {
  const served: [string, string][] = [];
  const unsupported: UnsupportedFilter[] = [];
  for (const [attribute, given] of Object.entries(filters)) {
    let value = given
      .trim()
      .replace(/^\*+|\*+$/g, '')
      .trim();
    if (fuzzymatching && PERSON_NAMES.has(attribute)) value = value.replaceAll('"', '').trim();
    if (!value) continue;
    if (/[*?]/.test(value)) {
      unsupported.push({ attribute, why: 'wildcards are taken literally' });
    } else if (value.includes('\\') || (LISTS.test(attribute) && value.includes(','))) {
      unsupported.push({ attribute, why: 'lists are taken literally' });
    } else {
      served.push([attribute, value]);
    }
  }
  return { filters: Object.fromEntries(served), unsupported };
}

/** A page size that the service takes: 1 to 200. */
export function toAzureLimit(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), AZURE_MAX_LIMIT);
}
