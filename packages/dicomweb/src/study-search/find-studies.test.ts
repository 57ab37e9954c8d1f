import type { DicomJson } from '../dicom-json.ts';
import type { DicomwebClient } from '../client.ts';
import type { SearchParameters } from '../search.ts';
import { findStudies } from './find-studies.ts';
import { createSearchMemory } from './search-memory.ts';

/** So many studies; the one with number n has the MRN `M<n>`; those of the archive that were received last come first. */
function archiveOf(count: number) {
  const requests: SearchParameters[] = [];
  let mostAtOnce = 0;
  let atOnce = 0;
  const study = (number: number): DicomJson => ({
    '0020000D': { vr: 'UI', Value: [`1.2.${number}`] },
    '00100020': { vr: 'LO', Value: [`M${number}`] },
    '00100010': { vr: 'PN', Value: [{ Alphabetic: number % 2 ? 'Jones^Smith' : 'Smith^Ann' }] },
  });
  const all = Array.from({ length: count }, (_, index) => study(count - index));
  const client: Pick<DicomwebClient, 'searchForStudies'> = {
    async searchForStudies(parameters = {}) {
      requests.push(parameters);
      mostAtOnce = Math.max(mostAtOnce, ++atOnce);
      await Promise.resolve();
      atOnce -= 1;
      const { filters = {}, limit = 100, offset = 0 } = parameters;
      const found = all.filter(
        each => !filters.PatientID || each['00100020']?.Value?.[0] === filters.PatientID
      );
      return found.slice(offset, offset + limit);
    },
  };
  return { client: client as DicomwebClient, requests, all, mostAtOnce: () => mostAtOnce };
}

const pages = (requests: readonly SearchParameters[]) =>
  requests.map(({ offset = 0, limit = 0 }) => `${offset}+${limit}`).join(' ');

it.each([
  [0, 2000, 0, false, '0+200'],
  [199, 2000, 199, false, '0+200'],
  [200, 2000, 200, false, '0+200 200+200 400+200 600+200'],
  [700, 2000, 700, false, '0+200 200+200 400+200 600+200'],
  [250, 250, 250, false, '0+200 200+50 250+1'],
  [251, 250, 250, true, '0+200 200+50 250+1'],
  [30, 10, 10, true, '0+10 10+1'],
  [
    5000,
    2000,
    2000,
    true,
    '0+200 200+200 400+200 600+200 800+200 1000+200 1200+200 1400+200 1600+200 1800+200 2000+1',
  ],
])(
  'of %i studies with a bound of %i: %i, partial: %j',
  async (count, bound, found, isPartial, asked) => {
    const { client, requests, mostAtOnce } = archiveOf(count);
    const answer = await findStudies(client, {}, { maxStudies: bound });
    expect(answer).toMatchObject({ lookedAt: found, isPartial, onRows: [] });
    expect(answer.studies).toHaveLength(found);
    expect(pages(requests)).toBe(asked);
    expect(mostAtOnce()).toBeLessThanOrEqual(7);
  }
);

it('a part of an MRN is found within the bound, a whole one in all of the archive', async () => {
  const { client } = archiveOf(1000);
  const mrns = async (patientID: string) => {
    const { studies, isPartial, onRows } = await findStudies(
      client,
      { patientID },
      { maxStudies: 400 }
    );
    return [studies.map(each => each['00100020']?.Value?.[0]), isPartial, onRows];
  };
  // 601 to 1000 are read; M600 and M77 are behind them.
  expect(await mrns('m99')).toEqual([
    ['M999', 'M998', 'M997', 'M996', 'M995', 'M994', 'M993', 'M992', 'M991', 'M990'],
    true,
    ['patientID'],
  ]);
  expect(await mrns('M77')).toEqual([
    ['M779', 'M778', 'M777', 'M776', 'M775', 'M774', 'M773', 'M772', 'M771', 'M770', 'M77'],
    true,
    ['patientID'],
  ]);
  expect(await mrns('M600')).toEqual([['M600'], true, ['patientID']]);
});

it('words of a name that the service does not serve are matched on the rows', async () => {
  const { client, requests } = archiveOf(10);
  const { studies } = await findStudies(client, { patientName: 'smi jo' }, { maxStudies: 2000 });
  expect(studies).toHaveLength(5);
  expect(requests[0]).toMatchObject({ filters: { PatientName: 'smi' }, fuzzymatching: true });
});

it('several modalities share the bound', async () => {
  const { client, requests } = archiveOf(3000);
  const modalities = ['CT', 'MR'];
  const { lookedAt } = await findStudies(client, { modalities }, { maxStudies: 1000 });
  expect(lookedAt).toBe(1000);
  expect(Math.max(...requests.map(({ offset = 0 }) => offset))).toBe(500);
});

it('one more letter reads nothing again but the whole value', async () => {
  const { client, requests } = archiveOf(100);
  const memory = createSearchMemory({ now: () => 0 });
  for (const patientID of ['', 'M', 'M1', 'M12']) {
    await findStudies(client, { patientID }, { maxStudies: 2000, memory });
  }
  expect(requests.map(({ filters }) => filters)).toEqual([
    {},
    { PatientID: 'M' },
    { PatientID: 'M1' },
    { PatientID: 'M12' },
  ]);
});

it('a study that arrives between two pages stands in the list once', async () => {
  const { client, all } = archiveOf(300);
  const searchForStudies: DicomwebClient['searchForStudies'] = async parameters => {
    const page = await client.searchForStudies(parameters);
    all.unshift({ '0020000D': { vr: 'UI', Value: [`1.3.${all.length}`] } });
    return page;
  };
  const { studies } = await findStudies({ ...client, searchForStudies }, {}, { maxStudies: 2000 });
  const uids = studies.map(each => each['0020000D']?.Value?.[0]);
  expect(new Set(uids).size).toBe(uids.length);
});

it('a page that fails is the search’s failure', async () => {
  const { client } = archiveOf(300);
  const searchForStudies: DicomwebClient['searchForStudies'] = async parameters => {
    if (parameters?.offset) throw new Error('cut');
    return client.searchForStudies(parameters);
  };
  await expect(
    findStudies({ ...client, searchForStudies }, {}, { maxStudies: 2000 })
  ).rejects.toThrow('cut');
});

it('an impossible range asks nothing', async () => {
  const { client, requests } = archiveOf(5);
  const filters = { from: '20250101', to: '20240101' };
  expect((await findStudies(client, filters, { maxStudies: 2000 })).studies).toEqual([]);
  expect(requests).toEqual([]);
});
