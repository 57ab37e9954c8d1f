/**
 * The work list's search against the emulator of the Azure DICOM service, over HTTP: for each filter what goes over the wire, and what
 * comes out. Sources: service documentation, conformance statement v2, Search; `BaseQueryParser` of microsoft/dicom-server.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createDicomwebClient,
  extendedQueryTags,
  fetchTransport,
  findStudies,
  partitionNames,
  stringOf,
  waitForOperation,
  type StudyFilters,
  type Transport,
} from '@ohif-azure/dicomweb';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import {
  buildPart10,
  instanceElements,
  type BuilderElements,
} from '../../packages/emulator/src/testing/part10-builder.ts';

interface Made {
  name: string;
  id: string;
  accession?: string;
  description?: string;
  modalities?: string[];
  date: string;
  more?: BuilderElements;
}

/** In the order in which the service receives them; the key is the last part of the UID. */
const STUDIES: Readonly<Record<string, Made>> = {
  1: {
    name: 'Jones^Smith',
    id: 'MRN-100',
    accession: 'ACC1',
    description: 'CT chest',
    modalities: ['CT'],
    date: '20240101',
  },
  2: {
    name: 'Smith^Jo Anne',
    id: 'MRN-200',
    accession: 'ACC12',
    description: 'MR knee left',
    modalities: ['MR'],
    date: '20240201',
  },
  3: {
    name: 'Müller^Zoé',
    id: 'mrn-100',
    accession: 'ACC3',
    description: 'CT Chest with contrast',
    modalities: ['CT', 'SR'],
    date: '20240301',
  },
  4: {
    name: "O'Brien^Pat",
    id: 'A^b*c?"&#1',
    accession: 'ACC4',
    description: 'Chest PA',
    modalities: ['CR'],
    date: '20240401',
  },
  5: {
    name: 'Schmidt-Weber^Karl',
    id: 'B 5',
    accession: 'ACC5',
    description: 'US',
    modalities: ['US', 'CT'],
    date: '20240501',
    more: { '00101000': ['LO', 'OLD-77'], '00101005': ['PN', 'Kowalski'] },
  },
  6: {
    name: 'Yamada^Tarou=山田^太郎',
    id: '700',
    accession: 'ACC6',
    description: 'PET',
    modalities: ['PT', 'CT'],
    date: '20240601',
  },
};

let service: RunningDicomService;
let dataDir: string;
const asked: string[] = [];

/** Notes what goes over the wire, without what every search has. */
function noting(inner: Transport): Transport {
  return {
    send(request) {
      const url = new URL(request.url);
      for (const name of ['includefield', 'limit']) url.searchParams.delete(name);
      asked.push(`${url.pathname.replace('/v2/', '')}${decodeURIComponent(url.search)}`);
      return inner.send(request);
    },
  };
}

const client = (root = '/v2') =>
  createDicomwebClient({
    serviceUrl: service.url + root,
    dialect: 'azure',
    transport: noting(fetchTransport()),
  });

function filesOf([key, made]: [string, Made]): Uint8Array[] {
  return (made.modalities ?? []).map((modality, index) =>
    buildPart10(
      instanceElements({
        '00080005': ['CS', 'ISO_IR 192'],
        '00080018': ['UI', `2.25.${key}.${index + 1}.1`],
        '00080020': ['DA', made.date],
        '00080050': ['SH', made.accession ?? ''],
        '00080060': ['CS', modality],
        '00081030': ['LO', made.description ?? ''],
        '00100010': ['PN', made.name],
        '00100020': ['LO', made.id],
        '0020000D': ['UI', `2.25.${key}`],
        '0020000E': ['UI', `2.25.${key}.${index + 1}`],
        ...made.more,
      })
    )
  );
}

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'study-search-'));
  service = await startDicomService({ auth: 'none', port: 0, dataDir });
  const files = Object.entries(STUDIES).flatMap(filesOf);
  const { instances } = await client().store(files.map(bytes => ({ bytes })));
  expect(new Set(instances.map(({ outcome }) => outcome))).toEqual(new Set(['stored']));
});
afterAll(async () => {
  await service.close();
  await rm(dataDir, { recursive: true, force: true });
});
beforeEach(() => void asked.splice(0));

