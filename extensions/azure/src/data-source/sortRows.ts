import type { StudyRow } from '../ohif.ts';

type SortKey = 'when' | keyof StudyRow;

/** The columns of the viewer's two work lists, by what they call them. */
const COLUMNS: Readonly<Record<string, SortKey>> = {
  patient: 'patientName',
  patientName: 'patientName',
  mrn: 'mrn',
  studyDateTime: 'when',
  studyDate: 'when',
  modalities: 'modalities',
  modality: 'modalities',
  description: 'description',
  accession: 'accession',
  instances: 'instances',
};

/** Names with accents stand with those without, and numbers in the order of their values. */
export const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

const when = ({ date, time }: StudyRow) => `${date} ${time}`;

/** Sorted as the user asks, newest first by default; the archive gives no order. */
export function sortRows(rows: StudyRow[], sortBy = '', sortDirection = ''): StudyRow[] {
  const key = Object.hasOwn(COLUMNS, sortBy) ? COLUMNS[sortBy] : undefined;
  const isDescending = key ? sortDirection.startsWith('desc') : true;
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => sign * compare(a, b, key ?? 'when') || compare(b, a, 'when'));
}

function compare(a: StudyRow, b: StudyRow, key: SortKey): number {
  if (key === 'instances') return a.instances - b.instances;
  // DA and TM are in the order of their letters.
  if (key === 'when') return when(a) < when(b) ? -1 : Number(when(a) > when(b));
  return collator.compare(a[key], b[key]);
}
