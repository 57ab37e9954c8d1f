import { createDicomwebClient, type DicomJson, type Transport } from '@ohif-azure/dicomweb';
import { createArchiveReader } from './ArchiveReader.ts';

const STUDY = '2.25.1';

function instances(series: string, number: number | undefined, rows: number): DicomJson[] {
  const value = (vr: string, one: unknown) => ({ vr, Value: [one] });
  return Array.from({ length: 5 }, (_, index) => ({
    '00080018': value('UI', `${series}.${index}`),
    '0020000D': value('UI', STUDY),
    '0020000E': value('UI', series),
    // The archive's order is not the viewer's.
    '00200013': value('IS', 9 - index),
    ...(number !== undefined && { '00200011': value('IS', number) }),
    '00280010': value('US', rows),
    '00280011': value('US', rows),
    '00280100': value('US', 16),
  }));
}

/** Paths of the requests, until a series is streamed. */
function pathsUntilStream(metadata: readonly DicomJson[]): Promise<string[]> {
  return new Promise(resolve => {
    const paths: string[] = [];
    const body = new TextEncoder().encode(JSON.stringify(metadata));
    const transport: Transport = {
      async send({ url }) {
        paths.push(new URL(url).pathname);
        if (!url.endsWith('/metadata')) resolve(paths);
        const status = url.endsWith('/metadata') ? 200 : 404;
        return { status, headers: new Headers(), bytes: () => Promise.resolve(body) };
      },
    };
    const client = createDicomwebClient({ serviceUrl: 'http://archive.test/v2', transport });
    createArchiveReader(client).metadata.ahead(STUDY);
  });
}

it.each<[string, DicomJson[], string]>([
  ['by its number', [...instances('2.25.3', 2, 4), ...instances('2.25.2', 1, 4)], '2.25.2'],
  ['with images', [...instances('2.25.2', 1, 0), ...instances('2.25.3', 2, 4)], '2.25.3'],
  ['numbered', [...instances('2.25.2', undefined, 4), ...instances('2.25.3', 9, 4)], '2.25.3'],
])('begins with the first series %s once the study was read ahead', async (_, metadata, first) => {
  expect(await pathsUntilStream(metadata)).toEqual([
    `/v2/studies/${STUDY}/metadata`,
    `/v2/studies/${STUDY}/series/${first}`,
  ]);
});

it('of a series too large for that, with its first image alone', async () => {
  const metadata = [...instances('2.25.2', 1, 8_192), ...instances('2.25.3', 2, 4)];
  expect(await pathsUntilStream(metadata)).toEqual([
    `/v2/studies/${STUDY}/metadata`,
    `/v2/studies/${STUDY}/series/2.25.2/instances/2.25.2.4/frames/1`,
  ]);
});
