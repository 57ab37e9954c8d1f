import { formatPersonName, searches } from './studySearch.ts';

/** Conformance statement v2 of the service, "Search": exact values, no wildcards, one modality per search. */
it.each([
  ['nothing asked', {}, [{}]],
  ['wildcards taken away', { patientId: '*MRN1*' }, [{ PatientID: 'MRN1' }]],
  ['only a wildcard is nothing', { accessionNumber: '*' }, [{}]],
  ['blank is nothing', { patientName: '  ' }, [{}]],
  [
    'date range',
    { startDate: '20240101', endDate: '20241231' },
    [{ StudyDate: '20240101-20241231' }],
  ],
  ['open range', { startDate: '20240101' }, [{ StudyDate: '20240101-' }]],
  ['one study', { studyInstanceUid: '1.2.3' }, [{ StudyInstanceUID: '1.2.3' }]],
  ['a study that cannot exist', { studyInstanceUid: 'abc' }, []],
  [
    'several studies, several searches',
    { studyInstanceUid: ['1.2', '1.3'] },
    [{ StudyInstanceUID: '1.2' }, { StudyInstanceUID: '1.3' }],
  ],
  [
    'several modalities, several searches',
    { modalitiesInStudy: ['CT', 'MR'], patientName: 'do' },
    [
      { PatientName: 'do', ModalitiesInStudy: 'CT' },
      { PatientName: 'do', ModalitiesInStudy: 'MR' },
    ],
  ],
  [
    'modalities as the viewer joins them',
    { modalitiesInStudy: 'CT\\MR' },
    [{ ModalitiesInStudy: 'CT' }, { ModalitiesInStudy: 'MR' }],
  ],
])('searches: %s', (_case, params, expected) => {
  expect(searches(params)).toEqual(expected);
});

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