/** Keys of the studies that are found, in their order. */
async function found(filters: StudyFilters, maxStudies = 2000): Promise<string> {
  const { studies } = await findStudies(client(), filters, {
    includefield: ['ModalitiesInStudy', 'StudyTime'],
    maxStudies,
    tags: (await extendedQueryTags(client())).filter(({ isSearchable }) => isSearchable),
  });
  const keys = studies.map(study => stringOf(study, 'StudyInstanceUID')?.replace('2.25.', ''));
  return keys.sort().join(' ');
}

const NAME = 'reference 2.3, fuzzymatching';
const WHOLE = 'reference 2.3, string: the whole value, without regard to case';
const FILTERS: readonly (readonly [cite: string, StudyFilters, wire: string[], out: string])[] = [
  ['reference 2.4, paging', {}, ['studies'], '1 2 3 4 5 6'],
  [NAME, { patientName: 'smi' }, ['studies?PatientName=smi&fuzzymatching=true'], '1 2'],
  [NAME, { patientName: 'smi jo' }, ['studies?PatientName=smi&fuzzymatching=true'], '1 2'],
  [NAME, { patientName: 'jo smi' }, ['studies?PatientName=smi&fuzzymatching=true'], '1 2'],
  [NAME, { patientName: 'SMITH ann' }, ['studies?PatientName=SMITH&fuzzymatching=true'], '2'],
  [NAME, { patientName: 'muller zoe' }, ['studies?PatientName=muller&fuzzymatching=true'], '3'],
  [NAME, { patientName: 'ZOÉ' }, ['studies?PatientName=ZOÉ&fuzzymatching=true'], '3'],
  [NAME, { patientName: 'mith' }, ['studies?PatientName=mith&fuzzymatching=true'], ''],
  [NAME, { patientName: "o'brien" }, ["studies?PatientName=o'brien&fuzzymatching=true"], '4'],
  [NAME, { patientName: 'weber' }, ['studies?PatientName=weber&fuzzymatching=true'], '5'],
  [
    NAME,
    { patientName: 'schmidt-weber' },
    ['studies?PatientName=schmidt-weber&fuzzymatching=true'],
    '5',
  ],
  [NAME, { patientName: 'yam tar' }, ['studies?PatientName=yam&fuzzymatching=true'], '6'],
  [WHOLE, { patientID: 'MRN-100' }, ['studies', 'studies?PatientID=MRN-100'], '1 3'],
  [WHOLE, { patientID: 'rn-2' }, ['studies', 'studies?PatientID=rn-2'], '2'],
  [WHOLE, { patientID: 'b 5' }, ['studies', 'studies?PatientID=b+5'], '5'],
  ['reference 2.3: wildcards are literal', { patientID: '*00*' }, ['studies'], '1 2 3 6'],
  ['reference 2.3: wildcards are literal', { patientID: 'b*c?"&#1' }, ['studies'], '4'],
  [WHOLE, { accessionNumber: 'acc1' }, ['studies', 'studies?AccessionNumber=acc1'], '1 2'],
  [WHOLE, { studyDescription: 'chest' }, ['studies', 'studies?StudyDescription=chest'], '1 3 4'],
  [
    WHOLE,
    { studyDescription: 'contrast ct' },
    ['studies', 'studies?StudyDescription=contrast+ct'],
    '3',
  ],
  [
    'reference 2.3, ModalitiesInStudy: one',
    { modalities: ['CT'] },
    ['studies?ModalitiesInStudy=CT'],
    '1 3 5 6',
  ],
  [
    'reference 2.3, ModalitiesInStudy: one',
    { modalities: ['SR', 'MR'] },
    ['studies?ModalitiesInStudy=SR', 'studies?ModalitiesInStudy=MR'],
    '2 3',
  ],
  ['reference 2.3, date', { from: '20240301' }, ['studies?StudyDate=20240301-'], '3 4 5 6'],
  ['reference 2.3, date', { to: '20240301' }, ['studies?StudyDate=-20240301'], '1 2 3'],
  [
    'reference 2.3, date',
    { from: '20240201', to: '20240301' },
    ['studies?StudyDate=20240201-20240301'],
    '2 3',
  ],
  ['reference 2.6: a reversed range is 400', { from: '20240301', to: '20240201' }, [], ''],
  [
    'all together',
    {
      patientName: 'z',
      patientID: '100',
      studyDescription: 'chest',
      modalities: ['CT'],
      from: '20240101',
    },
    [
      'studies?StudyDate=20240101-&ModalitiesInStudy=CT&PatientName=z&fuzzymatching=true',
      'studies?StudyDate=20240101-&ModalitiesInStudy=CT&PatientID=100&PatientName=z&fuzzymatching=true',
      'studies?StudyDate=20240101-&ModalitiesInStudy=CT&StudyDescription=chest&PatientName=z&fuzzymatching=true',
    ],
    '3',
  ],
];

