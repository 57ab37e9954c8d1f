import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createNodeClient,
  retrieveToFolder,
  storeFiles,
  type FileOutcome,
  type NodeClient,
} from '@ohif-azure/dicomweb/node';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import { startOrthanc, type Orthanc } from '../support/orthanc.ts';
import {
  differentDataSets,
  PYDICOM_FILES,
  readWithPydicom,
  type PydicomFile,
} from '../support/pydicom-files.ts';

const DICOMDIR = '1.2.840.10008.1.3.10';

let folder: string;
let files: PydicomFile[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-files-'));
  files = await readWithPydicom(PYDICOM_FILES);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const nameOf = (file: string) => path.relative(PYDICOM_FILES, file);

/** What pydicom says of each file decides what is expected; rows name the files for which the archive has another view. */
function expectedOutcomes(
  outcomes: readonly FileOutcome[],
  exceptions: Readonly<Record<string, string>>,
  judge: (file: PydicomFile) => string
): Record<string, string> {
  const holders = new Set(
    outcomes
      .filter(({ outcome }) => outcome === 'stored' || outcome === 'storedWithWarnings')
      .map(({ file }) => file)
  );
  const holderOf = (uid: string | null) =>
    files.find(({ file, sopInstanceUID }) => sopInstanceUID === uid && holders.has(file));
  const expected: Record<string, string> = {};
  for (const file of files) {
    const name = nameOf(file.file);
    const holder = holderOf(file.sopInstanceUID);
    if (exceptions[name]) expected[name] = exceptions[name];
    else if (!file.isPart10 || file.sopClassUID === DICOMDIR || name.includes('DICOMDIR')) {
      expected[name] = 'notDicom';
    } else if (file.sopInstanceUID !== null && holder && holder.file !== file.file) {
      // One of those with the same UID is stored; the same content again is there already, other content is refused.
      expected[name] = 'alreadyStored or rejected';
    } else expected[name] = judge(file);
  }
  return expected;
}

function foundOutcomes(
  outcomes: readonly FileOutcome[],
  expected: Readonly<Record<string, string>>
): Record<string, string> {
  return Object.fromEntries(
    outcomes.map(({ file, outcome }) => {
      const wanted = expected[nameOf(file)] ?? '';
      return [nameOf(file), wanted.split(' or ').includes(outcome) ? wanted : outcome];
    })
  );
}

async function storeAll(client: NodeClient): Promise<FileOutcome[]> {
  const outcomes: FileOutcome[] = [];
  const { summary } = await storeFiles(client, [PYDICOM_FILES], {
    onOutcome: outcome => outcomes.push(outcome),
  });
  const counted = Object.values(summary).reduce((sum, count) => sum + count, 0);
  expect(counted).toBe(files.length);
  expect(outcomes.map(({ file }) => file).sort()).toEqual(files.map(({ file }) => file).sort());
  return outcomes;
}

/** Retrieves every stored file's study, and gives the pairs of stored and retrieved file. */
async function retrieveAll(
  client: NodeClient,
  outcomes: readonly FileOutcome[],
  out: string
): Promise<[string, string][]> {
  const stored = outcomes.filter(({ outcome }) => /^stored/.test(outcome));
  const studies = new Set(stored.map(({ studyInstanceUID = '' }) => studyInstanceUID));
  for (const studyInstanceUID of studies) {
    const { summary } = await retrieveToFolder(client, { studyInstanceUID }, out);
    expect(summary).toMatchObject({ alreadyThere: 0, failed: 0, notRetrieved: 0 });
  }
  return stored.map(outcome => {
    const { studyInstanceUID = '', seriesInstanceUID = '', sopInstanceUID = '' } = outcome;
    const file = path.join(out, studyInstanceUID, seriesInstanceUID, `${sopInstanceUID}.dcm`);
    return [outcome.file, file];
  });
}

async function differentBytes(pairs: readonly (readonly [string, string])[]): Promise<string[]> {
  const different: string[] = [];
  for (const [stored, retrieved] of pairs) {
    if (!(await readFile(stored)).equals(await readFile(retrieved))) different.push(nameOf(stored));
  }
  return different;
}

describe('the emulator of the Azure DICOM service', () => {
  let service: RunningDicomService;
  let client: NodeClient;
  beforeAll(async () => {
    const dataDir = path.join(folder, 'emulator');
    // As the published source does: it takes Implicit VR, with a warning (Azure v2 Store, 45063).
    const profile = 'open-source';
    service = await startDicomService({ port: 0, auth: 'none', dataDir, profile });
    client = createNodeClient({ serviceUrl: `${service.url}/v2`, dialect: 'azure' });
  });
  afterAll(async () => {
    client.close();
    await service.close();
  });

  it('gives each file the right outcome, and every stored one back byte for byte', async () => {
    const outcomes = await storeAll(client);
    const expected = expectedOutcomes(
      outcomes,
      {
        // What pydicom forgives and the service does not (Azure v2 Store, 43264: not readable as Part 10).
        'SC_rgb_jpeg.dcm': 'rejected',
        'meta_missing_tsyntax.dcm': 'rejected',
      },
      ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID, patientID, isReadable }) =>
        isReadable && studyInstanceUID && seriesInstanceUID && sopInstanceUID && patientID !== null
          ? 'stored or storedWithWarnings'
          : 'rejected'
    );
    expect(foundOutcomes(outcomes, expected)).toEqual(expected);

    const rejected = outcomes.filter(({ outcome }) => outcome === 'rejected');
    for (const { message, remedy } of rejected) {
      expect(message).toBeTruthy();
      expect(remedy).toBeTruthy();
    }
    expect(outcomes.find(({ file }) => nameOf(file) === 'priv_SQ.dcm')).toMatchObject({
      failureReason: 43264,
      message: expect.stringContaining('43264 (0xA900)'),
    });

    const pairs = await retrieveAll(client, outcomes, path.join(folder, 'from-emulator'));
    expect(pairs.length).toBeGreaterThan(100);
    expect(await differentBytes(pairs)).toEqual([]);
  });

  it('a second run stores nothing twice, and that is no error', async () => {
    const before = service.instanceCount();
    const outcomes = await storeAll(client);
    expect(service.instanceCount()).toBe(before);
    expect(outcomes.filter(({ outcome }) => /^stored/.test(outcome))).toEqual([]);
    expect(outcomes.filter(({ outcome }) => outcome === 'alreadyStored')).toHaveLength(before + 1);
    expect(outcomes.filter(({ outcome }) => /unknown|notSent/.test(outcome))).toEqual([]);
  });
});

describe('a real Orthanc', () => {
  let orthanc: Orthanc;
  let client: NodeClient;
  beforeAll(async () => {
    orthanc = await startOrthanc();
    client = createNodeClient({ serviceUrl: orthanc.dicomwebUrl });
  }, 60_000);
  afterAll(async () => {
    client.close();
    await orthanc.close();
  });

  it('gives each file the right outcome, and every stored one back', async () => {
    const outcomes = await storeAll(client);
    const expected = expectedOutcomes(
      outcomes,
      { 'SC_rgb_jpeg.dcm': 'rejected', 'meta_missing_tsyntax.dcm': 'rejected' },
      // Orthanc takes instances without a PatientID.
      ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID, isReadable }) =>
        isReadable && studyInstanceUID && seriesInstanceUID && sopInstanceUID
          ? 'stored'
          : 'rejected'
    );
    expect(foundOutcomes(outcomes, expected)).toEqual(expected);

    const pairs = await retrieveAll(client, outcomes, path.join(folder, 'from-orthanc'));
    const different = await differentBytes(pairs);
    expect(different).toEqual([]);
    expect(await differentDataSets(pairs)).toEqual([]);
  }, 60_000);
});
