import type { ExtendedQueryTag } from '../extended-query-tags.ts';
import { planStudySearch } from './plan-study-search.ts';
import type { StudyFilters, TextFilter } from './study-filters.ts';

const QIDO = 'Azure v2 Search (reference 2.3)';
const LIMITS = 'PS3.5 6.2, VR LO and SH';
const EQT = 'Azure, Extended query tags';
const tag = (path: Uppercase<string>, vr: string): ExtendedQueryTag => ({
  path,
  vr,
  level: 'Study',
  isSearchable: true,
});

/** A search: what goes over the wire, and after `|` what is left to be matched on the rows. */
type Search = string;
type Row = readonly [
  cite: string,
  filters: StudyFilters,
  scans: readonly Search[],
  lookups: readonly Search[],
  tags?: readonly ExtendedQueryTag[],
];

const ROWS: readonly Row[] = [
  [QIDO, {}, [''], []],
  [`${QIDO}: an empty value is 400`, { patientName: ' ', patientID: '' }, [''], []],
  [
    `${QIDO}: wildcards are literal`,
    { patientName: '*', patientID: '**', studyDescription: '?' },
    [''],
    [],
  ],
  // Names
  [`${QIDO}: beginnings of words`, { patientName: 'smi' }, ['PatientName=smi fuzzy'], []],
  [
    `${QIDO}: words must be adjacent and in order`,
    { patientName: 'smi jo' },
    ['PatientName=smi fuzzy | patientName'],
    [],
  ],
  [
    `${QIDO}: the longest word leaves the fewest`,
    { patientName: 'J. smithson, a' },
    ['PatientName=smithson fuzzy | patientName'],
    [],
  ],
  [
    `${QIDO}: ^ and = are blanks`,
    { patientName: 'Jones^Smith=x' },
    ['PatientName=Jones fuzzy | patientName'],
    [],
  ],
  [`${QIDO}: wildcards are literal`, { patientName: '*smi*' }, ['PatientName=smi fuzzy'], []],
  [
    `${QIDO}: " is 400 with fuzzymatching, < always`,
    { patientName: '"smi<' },
    ['PatientName=smi fuzzy'],
    [],
  ],
  [
    `${QIDO}: the index's own word breaker sees O'Brien as it was typed`,
    { patientName: "O'Brien" },
    ["PatientName=O'Brien fuzzy"],
    [],
  ],
  [
    `${QIDO}: a value of only punctuation may be 503`,
    { patientName: '--' },
    [' | patientName'],
    [],
  ],
  [
    `${QIDO}: PN without regard to accents`,
    { patientName: 'müll' },
    ['PatientName=müll fuzzy'],
    [],
  ],
  // Whole values and parts
  [`${QIDO}: whole values`, { patientID: 'MRN1' }, [' | patientID'], ['PatientID=MRN1']],
  [`${QIDO}: whole values`, { patientID: ' A^b&c#1 ' }, [' | patientID'], ['PatientID=A^b&c#1']],
  [`${QIDO}: wildcards are literal`, { patientID: 'A*1' }, [' | patientID'], []],
  [`${QIDO}: lists are literal`, { patientID: 'A\\B' }, [' | patientID'], []],
  ['reference 0.7: < is 400', { patientID: 'A<1' }, [' | patientID'], []],
  [LIMITS, { patientID: 'x'.repeat(65) }, [' | patientID'], []],
  [
    `${QIDO}: whole values`,
    { accessionNumber: 'SYN26' },
    [' | accessionNumber'],
    ['AccessionNumber=SYN26'],
  ],
  [LIMITS, { accessionNumber: 'x'.repeat(17) }, [' | accessionNumber'], []],
  [
    `${QIDO}: whole values`,
    { studyDescription: 'CT chest' },
    [' | studyDescription'],
    ['StudyDescription=CT chest'],
  ],
  // Modalities and dates
  [`${QIDO}: ModalitiesInStudy, one`, { modalities: ['CT'] }, ['ModalitiesInStudy=CT'], []],
  [
    `${QIDO}: ModalitiesInStudy, one of each search`,
    { modalities: ['CT', 'MR'] },
    ['ModalitiesInStudy=CT', 'ModalitiesInStudy=MR'],
    [],
  ],
  [`${QIDO}: ranges`, { from: '20240101', to: '20241231' }, ['StudyDate=20240101-20241231'], []],
  [`${QIDO}: ranges with open ends`, { from: '20240101' }, ['StudyDate=20240101-'], []],
  [`${QIDO}: ranges with open ends`, { to: '20241231' }, ['StudyDate=-20241231'], []],
  [`${QIDO}: a day`, { from: '20240101', to: '20240101' }, ['StudyDate=20240101-20240101'], []],
  // Together
  [
    `${QIDO}: the name narrows what is matched`,
    { patientName: 'smi', patientID: '12', from: '20240101' },
    ['StudyDate=20240101- PatientName=smi fuzzy | patientID'],
    ['StudyDate=20240101- PatientID=12 PatientName=smi fuzzy'],
  ],
  [
    `${QIDO}: each whole value is looked up`,
    { patientID: '12', studyDescription: 'chest', modalities: ['CT', 'MR'] },
    [
      'ModalitiesInStudy=CT | patientID,studyDescription',
      'ModalitiesInStudy=MR | patientID,studyDescription',
    ],
    [
      'ModalitiesInStudy=CT PatientID=12 | studyDescription',
      'ModalitiesInStudy=MR PatientID=12 | studyDescription',
      'ModalitiesInStudy=CT StudyDescription=chest | patientID',
      'ModalitiesInStudy=MR StudyDescription=chest | patientID',
    ],
  ],
  // Extended query tags
  [
    `${EQT}: another id of the patient`,
    { patientID: '12' },
    [' | patientID'],
    ['PatientID=12', '00101000=12'],
    [tag('00101000', 'LO')],
  ],
  [
    `${EQT}: a number of the order`,
    { accessionNumber: '12' },
    [' | accessionNumber'],
    ['AccessionNumber=12', '00200010=12'],
    [tag('00200010', 'SH')],
  ],
  [
    `${EQT}: a name at birth, VR PN is matched by words`,
    { patientName: 'smi' },
    ['PatientName=smi fuzzy'],
    ['00101005=smi fuzzy'],
    [tag('00101005', 'PN')],
  ],
  [
    `${EQT}: a name at birth and another word`,
    { patientName: 'smi jo' },
    ['PatientName=smi fuzzy | patientName'],
    ['00101005=smi fuzzy | patientName'],
    [tag('00101005', 'PN')],
  ],
  [
    `${EQT}: one that is about something else`,
    { patientID: '12' },
    [' | patientID'],
    ['PatientID=12'],
    [tag('00100040', 'CS'), tag('00200010', 'SH')],
  ],
  [
    `${EQT}: not asked for`,
    { from: '20240101' },
    ['StudyDate=20240101-'],
    [],
    [tag('00101000', 'LO')],
  ],
];

