import { mkdir, open as openFile, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { fakeClock } from '../../testing/fake-clock.ts';
import { SR, srInstance } from '../../testing/part10-builder.ts';
import { startSmallArchive } from '../../testing/small-archive.ts';
import type { SmallArchive } from '../../testing/small-archive.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { TemporaryFolder } from '../../testing/temporary-folder.ts';
import { createNodeClient } from './node-client.ts';
import type { NodeClient } from './node-client.ts';
import { parseLayout, safeName } from './layout.ts';
import type { RetrievalOutcome, RetrieveToFolderOptions } from './retrieve-options.ts';
import { RetrieveRun } from './retrieve-run.ts';
import type { OpenFile } from './target-folder.ts';

const { studyInstanceUID, seriesInstanceUID } = SR;
const SERIES_PATH = `/studies/${studyInstanceUID}/series/${seriesInstanceUID}`;

let archive: SmallArchive;
let folder: TemporaryFolder;
let client: NodeClient;
let out: string;
/** What the archive lists, and what it sends for a path (`series` or an instance's UID); undefined: 404. */
let listed: { uid: string; series?: string; tags?: object }[];
let parts: Map<string, Uint8Array[]>;
/** Cuts the answer to these behind so many bytes, once. */
let cuts: Map<string, number>;

beforeEach(async () => {
  archive = await startSmallArchive();
  folder = await temporaryFolder();
  out = `${folder.path}/out`;
  client = createNodeClient({ serviceUrl: archive.url, dialect: 'azure', clock: fakeClock() });
  listed = [];
  parts = new Map();
  cuts = new Map();
  archive.onGet = answer;
});
afterEach(async () => {
  client.close();
  await archive[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function answer(path: string, response: ServerResponse): boolean {
  if (path.includes('/instances?') || path.endsWith('/instances')) {
    const offset = Number(/offset=(\d+)/.exec(path)?.[1] ?? 0);
    const page = listed.slice(offset, offset + 200).map(({ uid, series, tags }) => ({
      '00080018': { vr: 'UI', Value: [uid] },
      '0020000E': { vr: 'UI', Value: [series ?? seriesInstanceUID] },
      ...tags,
    }));
    response.writeHead(page.length ? 200 : 204, { 'Content-Type': 'application/dicom+json' });
    response.end(page.length ? JSON.stringify(page) : undefined);
    return true;
  }
  const key = path === SERIES_PATH ? 'series' : path.slice(path.lastIndexOf('/') + 1);
  const found = parts.get(key);
  if (!found) {
    response.writeHead(404).end();
    return true;
  }
  const pieces = found.flatMap(bytes => [
    Buffer.from(
      '\r\n--b\r\nContent-Type: application/dicom; transfer-syntax=1.2.840.10008.1.2.1\r\n\r\n'
    ),
    bytes,
  ]);
  const body = Buffer.concat([...pieces, Buffer.from('\r\n--b--\r\n')]);
  response.writeHead(200, { 'Content-Type': 'multipart/related; boundary=b' });
  const cut = cuts.get(key);
  cuts.delete(key);
  if (cut === undefined) response.end(body);
  else response.write(body.subarray(0, cut), () => setImmediate(() => response.destroy()));
  return true;
}

function have(count: number): string[] {
  const uids = Array.from({ length: count }, (_, index) => `2.25.${5000 + index}`);
  listed = uids.map(uid => ({ uid }));
  parts.set(
    'series',
    uids.map(uid => srInstance(uid))
  );
  for (const uid of uids) parts.set(uid, [srInstance(uid)]);
  return uids;
}

async function run(options: RetrieveToFolderOptions = {}, open?: OpenFile) {
  const outcomes: RetrievalOutcome[] = [];
  const clock = fakeClock();
  const onOutcome = (outcome: RetrievalOutcome) => void outcomes.push(outcome);
  const settings = { clock, random: () => 0.5, onOutcome, ...options };
  const result = await new RetrieveRun(client, { studyInstanceUID }, out, settings, open).run();
  return { result, outcomes };
}

const filesIn = async (path: string) =>
  (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter(entry => entry.isFile())
    .map(entry => `${entry.parentPath}/${entry.name}`.slice(path.length + 1))
    .sort();

describe('retrieveToFolder', () => {
  it('fetches a series in one request, and nothing a second time', async () => {
    const uids = have(8);
    const { result } = await run();
    expect(result.summary).toEqual({ retrieved: 8, alreadyThere: 0, failed: 0, notRetrieved: 0 });
    expect(archive.gets.filter(path => path === SERIES_PATH)).toHaveLength(1);
    expect(archive.gets).toHaveLength(2);
    const names = uids.map(uid => `${studyInstanceUID}/${seriesInstanceUID}/${uid}.dcm`);
    expect(await filesIn(out)).toEqual(names.sort());
    expect((await readFile(`${out}/${names[0]}`)).equals(srInstance(uids[0]))).toBe(true);
    archive.gets.length = 0;
    expect((await run()).result.summary.alreadyThere).toBe(8);
    expect(archive.gets).toHaveLength(1);
  });

  it('an answer that is cut: what came stays, the rest comes one by one', async () => {
    have(8);
    cuts.set('series', 3 * (srInstance('2.25.5000').length + 80) + 10);
    const { result } = await run();
    expect(result.summary.retrieved).toBe(8);
    const single = archive.gets.filter(path => path.startsWith(`${SERIES_PATH}/instances/`));
    expect(single).toHaveLength(5);
  });

  it('keeps nothing that is not what was asked for', async () => {
    have(1);
    parts.set('2.25.5000', [srInstance('2.25.6666')]);
    const { outcomes } = await run();
    expect(outcomes).toMatchObject([{ outcome: 'failed', message: expect.stringMatching(/else/) }]);
    expect(await filesIn(out)).toEqual([]);
  });

  it.each([
    ['a path', '../../../../tmp/evil'],
    ['dots', '..'],
    ['a separator', '1.2/../../x'],
    ['nothing', ''],
    ['65 characters', '1'.repeat(65)],
  ])('a SOP Instance UID that is %s names no file', async (_what, uid) => {
    have(1);
    listed.push({ uid });
    const { outcomes } = await run();
    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toHaveLength(1);
    expect(await filesIn(folder.path)).toEqual([
      `out/${studyInstanceUID}/${seriesInstanceUID}/2.25.5000.dcm`,
    ]);
  });

  it('does not follow a symbolic link out of the folder', async () => {
    have(1);
    await mkdir(`${folder.path}/elsewhere`);
    await mkdir(out);
    await symlink(`${folder.path}/elsewhere`, `${out}/${studyInstanceUID}`);
    const { result } = await run();
    expect(result.stoppedBy).toMatchObject({ code: 'ERR_RETRIEVE_FOLDER' });
    expect(await readdir(`${folder.path}/elsewhere`)).toEqual([]);
  });

  it('writes over no file that is there', async () => {
    have(1);
    const place = `${out}/${studyInstanceUID}/${seriesInstanceUID}`;
    await mkdir(place, { recursive: true });
    await writeFile(`${place}/2.25.5000.dcm`, 'my notes');
    const { outcomes } = await run();
    expect(outcomes).toMatchObject([{ outcome: 'failed', remedy: expect.stringMatching(/Move/) }]);
    expect(await readFile(`${place}/2.25.5000.dcm`, 'utf8')).toBe('my notes');
  });

  it('a full disk ends the run with words; what is whole stays, and a new run goes on', async () => {
    have(3);
    let opened = 0;
    const full: OpenFile = async (path, flags, mode) => {
      const handle = await openFile(path, flags, mode);
      opened += 1;
      if (opened === 2) {
        const error = { code: 'ENOSPC', syscall: 'write' };
        handle.writeFile = () => Promise.reject(Object.assign(new Error('no space'), error));
      }
      return handle;
    };
    const { result, outcomes } = await run({ concurrency: 1 }, full);
    expect(result.stoppedBy).toMatchObject({
      code: 'ERR_RETRIEVE_DISK_FULL',
      message: expect.stringContaining('the disk is full'),
    });
    expect(outcomes).toHaveLength(3);
    expect(result.summary).toMatchObject({ retrieved: 1, notRetrieved: 2 });
    expect(await filesIn(out)).toHaveLength(1);
    expect((await run()).result.summary).toMatchObject({ retrieved: 2, alreadyThere: 1 });
  });

  it('what a killed run left behind is removed', async () => {
    have(1);
    const { hostname } = await import('node:os');
    const left = `${out}/.incoming-${safeName(hostname())}-4194305-x`;
    await mkdir(left, { recursive: true });
    await writeFile(`${left}/half.part`, 'half');
    await run();
    expect(await readdir(out)).toEqual([studyInstanceUID]);
  });

  it('404 of one instance fails that one; no instances at all is an error', async () => {
    have(2);
    parts.delete('2.25.5001');
    const { outcomes } = await run();
    expect(outcomes.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      sopInstanceUID: '2.25.5001',
      httpStatus: 404,
    });
    listed = [];
    await expect(run()).rejects.toMatchObject({ code: 'ERR_RETRIEVE_NOT_FOUND' });
  });

  it('a layout by attributes asks the search for them, and makes them safe', async () => {
    listed = [{ uid: '2.25.1', tags: { '00100020': { vr: 'LO', Value: ['../../../etc'] } } }];
    parts.set('2.25.1', [srInstance('2.25.1')]);
    const { result } = await run({ layout: '{PatientID}/{instance}.dcm' });
    expect(result.summary.retrieved).toBe(1);
    expect(archive.gets[0]).toMatch(/includefield=00100020/);
    expect(await filesIn(out)).toEqual(['_.._.._etc/2.25.1.dcm']);
  });
});

describe('layouts', () => {
  it.each([
    ['/{instance}', /relative path/],
    ['../{instance}', /relative path/],
    ['{study}/x.dcm', /\{instance\}/],
    ['{PatientName}/{instance}', /not known/],
    ['a\\{instance}', /names without/],
    ['{study/{instance}', /names without/],
  ])('%s is refused', (layout, message) => {
    expect(() => parseLayout(layout)).toThrow(message);
  });

  it.each([
    ['CON', '_CON'],
    ['nul.x', '_nul.x'],
    ['..', '_'],
    ['Schädel', 'Schadel'],
    ['a/b\\c:d', 'a_b_c_d'],
    ['-rf', 'rf'],
  ])('the value %j stands as %j', (value, expected) => {
    const uids = { studyInstanceUID: '1', seriesInstanceUID: '2', sopInstanceUID: '3' };
    const dataset = { '00080060': { vr: 'CS', Value: [value] } };
    expect(parseLayout('{Modality}/{instance}').pathOf(uids, dataset)).toBe(`${expected}/3`);
  });
});
