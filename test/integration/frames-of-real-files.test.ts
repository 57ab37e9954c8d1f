import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { retrieveFrames, streamMetadata, type StoredFrame } from '@ohif-azure/dicomweb';
import { createNodeClient, storeFiles, type NodeClient } from '@ohif-azure/dicomweb/node';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import { framesOfInstance } from '../../packages/dicomweb/src/frames/frames-of-instance.ts';
import { startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { PYDICOM_FILES } from '../support/pydicom-files.ts';

interface StoredFile {
  file: string;
  uids: { studyInstanceUID: string; seriesInstanceUID: string; sopInstanceUID: string };
}

async function storeAll(client: NodeClient): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  await storeFiles(client, [PYDICOM_FILES], {
    onOutcome: ({ file, outcome, studyInstanceUID, seriesInstanceUID, sopInstanceUID }) => {
      if (!/^stored/.test(outcome)) return;
      if (!studyInstanceUID || !seriesInstanceUID || !sopInstanceUID) return;
      stored.push({ file, uids: { studyInstanceUID, seriesInstanceUID, sopInstanceUID } });
    },
  });
  return stored;
}

async function askedFor(client: NodeClient, { uids }: StoredFile, frames: readonly StoredFrame[]) {
  const numbers = frames.map((_, index) => index + 1);
  const parts: { bytes: Buffer; transferSyntaxUID: string | undefined }[] = [];
  for await (const { content, transferSyntaxUID } of retrieveFrames(client, uids, numbers)) {
    const pieces: Uint8Array[] = [];
    for await (const piece of content) pieces.push(piece);
    parts.push({ bytes: Buffer.concat(pieces), transferSyntaxUID });
  }
  return parts;
}

/** What differs between the frames that are cut out of each file and those that the archive gives, by file. */
async function differences(client: NodeClient, files: readonly StoredFile[]) {
  const different: Record<string, string> = {};
  let compared = 0;
  for (const stored of files) {
    const name = path.relative(PYDICOM_FILES, stored.file);
    const frames = framesOfInstance(await readFile(stored.file))?.frames;
    if (!frames) continue;
    try {
      const answered = await askedFor(client, stored, frames);
      const isSame =
        answered.length === frames.length &&
        frames.every(({ bytes }, index) => answered[index]?.bytes.equals(bytes));
      const isSameSyntax = frames.every(
        ({ transferSyntaxUID }, index) => answered[index]?.transferSyntaxUID === transferSyntaxUID
      );
      compared += frames.length;
      if (!isSame) different[name] = 'bytes';
      else if (!isSameSyntax) different[name] = 'transfer syntax';
    } catch (error) {
      different[name] = (error as { code?: string }).code ?? String(error);
    }
  }
  return { different, compared };
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-frames-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the emulator of the Azure DICOM service', () => {
  let service: RunningDicomService;
  let client: NodeClient;
  let files: StoredFile[];
  beforeAll(async () => {
    const profile = 'open-source';
    service = await startDicomService({ port: 0, auth: 'none', dataDir: folder, profile });
    client = createNodeClient({ serviceUrl: `${service.url}/v2`, dialect: 'azure' });
    files = await storeAll(client);
  }, 60_000);
  afterAll(async () => {
    client.close();
    await service.close();
  });

  it('frames cut out of each real file are those that it answers, byte for byte', async () => {
    const { different, compared } = await differences(client, files);
    expect(different).toEqual({});
    expect(compared).toBeGreaterThanOrEqual(50);
  }, 60_000);

  it('metadata read as they come are those that are read whole', async () => {
    const studies = new Set(files.map(({ uids }) => uids.studyInstanceUID));
    for (const studyInstanceUID of studies) {
      const streamed: unknown[] = [];
      for await (const one of streamMetadata(client, { studyInstanceUID })) streamed.push(one);
      expect(streamed).toEqual(await client.retrieveMetadata({ studyInstanceUID }));
    }
  }, 60_000);
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

  it('frames cut out of each real file are those that it answers, byte for byte', async () => {
    const { different, compared } = await differences(client, await storeAll(client));
    // Orthanc has no frames of big endian instances.
    expect(different).toEqual({ 'ExplVR_BigEnd.dcm': 'ERR_RETRIEVE_REFUSED' });
    expect(compared).toBeGreaterThanOrEqual(50);
  }, 60_000);
});