const written = ({
  filters,
  fuzzymatching,
  onRows,
}: {
  filters: Readonly<Record<string, string>>;
  fuzzymatching?: true;
  onRows: readonly TextFilter[];
}) => {
  const wire = Object.entries(filters).map(([name, value]) => `${name}=${value}`);
  const sent = [...wire, ...(fuzzymatching ? ['fuzzy'] : [])].join(' ');
  return onRows.length > 0 ? `${sent} | ${onRows.join(',')}` : sent;
};

it.each(ROWS.map(row => [row[0], row[1], row] as const))('%s: %j', (_cite, filters, row) => {
  const [, , scans, lookups, tags = []] = row;
  const plan = planStudySearch(filters, tags);
  expect(plan.isImpossible).toBe(false);
  expect(plan.scans.map(written)).toEqual(scans);
  expect(plan.lookups.map(written)).toEqual(lookups);
});

it('every row cites its source, and none sends a wildcard, an empty value, a list or <', () => {
  for (const row of ROWS) {
    expect(row[0]).not.toBe('');
    const { scans, lookups } = planStudySearch(row[1], row[4]);
    for (const query of [...scans, ...lookups]) {
      for (const value of Object.values(query.filters)) expect(value).toMatch(/^[^*?<\\"]+$/);
    }
  }
});

it('a range that ends before it begins is nothing; the service would refuse it', () => {
  expect(planStudySearch({ from: '20240102', to: '20240101' })).toEqual({
    scans: [],
    lookups: [],
    isImpossible: true,
  });
});