it.each(FILTERS)('%s: %j', async (_cite, filters, wire, out) => {
  expect(await found(filters)).toBe(out);
  expect(asked.filter(each => !each.startsWith('extendedquerytags'))).toEqual(wire);
});

it('behind the bound whole values are found, and parts are not', async () => {
  expect(await found({ patientID: 'MRN-200' }, 1)).toBe('2');
  expect(await found({ patientID: 'RN-200' }, 1)).toBe('');
});

it('extended query tags find by the patient’s other ids and name at birth', async () => {
  expect(await found({ patientID: 'old-77' })).toBe('');
  const answer = await fetch(`${service.url}/v2/extendedquerytags`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([
      { Path: '00101000', VR: 'LO', Level: 'Study' },
      { Path: '00101005', VR: 'PN', Level: 'Study' },
    ]),
  });
  expect(answer.status).toBe(202);
  const { id } = (await answer.json()) as { id: string };
  await waitForOperation(client(), id, { pollMs: 10 });
  asked.splice(0);
  expect(await found({ patientID: 'old-77' })).toBe('5');
  expect(asked.slice(1)).toEqual([
    'studies',
    'studies?PatientID=old-77',
    'studies?00101000=old-77',
  ]);
  expect(await found({ patientName: 'kow' })).toBe('5');
  expect(await found({ patientName: 'kow karl' })).toBe('5');
  expect(await found({ patientName: 'kow jane' })).toBe('');
});

it('partitions that the service has are listed; without the feature it says so', async () => {
  await expect(partitionNames(client())).rejects.toMatchObject({ httpStatus: 400 });
  const folder = await mkdtemp(path.join(tmpdir(), 'study-search-'));
  const parted = await startDicomService({
    auth: 'none',
    port: 0,
    dataDir: folder,
    partitions: true,
  });
  try {
    const at = (name: string) =>
      createDicomwebClient({ serviceUrl: `${parted.url}/v2/partitions/${name}`, dialect: 'azure' });
    const [bytes] = filesOf(['1', STUDIES[1]!]);
    await at('radiology').store([{ bytes: bytes! }]);
    expect(await partitionNames(at('radiology'))).toEqual(['Microsoft.Default', 'radiology']);
    expect(await extendedQueryTags(at('radiology'))).toEqual([]);
    const { studies } = await findStudies(
      at('radiology'),
      { patientName: 'smi' },
      { maxStudies: 10 }
    );
    expect(studies).toHaveLength(1);
  } finally {
    await parted.close();
    await rm(folder, { recursive: true, force: true });
  }
});
