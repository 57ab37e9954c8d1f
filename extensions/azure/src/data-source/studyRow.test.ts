import { formatPersonName, isFoundRow, rowOf } from './studyRow.ts';
import { hidesRows, modalitiesRow, workListColumns } from './workListColumns.ts';

it.each([
  ['Doe^Jane', 'Doe, Jane'],
  ['Doe^Jane^Q^Dr', 'Doe, Jane Q Dr'],
  ['Doe', 'Doe'],
  ['^Jane', 'Jane'],
  ['Yamada^Tarou=山田^太郎', 'Yamada, Tarou'],
  ['', ''],
])('formatPersonName(%j) is %j', (personName, expected) => {
  expect(formatPersonName(personName)).toBe(expected);
});

describe('the work list’s second filter', () => {
  const tableRow = (original: object, value: string) => ({ original, getValue: () => value });
  const [patient, date, actions] = workListColumns([
    { id: 'patient', meta: { label: 'Patient' } },
    { id: 'studyDateTime', filterFn: () => false },
    { id: 'actions' },
  ]) as {
    filterFn?: (row: object, id: string, asked: unknown) => boolean;
    sortingFn?: (a: object, b: object, id: string) => number;
    meta?: unknown;
  }[];

  it('keeps what our search has found', () => {
    const row = rowOf({ '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Jones^Smith' }] } });
    expect(isFoundRow(row)).toBe(true);
    expect(patient?.filterFn?.(tableRow(row, 'Jones, Smith'), 'patient', 'smi jo')).toBe(true);
    expect(date?.filterFn?.(tableRow(row, ''), 'studyDateTime', {})).toBe(true);
  });

  it('is the table’s own for rows of other data sources', () => {
    const row = tableRow({}, 'Jones, Smith');
    expect(patient?.filterFn?.(row, 'patient', 'SMI')).toBe(true);
    expect(patient?.filterFn?.(row, 'patient', 'smi jo')).toBe(false);
    expect(date?.filterFn?.(row, 'studyDateTime', {})).toBe(false);
  });

  it('sorts names with accents among those without', () => {
    const names = ['Zoe', 'Éric', 'Frank', 'eva'].map(name => tableRow({}, name));
    const sorted = names.sort((a, b) => patient?.sortingFn?.(a, b, 'patient') ?? 0);
    expect(sorted.map(row => row.getValue())).toEqual(['Éric', 'eva', 'Frank', 'Zoe']);
  });

  it('leaves the rest as it is', () => {
    expect(patient?.meta).toEqual({ label: 'Patient' });
    expect(actions).toEqual({ id: 'actions' });
    expect(workListColumns(undefined)).toBeUndefined();
  });
});

describe('the modalities that can be chosen', () => {
  const columns = workListColumns([{ id: 'modalities', filterFn: () => true }]);
  const customizations = (values: Record<string, unknown>) => ({
    getCustomization: (key: string) => values[key],
    setCustomizations: () => undefined,
  });

  it('are those of a row that is never shown', () => {
    const [{ filterFn }] = columns as [
      { filterFn: (row: object, id: string, asked: unknown) => boolean },
    ];
    const original = modalitiesRow(['CT', 'MR']);
    expect(original.modalities).toBe('CT\\MR');
    expect(filterFn({ original, getValue: () => 'CT\\MR' }, 'modalities', ['CT'])).toBe(false);
  });

  it.each([
    [
      'the work list with our columns',
      { 'workList.variant': 'default', 'workList.columns': columns },
      true,
    ],
    ['the legacy list', { 'workList.variant': 'legacy', 'workList.columns': columns }, false],
    [
      'an administrator’s own columns',
      {
        'workList.variant': 'default',
        'workList.columns': [{ id: 'modalities', filterFn: () => true }],
      },
      false,
    ],
    ['another viewer', {}, false],
  ])('only in a list that hides it: %s', (_case, values, expected) => {
    expect(hidesRows(customizations(values))).toBe(expected);
  });
});
