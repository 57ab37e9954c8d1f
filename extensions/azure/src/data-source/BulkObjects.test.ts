/** @jest-environment node */
import { createDicomwebClient, fetchTransport, type DicomJson } from '@ohif-azure/dicomweb';
import { ReadingProblems } from '../viewport/ReadingProblems.ts';
import { BulkObjects, type CornerstoneMetadata } from './BulkObjects.ts';

const UIDS: DicomJson = {
  '0020000D': { vr: 'UI', Value: ['1.1'] },
  '0020000E': { vr: 'UI', Value: ['1.2'] },
  '00080018': { vr: 'UI', Value: ['1.3'] },
};
const IMAGE_ID =
  'azure-frames:https://archive.example/studies/1.1/series/1.2/instances/1.3/frames/1';
const us = (...Value: number[]) => ({ vr: 'US', Value });
const PALETTE: DicomJson = {
  ...UIDS,
  '00280004': { vr: 'CS', Value: ['PALETTE COLOR'] },
  '00281101': us(2, 0, 8),
  '00281102': us(2, 0, 8),
  '00281103': us(2, 0, 8),
};
const ENDOSCOPY: DicomJson = {
  ...UIDS,
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.77.1.1.1'] },
};

interface Module {
  rows?: number;
  redPaletteColorLookupTableData?: Promise<ArrayLike<number>>;
}

/** An archive of one instance, whose answers are counted. */
function scene(instance: DicomJson, answer: () => Response) {
  let requests = 0;
  const client = createDicomwebClient({
    serviceUrl: 'https://archive.example',
    transport: fetchTransport(async () => {
      requests += 1;
      return answer();
    }),
  });
  const providers: ((type: string, imageId: string) => unknown)[] = [];
  const cornerstone: CornerstoneMetadata = {
    metaData: {
      addProvider: provider => providers.unshift(provider),
      get(type, imageId) {
        for (const provider of providers) {
          const found = provider(type, imageId);
          if (found !== undefined) return found;
        }
        return type === 'imagePixelModule' ? { rows: 2 } : undefined;
      },
    },
    getRenderingEngines: () => [],
  };
  const problems = new ReadingProblems();
  const bulk = new BulkObjects(cornerstone, problems);
  return {
    bulk,
    problems,
    requests: () => requests,
    read: () => bulk.watching(client, async () => [instance])('1.1', '1.2'),
    pixels: () => cornerstone.metaData.get('imagePixelModule', IMAGE_ID) as Module,
    url: () => cornerstone.metaData.get('imageUrlModule', IMAGE_ID),
  };
}

const part10 = (type = 'application/dicom') => {
  const ascii = (text: string) => [...text].map(letter => letter.charCodeAt(0));
  const uid = '1.2.840.10008.1.2.1\0';
  const table = (colour: number) => [0x28, 0, colour, 0x12, ...ascii('OW'), 0, 0, 2, 0, 0, 0, 8, 9];
  const bytes = Uint8Array.from([
    ...new Array<number>(128).fill(0),
    ...ascii('DICM'),
    ...[2, 0, 0x10, 0, ...ascii('UI'), uid.length, 0, ...ascii(uid)],
    ...[1, 2, 3].flatMap(table),
  ]);
  return new Response(bytes, { headers: { 'content-type': type } });
};
const refused = () => new Response(null, { status: 403 });

it('gives the colours out of the instance, read once, and leaves the rest of the module alone', async () => {
  const { read, pixels, requests } = scene(PALETTE, () => part10());
  await read();
  expect(requests()).toBe(0);
  const module = pixels();
  expect(module.rows).toBe(2);
  expect([...Array.from((await module.redPaletteColorLookupTableData) ?? [])]).toEqual([8, 9]);
  await pixels().redPaletteColorLookupTableData;
  expect(requests()).toBe(1);
});

it('a refused palette fails the image, and is asked for again', async () => {
  const answers = [refused, () => part10()];
  const { read, pixels } = scene(PALETTE, () => (answers.shift() ?? refused)());
  await read();
  await expect(pixels().redPaletteColorLookupTableData).rejects.toMatchObject({
    code: 'ERR_RETRIEVE_FORBIDDEN',
  });
  expect(await pixels().redPaletteColorLookupTableData).toHaveLength(2);
});

it('says nothing of images that need nothing', async () => {
  const { read, pixels, url } = scene(UIDS, refused);
  await read();
  expect(pixels()).toEqual({ rows: 2 });
  expect(url()).toBeUndefined();
});

it('tells the viewer the Transfer Syntax of what may be a video', async () => {
  const type = 'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.102';
  const { read } = scene(ENDOSCOPY, () => part10(type));
  const [video] = await read();
  expect(video?.['00083002']).toEqual({ vr: 'UI', Value: ['1.2.840.10008.1.2.4.102'] });
});

it('out of the bytes where the answer does not name it', async () => {
  const { read } = scene(ENDOSCOPY, () => part10());
  const [video] = await read();
  expect(video?.['00083002']?.Value).toEqual(['1.2.840.10008.1.2.1']);
});

it('a study opens also when that cannot be had', async () => {
  const { read } = scene(ENDOSCOPY, refused);
  expect(await read()).toEqual([ENDOSCOPY]);
});

it('a video that cannot be read is a problem of its instance', async () => {
  const { read, url, problems } = scene(ENDOSCOPY, refused);
  await read();
  const told = new Promise<void>(resolve => problems.subscribe(resolve));
  expect(url()).toEqual({ rendered: expect.stringMatching(/^data:/) });
  await told;
  expect(problems.ofInstance('1.3')?.error).toMatchObject({ code: 'ERR_RETRIEVE_FORBIDDEN' });
});

it('knows nothing of a study that was left', async () => {
  const { bulk, read, url } = scene(ENDOSCOPY, refused);
  await read();
  bulk.clear();
  expect(url()).toBeUndefined();
});
