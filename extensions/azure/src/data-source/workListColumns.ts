import { collator } from './sortRows.ts';
import type { Services, StudyRow } from '../ohif.ts';
import { isFoundRow, rowOf } from './studyRow.ts';

interface TableRow {
  original: unknown;
  getValue(columnId: string): unknown;
}
type FilterFunction = (
  row: TableRow,
  columnId: string,
  asked: unknown,
  ...more: never[]
) => boolean;

/** Filters that are ours: the viewer's settings may put other columns in their place. */
const ours = new WeakSet<object>();
/** Rows that are never shown. */
const hidden = new WeakSet<object>();

/** A column of the viewer's work list, as far as it is touched. */
interface Column {
  id?: string;
  filterFn?: unknown;
  sortingFn?: unknown;
}

const SERVED = ['patient', 'mrn', 'studyDateTime', 'modalities', 'description', 'accession'];

/**
 * The work list's columns, without their second filter over what a search of ours has found: the table keeps only rows that have what was
 * typed as one piece, and so would drop `Jones, Smith` when `smi jo` is asked for, and `Zoé` when `zoe` is. Rows of other data sources are
 * filtered as ever. The patients' names are sorted by the rules of the user's language.
 */
export function workListColumns(columns: unknown): unknown {
  if (!Array.isArray(columns)) return columns;
  return (columns as Column[]).map(column => {
    if (!SERVED.includes(column.id ?? '')) return column;
    return {
      ...column,
      filterFn: keepFound(column.filterFn),
      ...(column.id === 'patient' && { sortingFn: byName }),
    };
  });
}

function keepFound(given: unknown): FilterFunction {
  const filter: FilterFunction = (row, columnId, asked, ...more) => {
    if (typeof row.original === 'object' && row.original && hidden.has(row.original)) return false;
    if (isFoundRow(row.original)) return true;
    if (typeof given === 'function') return given(row, columnId, asked, ...more) as boolean;
    // The table's default for texts.
    const value = String(row.getValue(columnId) ?? '').toLowerCase();
    return value.includes(String(asked ?? '').toLowerCase());
  };
  ours.add(filter);
  return filter;
}

/**
 * A row that is not shown, and that makes the table offer these modalities: it offers those of the studies in its list, and so nothing but CT
 * once CT is chosen. Only for a list in which the modalities are being filtered, and that {@link hidesRows}.
 */
export function modalitiesRow(modalities: Iterable<string>): StudyRow {
  const row = {
    ...rowOf({}),
    studyInstanceUid: 'modalities',
    modalities: [...modalities].join('\\'),
  };
  hidden.add(row);
  return row;
}

/** Whether the viewer's work list is the one that filters its rows, by our columns. */
export function hidesRows(customizations: Services['customizationService']): boolean {
  if (customizations.getCustomization('workList.variant') !== 'default') return false;
  const columns = customizations.getCustomization('workList.columns');
  if (!Array.isArray(columns)) return false;
  const { filterFn } = (columns as Column[]).find(({ id }) => id === 'modalities') ?? {};
  return typeof filterFn === 'function' && ours.has(filterFn);
}

function byName(a: TableRow, b: TableRow, columnId: string): number {
  return collator.compare(String(a.getValue(columnId)), String(b.getValue(columnId)));
}
