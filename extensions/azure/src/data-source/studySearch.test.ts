import { jest } from '@jest/globals';
import {
  createSearchMemory,
  type DicomJson,
  type DicomwebClient,
  type SearchParameters,
} from '@ohif-azure/dicomweb';
import { searchStudies } from './studySearch.ts';

const study = (uid: string, mrn: string, date = '20240101'): DicomJson => ({
  '0020000D': { vr: 'UI', Value: [uid] },
  '00080020': { vr: 'DA', Value: [date] },
  '00080030': { vr: 'TM', Value: ['101500'] },
  '00080050': { vr: 'SH', Value: [`A-${uid}`] },
  '00080061': { vr: 'CS', Value: ['CT', 'SR'] },
  '00081030': { vr: 'LO', Value: ['Chest'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
  '00100020': { vr: 'LO', Value: [mrn] },
  '00201208': { vr: 'IS', Value: [61] },
});

function archiveWith(studies: DicomJson[], dialect: 'azure' | 'standard' = 'azure') {
  const asked: SearchParameters[] = [];
  const searchForStudies = async (parameters: SearchParameters = {}) => {
    asked.push(parameters);
    return studies.slice(
      parameters.offset ?? 0,
      (parameters.offset ?? 0) + (parameters.limit ?? 100)
    );
  };
  async function* allStudies(parameters: SearchParameters = {}) {
    asked.push(parameters);
    yield* studies;
  }
  const tags = jest.fn(async () => []);
  const parts = {
    client: { dialect, searchForStudies, allStudies } as unknown as DicomwebClient,
    hasWildcards: dialect === 'standard',
    queryLimit: 200,
    memory: createSearchMemory({ now: () => 0 }),
    tags,
  };
  return { parts, asked, tags };
}

const filtersOf = (asked: readonly SearchParameters[]) => asked.map(({ filters }) => filters);

describe('the work list', () => {
  it('has every column', async () => {
    const { parts } = archiveWith([study('1.2', 'P1')]);
    expect((await searchStudies(parts, {})).rows).toEqual([
      {
        studyInstanceUid: '1.2',
        date: '20240101',
        time: '101500',
        accession: 'A-1.2',
        mrn: 'P1',
        patientName: 'Doe, Jane',
        patientBirthDate: '',
        instances: 61,
        description: 'Chest',
        modalities: 'CT\\SR',
        referringPhysicianName: '',
      },
    ]);
  });

  it('asks for what the service returns only when it is named', async () => {
    const { parts, asked } = archiveWith([]);
    await searchStudies(parts, { limit: 2000, offset: 0, sortBy: 'mrn' });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.includefield).toEqual(
      expect.arrayContaining(['ModalitiesInStudy', 'NumberOfStudyRelatedInstances', 'StudyTime'])
    );
  });

  it('is sorted as the user asks, newest first by default', async () => {
    const { parts } = archiveWith([
      study('1.1', 'P2', '20230101'),
      study('1.2', 'P10', '20250101'),
      study('1.3', 'P1', '20240101'),
    ]);
    const mrns = async (sortBy?: string, sortDirection?: string) =>
      (await searchStudies(parts, { sortBy, sortDirection })).rows.map(({ mrn }) => mrn);
    expect(await mrns()).toEqual(['P10', 'P1', 'P2']);
    expect(await mrns('mrn', 'asc')).toEqual(['P1', 'P2', 'P10']);
    expect(await mrns('mrn', 'descending')).toEqual(['P10', 'P2', 'P1']);
    expect(await mrns('studyDateTime', 'asc')).toEqual(['P2', 'P1', 'P10']);
    expect(await mrns('__proto__', 'asc')).toEqual(['P10', 'P1', 'P2']);
  });

  it.each([
    ['nothing was asked for', {}, 'newest', []],
    ['the service serves what was asked for', { patientName: 'doe' }, 'more', []],
    ['dates', { startDate: '20200101' }, 'more', []],
    ['modalities', { modalitiesInStudy: ['CT'] }, 'more', []],
    [
      'parts are matched on the rows',
      { patientId: 'P', studyDescription: 'che' },
      'part',
      ['patientID', 'studyDescription'],
    ],
    ['several words of a name', { patientName: 'doe ja' }, 'part', ['patientName']],
  ])('says that there is more: %s', async (_case, params, kind, fields) => {
    const many = Array.from({ length: 201 }, (_, index) => study(`1.${index}`, `P${index}`));
    const { parts } = archiveWith(many);
    expect((await searchStudies(parts, params)).notice).toEqual({ kind, count: 200, fields });
  });

  it('says nothing when everything is there', async () => {
    const { parts } = archiveWith([study('1.2', 'P1')]);
    expect((await searchStudies(parts, { patientId: 'P' })).notice).toBeUndefined();
  });

  it('asks for the tags of the service only where they can help', async () => {
    const { parts, tags } = archiveWith([]);
    await searchStudies(parts, { studyDescription: 'x', startDate: '20240101' });
    expect(tags).not.toHaveBeenCalled();
    await searchStudies(parts, { patientId: 'x' });
    expect(tags).toHaveBeenCalledTimes(1);
  });
});

describe('a study by its UID', () => {
  it.each([
    ['one', '1.2.3', [{ StudyInstanceUID: '1.2.3' }]],
    [
      'several, each on its own',
      ['1.2', '1.3'],
      [{ StudyInstanceUID: '1.2' }, { StudyInstanceUID: '1.3' }],
    ],
    [
      'as the viewer joins them',
      '1.2\\1.3',
      [{ StudyInstanceUID: '1.2' }, { StudyInstanceUID: '1.3' }],
    ],
    ['one that cannot exist is nothing, not everything', 'abc', []],
  ])('%s', async (_case, studyInstanceUid, expected) => {
    const { parts, asked } = archiveWith([]);
    await searchStudies(parts, { studyInstanceUid });
    expect(filtersOf(asked)).toEqual(expected);
    // For the choice of the access token.
    for (const each of asked) expect(each.studyInstanceUID).toBe(each.filters?.StudyInstanceUID);
  });

  it('makes the work list ask again', async () => {
    const { parts, asked } = archiveWith([study('1.2', 'P1')]);
    await searchStudies(parts, {});
    await searchStudies(parts, { sortBy: 'mrn' });
    expect(asked).toHaveLength(1);
    await searchStudies(parts, { studyInstanceUid: '1.2' });
    await searchStudies(parts, {});
    expect(asked).toHaveLength(3);
  });
});

/** `disableWildcard`: the viewer's search for the patient's other studies. */
describe.each(['azure', 'standard'] as const)('a patient’s other studies (%s)', dialect => {
  it.each(['MRN1', 'A^b', 'A*1', 'A?1', 'A"1', 'A&1', 'A#1', 'A B', 'A\\B', "A'B"])(
    'of %j: one search for the whole value, as it is',
    async patientId => {
      const { parts, asked } = archiveWith(
        [study('1.2', patientId), study('1.3', `${patientId}2`)],
        dialect
      );
      const { rows, notice } = await searchStudies(parts, { patientId, disableWildcard: true });
      expect(filtersOf(asked)).toEqual([{ PatientID: patientId }]);
      expect(asked[0]?.isLiteral).toBe(true);
      expect(rows.map(({ studyInstanceUid }) => studyInstanceUid)).toEqual(['1.2']);
      expect(notice).toBeUndefined();
    }
  );

  it('another patient whose id differs in case only is left out', async () => {
    const { parts } = archiveWith([study('1.2', 'ab1'), study('1.3', 'AB1')], dialect);
    const { rows } = await searchStudies(parts, { patientId: 'ab1', disableWildcard: true });
    expect(rows.map(({ mrn }) => mrn)).toEqual(['ab1']);
  });

  it('of no id are none', async () => {
    const { parts, asked } = archiveWith([study('1.2', 'P1')], dialect);
    expect((await searchStudies(parts, { patientId: ' ', disableWildcard: true })).rows).toEqual(
      []
    );
    expect(asked).toEqual([]);
  });
});

it('an id with <, which the service refuses, is looked for on the rows', async () => {
  const { parts, asked } = archiveWith([study('1.2', 'A<1'), study('1.3', 'A1')]);
  const { rows } = await searchStudies(parts, { patientId: 'A<1', disableWildcard: true });
  expect(filtersOf(asked)).toEqual([{}]);
  expect(rows.map(({ mrn }) => mrn)).toEqual(['A<1']);
});

/** PS3.4 C.2.2.2.4: wildcards are the archive's business. */
describe('another archive', () => {
  it.each([
    ['nothing asked', {}, [{}]],
    ['parts', { patientName: 'do', patientId: '*1*' }, [{ PatientName: '*do*', PatientID: '*1*' }]],
    ['only a wildcard is nothing', { accessionNumber: '*' }, [{}]],
    [
      'a range of dates',
      { startDate: '20240101', endDate: '20241231' },
      [{ StudyDate: '20240101-20241231' }],
    ],
    ['an open range', { startDate: '20240101' }, [{ StudyDate: '20240101-' }]],
    [
      'several modalities, several searches',
      { modalitiesInStudy: 'CT\\MR', patientName: 'do' },
      [
        { PatientName: '*do*', ModalitiesInStudy: 'CT' },
        { PatientName: '*do*', ModalitiesInStudy: 'MR' },
      ],
    ],
  ])('%s', async (_case, params, expected) => {
    const { parts, asked } = archiveWith([], 'standard');
    await searchStudies(parts, params);
    expect(filtersOf(asked)).toEqual(expected);
  });

  it('without wildcards gets what was typed', async () => {
    const { parts, asked } = archiveWith([], 'standard');
    await searchStudies({ ...parts, hasWildcards: false }, { patientId: '*1' });
    expect(filtersOf(asked)).toEqual([{ PatientID: '1' }]);
  });

  it('that gives as many as were asked for may have more', async () => {
    const many = Array.from({ length: 200 }, (_, index) => study(`1.${index}`, `P${index}`));
    const { parts } = archiveWith(many, 'standard');
    expect((await searchStudies(parts, {})).notice).toEqual({ kind: 'standard', count: 200 });
  });
});
