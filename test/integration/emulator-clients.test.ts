/** Clients which others wrote, unchanged: dcmjs-org's dicomweb-client, and Orthanc's DICOMweb client. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { api } from 'dicomweb-client';
import { JSDOM } from 'jsdom';
import { startDicomService } from '@ohif-azure/emulator';
import type { RunningDicomService } from '@ohif-azure/emulator';
import { startOrthanc } from '../support/orthanc.ts';
import type { Orthanc } from '../support/orthanc.ts';
import { request } from '../support/plain-request.ts';
import { storeBody, syntheticInstance, uidsOf } from '../support/synthetic-study.js';

let service: RunningDicomService;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'emulator-clients-'));
  service = await startDicomService({ auth: 'none', port: 0, dataDir });
});
afterAll(async () => {
  await service.close();
  await rm(dataDir, { recursive: true, force: true });
});

const IMAGE = { rows: 8, columns: 8, frames: 3 };
const exact = (bytes: Uint8Array) =>
  bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
const same = (found: ArrayBuffer | undefined, expected: Uint8Array) =>
  Buffer.from(found ?? new ArrayBuffer(0)).equals(expected);

/** What the tests use of the client; its own types demand options which it does not need. */
interface Client {
  storeInstances(options: { datasets: ArrayBuffer[] }): Promise<unknown>;
  searchForStudies(options: object): Promise<unknown[]>;
  searchForSeries(options: object): Promise<unknown[]>;
  searchForInstances(options: object): Promise<unknown[]>;
  retrieveStudyMetadata(options: object): Promise<unknown[]>;
  retrieveSeriesMetadata(options: object): Promise<unknown[]>;
  retrieveInstanceMetadata(options: object): Promise<unknown>;
  retrieveInstance(options: object): Promise<ArrayBuffer>;
  retrieveStudy(options: object): Promise<ArrayBuffer[]>;
  retrieveInstanceFrames(options: object): Promise<ArrayBuffer[]>;
  retrieveInstanceRendered(options: object): Promise<ArrayBuffer[]>;
}
const ClientOf = api.DICOMwebClient as unknown as new (options: {
  url: string;
  verbose: boolean;
}) => Client;

describe('dicomweb-client in a page', () => {
  const files = [0, 1].map(instance => syntheticInstance({ study: 1, instance }, IMAGE));
  const uids = uidsOf(1, 0, 0);
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = uids;
  let page: JSDOM;
  let client: Client;
  beforeAll(() => {
    // The client is for browsers: this is a page's XMLHttpRequest, with its rules for other origins.
    page = new JSDOM('', { url: 'http://viewer.example/' });
    Object.assign(globalThis, { XMLHttpRequest: page.window.XMLHttpRequest });
    client = new ClientOf({ url: `${service.url}/v2`, verbose: false });
  });
  afterAll(() => {
    Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
    page.window.close();
  });

  it('stores', async () => {
    await client.storeInstances({ datasets: files.map(exact) });
    expect(service.instanceCount()).toBe(2);
  });

  it('searches', async () => {
    const studies = await client.searchForStudies({ queryParams: { PatientID: 'MRN000001' } });
    expect(studies).toMatchObject([{ '0020000D': { Value: [studyInstanceUID] } }]);
    expect(await client.searchForSeries({ studyInstanceUID })).toHaveLength(1);
    expect(await client.searchForInstances({ studyInstanceUID, seriesInstanceUID })).toHaveLength(
      2
    );
  });

  it('retrieves metadata', async () => {
    expect(await client.retrieveStudyMetadata({ studyInstanceUID })).toHaveLength(2);
    expect(
      await client.retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID })
    ).toHaveLength(2);
    const metadata = await client.retrieveInstanceMetadata(uids);
    expect(JSON.stringify(metadata)).toContain(sopInstanceUID);
  });

  it('retrieves instances and frames', async () => {
    expect(same(await client.retrieveInstance(uids), files[0]!)).toBe(true);
    // Without a Transfer Syntax, as the client asks, the service gives single instances alone.
    const alone = syntheticInstance({ study: 3 }, IMAGE);
    await client.storeInstances({ datasets: [exact(alone)] });
    const { studyInstanceUID: other } = uidsOf(3, 0, 0);
    const study = await client.retrieveStudy({ studyInstanceUID: other });
    expect(study.map(one => same(one, alone))).toEqual([true]);
    const frames = await client.retrieveInstanceFrames({ ...uids, frameNumbers: [3, 1] });
    const frameBytes = 8 * 8 * 2;
    const pixels = files[0]!.subarray(-3 * frameBytes);
    expect(frames.map(frame => Buffer.from(frame))).toEqual([
      pixels.subarray(2 * frameBytes),
      pixels.subarray(0, frameBytes),
    ]);
  });

  it('retrieves a rendered picture', async () => {
    const [picture] = await client.retrieveInstanceRendered({
      ...uids,
      mediaTypes: [{ mediaType: 'image/png' }],
    });
    expect([...new Uint8Array(picture!).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });
});

describe('the DICOMweb client of Orthanc', () => {
  const STUDY = 2;
  const files = [0, 1, 2].map(instance => syntheticInstance({ study: STUDY, instance }, IMAGE));
  const { studyInstanceUID, seriesInstanceUID } = uidsOf(STUDY, 0, 0);
  let orthanc: Orthanc;
  beforeAll(async () => {
    const server = { Url: `${service.url}/v2/`, HasDelete: false, ChunkedTransfers: true };
    orthanc = await startOrthanc({ DicomWeb: { Servers: { azure: server } } });
    const stored = await request(`${orthanc.dicomwebUrl}/studies`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/related; type="application/dicom"; boundary=b' },
      body: storeBody(files, 'b'),
    });
    expect(stored.status).toBe(200);
  }, 60_000);
  afterAll(() => orthanc.close());

  const rest = async (method: string, where: string, body?: unknown) => {
    const answer = await request(orthanc.url + where, {
      method,
      body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)),
    });
    expect(`${where} ${answer.status}`).toBe(`${where} 200`);
    return JSON.parse(answer.text) as unknown;
  };
  const instances = async () => (await rest('GET', '/instances')) as string[];

  it('sends a study', async () => {
    const before = service.instanceCount();
    const [study] = (await rest('GET', '/studies')) as string[];
    await rest('POST', '/dicom-web/servers/azure/stow', { Resources: [study], Synchronous: true });
    expect(service.instanceCount()).toBe(before + 3);
    for (const [instance, file] of files.entries()) {
      const { sopInstanceUID } = uidsOf(STUDY, 0, instance);
      const kept = await request(
        `${service.url}/v2/studies/${studyInstanceUID}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`,
        { headers: { accept: 'application/dicom; transfer-syntax=*' } }
      );
      expect(kept.body.equals(file)).toBe(true);
    }
  });

  it('queries', async () => {
    const studies = await rest('POST', '/dicom-web/servers/azure/qido', {
      Uri: '/studies',
      Arguments: { PatientID: 'MRN000002' },
    });
    expect(JSON.stringify(studies)).toContain(studyInstanceUID);
  });

  it('retrieves', async () => {
    for (const id of await instances()) await rest('DELETE', `/instances/${id}`);
    const resources = [0, 1, 2].map(instance => {
      const uids = uidsOf(STUDY, 0, instance);
      return {
        Study: uids.studyInstanceUID,
        Series: uids.seriesInstanceUID,
        Instance: uids.sopInstanceUID,
      };
    });
    await rest('POST', '/dicom-web/servers/azure/retrieve', { Resources: resources });
    expect(await instances()).toHaveLength(3);
  });
});
