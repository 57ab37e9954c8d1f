import { createDicomwebClient } from './client.ts';
import type { Dialect } from './client.ts';
import type { SearchParameters } from './search.ts';
import { fakeClock } from '../testing/fake-clock.ts';
import { startPeer } from '../testing/scripted-peer.ts';
import type { Peer, Step } from '../testing/scripted-peer.ts';

let peer: Peer;
beforeEach(async () => {
  peer = await startPeer();
});
afterEach(async () => {
  await peer.close();
});

const client = (dialect: Dialect = 'azure') =>
  createDicomwebClient({ serviceUrl: peer.url, dialect, clock: fakeClock() });
const page = (...uids: number[]): Step => ({
  status: 200,
  body: JSON.stringify(uids.map(uid => ({ '0020000D': { vr: 'UI', Value: [`2.25.${uid}`] } }))),
});
const EMPTY: Step = { status: 204 };

describe('the request', () => {
  const AZURE = 'Azure v2 Search';
  const ROWS: readonly (readonly [string, Dialect, SearchParameters, string])[] = [
    [`${AZURE}: nothing given`, 'azure', {}, ''],
    [`${AZURE}: limit 1..200`, 'azure', { limit: 500 }, 'limit=200'],
    [`${AZURE}: limit 1..200`, 'azure', { limit: 0 }, 'limit=1'],
    [`${AZURE}: limit is an integer`, 'azure', { limit: Number.NaN }, 'limit=1'],
    [`${AZURE}: limit`, 'azure', { limit: 101, offset: 0 }, 'limit=101'],
    [
      'PS3.18 10.6.1: limit as given',
      'standard',
      { limit: 500, offset: 20 },
      'limit=500&offset=20',
    ],
    [
      `${AZURE}: wildcards are literal`,
      'azure',
      { filters: { PatientID: '*MRN1*' } },
      'PatientID=MRN1',
    ],
    [
      `${AZURE}: empty values are refused`,
      'azure',
      { filters: { PatientID: ' ', PatientName: '**', StudyDate: '20260101-' } },
      'StudyDate=20260101-',
    ],
    [
      `${AZURE}: fuzzy, quotation mark refused`,
      'azure',
      { filters: { PatientName: 'o"neil*' }, fuzzymatching: true },
      'PatientName=oneil&fuzzymatching=true',
    ],
    [
      'PS3.4 C.2.2.2.4: wildcards stay',
      'standard',
      { filters: { PatientName: 'smi*' }, fuzzymatching: false },
      'PatientName=smi*&fuzzymatching=false',
    ],
    [
      `${AZURE}: includefield as a list`,
      'azure',
      { includefield: ['ModalitiesInStudy', '00080030'] },
      'includefield=ModalitiesInStudy%2C00080030',
    ],
    [
      'RFC 3986: reserved characters',
      'azure',
      { filters: { PatientName: 'A&B=C^D' } },
      'PatientName=A%26B%3DC%5ED',
    ],
  ];
  it.each(ROWS)('%s (%s) %j -> %s', async (_cite, dialect, parameters, query) => {
    peer.script('GET', EMPTY);
    expect(await client(dialect).searchForStudies(parameters)).toEqual([]);
    expect(peer.requests[0]).toMatchObject({ path: '/v2/studies', query });
    expect(peer.requests[0]?.headers.accept).toBe('application/dicom+json');
  });

  it('has the paths of PS3.18 10.6.1', async () => {
    peer.script('GET', ...Array.from({ length: 5 }, () => EMPTY));
    const inStudy = { studyInstanceUID: '1.1' };
    await client().searchForSeries();
    await client().searchForSeries(inStudy);
    await client().searchForInstances();
    await client().searchForInstances(inStudy);
    await client().searchForInstances({ ...inStudy, seriesInstanceUID: '1.2' });
    expect(peer.requests.map(({ path }) => path)).toEqual([
      '/v2/series',
      '/v2/studies/1.1/series',
      '/v2/instances',
      '/v2/studies/1.1/instances',
      '/v2/studies/1.1/series/1.2/instances',
    ]);
  });

  it('refuses what is no UID', async () => {
    await expect(client().searchForSeries({ studyInstanceUID: '1/../..' })).rejects.toThrow(
      TypeError
    );
    await expect(client().searchForInstances({ seriesInstanceUID: '1.2' })).rejects.toThrow(
      TypeError
    );
    expect(peer.requests).toEqual([]);
  });

  const UNSUPPORTED = [
    ['a wildcard inside', { PatientName: 'MAR*KER' }],
    ['a single wildcard', { PatientID: 'MARKER?' }],
    ['a list of UIDs', { StudyInstanceUID: '1.2\\1.3' }],
    ['a list of UIDs', { StudyInstanceUID: '1.2,1.3' }],
    ['a list of modalities', { ModalitiesInStudy: 'CT,MR' }],
  ] as const;
  it.each(UNSUPPORTED)(
    'Azure v2 Search does not serve %s %j, and it is not sent',
    async (_what, filters) => {
      const error: unknown = await client()
        .searchForStudies({ filters })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'ERR_SEARCH_UNSUPPORTED' });
      expect((error as Error).message).toMatch(/taken literally$/);
      expect((error as Error).message).not.toMatch(/MAR|KER|1\.2/);
      expect(peer.requests).toEqual([]);
    }
  );
});

