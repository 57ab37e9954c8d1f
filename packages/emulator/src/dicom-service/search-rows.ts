import type { JsonDataSet, JsonValue } from '../part10/dicom-json.ts';
import { INDEXED_TAGS } from '../storage/stored-instance.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';

/** A study or series as the service's database knows it. */
export interface Row {
  /** Indexed and computed attributes; only those with a value. */
  attributes: JsonDataSet;
  /** Its instances, oldest first. */
  instances: readonly StoredInstance[];
  newest: StoredInstance;
}

/**
 * The row of a study: the attributes of the instance stored last, ModalitiesInStudy and
 * NumberOfStudyRelatedInstances.
 *
 * @param instances - of the study, oldest first; `undefined` comes back for none.
 */
export function studyRow(instances: readonly StoredInstance[]): Row | undefined {
  return kept(STUDY_ROWS, instances, makeStudyRow);
}

/** Rows by the array of their instances, which the index gives out again until something changes. */
type KeptRows = WeakMap<readonly StoredInstance[], Row>;
const STUDY_ROWS: KeptRows = new WeakMap();
const SERIES_ROWS: KeptRows = new WeakMap();

function kept(
  rows: KeptRows,
  instances: readonly StoredInstance[],
  make: (instances: readonly StoredInstance[]) => Row | undefined
): Row | undefined {
  const known = rows.get(instances);
  if (known) return known;
  const row = make(instances);
  if (row) rows.set(instances, row);
  return row;
}

function makeStudyRow(instances: readonly StoredInstance[]): Row | undefined {
  const row = latest(instances, INDEXED_TAGS.study);
  if (!row) return undefined;
  // An empty PatientID does not overwrite an earlier one. [reference 1.5]
  const patientID = instances.findLast(one => one.indexed['00100020'])?.indexed['00100020'];
  if (patientID) row.attributes['00100020'] = patientID;
  const modalities = new Set<JsonValue>();
  let last: JsonDataSet | undefined;
  for (const { indexed } of instances) {
    // The instances of a series share theirs.
    if (indexed === last) continue;
    last = indexed;
    const [modality] = indexed['00080060']?.Value ?? [];
    if (modality) modalities.add(modality);
  }
  if (modalities.size > 0) row.attributes['00080061'] = { vr: 'CS', Value: [...modalities] };
  row.attributes['00201208'] = { vr: 'IS', Value: [instances.length] };
  return row;
}

/** The row of a series, with NumberOfSeriesRelatedInstances. @see studyRow */
export function seriesRow(instances: readonly StoredInstance[]): Row | undefined {
  return kept(SERIES_ROWS, instances, makeSeriesRow);
}

function makeSeriesRow(instances: readonly StoredInstance[]): Row | undefined {
  const row = latest(instances, INDEXED_TAGS.series);
  if (row) row.attributes['00201209'] = { vr: 'IS', Value: [instances.length] };
  return row;
}

function latest(instances: readonly StoredInstance[], tags: readonly string[]): Row | undefined {
  const newest = instances.at(-1);
  if (!newest) return undefined;
  const attributes: JsonDataSet = {};
  for (const tag of tags) {
    const attribute = newest.indexed[tag];
    if (attribute) attributes[tag] = attribute;
  }
  return { attributes, instances, newest };
}