describe('the answer', () => {
  const ROWS = [
    [
      'Azure v2 Search 400',
      { status: 400, body: "Invalid query: unknown query parameter 'foo'." },
      {
        code: 'ERR_SEARCH_REFUSED',
        httpStatus: 400,
        serverText: "Invalid query: unknown query parameter 'foo'.",
      },
    ],
    ['Azure v2 Search 401', { status: 401 }, { code: 'ERR_SEARCH_UNAUTHORIZED' }],
    ['Azure v2 Search 403', { status: 403 }, { code: 'ERR_SEARCH_FORBIDDEN' }],
    ['Azure v2 Search 406', { status: 406 }, { code: 'ERR_SEARCH_REFUSED', httpStatus: 406 }],
    ['500', { status: 500 }, { code: 'ERR_SEARCH_REFUSED', retry: 'transient' }],
    ['not JSON', { status: 200, body: '<html>' }, { code: 'ERR_SEARCH_UNREADABLE' }],
    ['not an array', { status: 200, body: '{"length":1}' }, { code: 'ERR_SEARCH_UNREADABLE' }],
    ['cut', { status: 200, cutBody: '[{' }, { code: 'ERR_SEARCH_UNREACHABLE', httpStatus: 200 }],
    ['dropped', { drop: 'before' }, { code: 'ERR_SEARCH_UNREACHABLE', retry: 'transient' }],
  ] as const;
  it.each(ROWS)('%s', async (_cite, step, expected) => {
    peer.script('GET', step);
    await expect(
      client().searchForStudies({ filters: { PatientID: 'MARKER' } })
    ).rejects.toMatchObject(expected);
  });

  it('leaves out what is no data set', async () => {
    peer.script('GET', { status: 200, body: '[null,1,{"0020000D":{"vr":"UI"}},[]]' });
    expect(await client().searchForStudies()).toHaveLength(1);
  });

  it('names method and address in its error, and no query', async () => {
    peer.script('GET', { status: 400 });
    await expect(client().searchForStudies({ filters: { PatientID: 'MARKER' } })).rejects.toThrow(
      new Error(`QIDO-RS GET ${peer.url}/studies: 400 Bad Request`)
    );
  });
});

describe('all results', () => {
  const all = async (dialect: Dialect, parameters?: SearchParameters): Promise<string[]> => {
    const uids: string[] = [];
    for await (const study of client(dialect).allStudies(parameters)) {
      uids.push(String(study['0020000D']?.Value?.[0]));
    }
    return uids;
  };
  const queries = (): string[] => peer.requests.map(({ query }) => query);

  it('Azure v2 Search: pages of 200, until one is not full', async () => {
    const many = Array.from({ length: 200 }, (_uid, index) => index);
    peer.script('GET', page(...many), page(200, 201));
    expect(await all('azure')).toHaveLength(202);
    expect(queries()).toEqual(['limit=200', 'limit=200&offset=200']);
  });

  it('gives a study once when a new one shifts the pages', async () => {
    peer.script('GET', page(5, 4), page(4, 3), EMPTY);
    expect(await all('azure', { limit: 2 })).toEqual(['2.25.5', '2.25.4', '2.25.3']);
  });

  it('PS3.18 8.3.4: another server may have smaller pages than asked for', async () => {
    peer.script('GET', page(1, 2), page(3), EMPTY);
    expect(await all('standard', { limit: 50 })).toEqual(['2.25.1', '2.25.2', '2.25.3']);
    expect(queries()).toEqual(['limit=50', 'limit=50&offset=2', 'limit=50&offset=3']);
  });

  it('ends with a server that ignores the offset', async () => {
    peer.script('GET', page(1, 2), page(1, 2));
    expect(await all('standard')).toEqual(['2.25.1', '2.25.2']);
  });

  it('asks for no further page than is read', async () => {
    peer.script('GET', page(1, 2));
    const studies = client().allStudies({ limit: 2 });
    expect((await studies.next()).done).toBe(false);
    await studies.return();
    expect(peer.requests).toHaveLength(1);
  });
});
