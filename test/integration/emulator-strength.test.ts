/** Many at once, much at once, and a disk which is full: with the built emulator in a process of its own. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulatorChild } from '../support/emulator-child.ts';
import type { EmulatorChild } from '../support/emulator-child.ts';
import { request } from '../support/plain-request.ts';
import { storeBody, syntheticInstance, uidsOf } from '../support/synthetic-study.js';

const MEGABYTE = 1024 * 1024;
const TYPE = { 'content-type': 'multipart/related; boundary=b' };
const post = (url: string, files: readonly Uint8Array[], agent?: Agent) =>
  request(`${url}/v2/studies`, {
    method: 'POST',
    headers: TYPE,
    body: storeBody(files, 'b'),
    agent,
  });

let folder: string;
let emulator: EmulatorChild;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-strength-'));
});
afterEach(async () => {
  await emulator.end('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

it('100 Stores at once, then 1,000 frames at once: no error', async () => {
  emulator = await startEmulatorChild(folder);
  const agent = new Agent({ maxSockets: Infinity });
  const stored = await Promise.all(
    Array.from({ length: 100 }, (_, instance) =>
      post(emulator.url, [syntheticInstance({ series: instance % 5, instance })], agent)
    )
  );
  expect(new Set(stored.map(answer => answer.status))).toEqual(new Set([200]));
  const frames = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => {
      const uids = uidsOf(0, (n % 100) % 5, n % 100);
      return request(
        `${emulator.url}/v2/studies/${uids.studyInstanceUID}/series/${uids.seriesInstanceUID}/instances/${uids.sopInstanceUID}/frames/1`,
        { headers: { accept: 'application/octet-stream; transfer-syntax=*' }, agent }
      );
    })
  );
  expect(new Set(frames.map(answer => `${answer.status} ${answer.body.length}`))).toEqual(
    new Set([`200 ${64 * 64 * 2}`])
  );
}, 60_000);

it('a body of 2 GB takes less than 200 MB of memory', async () => {
  emulator = await startEmulatorChild(folder);
  // A file whose pixel data is announced, and comes chunk by chunk.
  const [rows, columns, frames] = [1024, 1024, 953];
  const pixelBytes = rows * columns * 2 * frames;
  const begin = syntheticInstance({}, { rows, columns, frames, pixelData: Buffer.alloc(0) });
  begin.writeUInt32LE(pixelBytes, begin.length - 4);
  const outgoing = httpRequest(`${emulator.url}/v2/studies`, {
    method: 'POST',
    headers: { ...TYPE, accept: '*/*' },
  });
  const answered = once(outgoing, 'response');
  outgoing.write('--b\r\nContent-Type: application/dicom\r\n\r\n');
  outgoing.write(begin);
  const chunk = Buffer.alloc(MEGABYTE, 7);
  for (let left = pixelBytes; left > 0; left -= chunk.length) {
    if (!outgoing.write(left < chunk.length ? chunk.subarray(0, left) : chunk)) {
      await once(outgoing, 'drain');
    }
  }
  outgoing.end('\r\n--b--\r\n');
  const [response] = (await answered) as [{ statusCode: number; resume(): void }];
  response.resume();
  expect(response.statusCode).toBe(200);
  expect(pixelBytes).toBeGreaterThan(1.99e9);
  expect((await emulator.peakMemory()) / MEGABYTE).toBeLessThan(200);
}, 120_000);

const isRoot = process.getuid?.() === 0;

(isRoot ? it : it.skip)(
  'a full disk: 503, nothing left; with room again it stores',
  async () => {
    const small = path.join(folder, 'small');
    await mkdir(small);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small]);
    try {
      emulator = await startEmulatorChild(small);
      const file = (instance: number) =>
        syntheticInstance({ instance }, { rows: 256, columns: 256 });
      expect(await post(emulator.url, [file(0)])).toMatchObject({ status: 200 });
      const ballast = path.join(small, 'ballast');
      // All that is left, down to the last block.
      await writeFile(ballast, Buffer.alloc(4 * MEGABYTE)).catch(() => undefined);
      expect(await post(emulator.url, [file(1)])).toMatchObject({
        status: 503,
        text: 'The data store operation failed.',
      });
      expect(await readdir(path.join(small, '.incoming'))).toEqual([]);
      const first = uidsOf(0, 0, 0);
      const path_ = `/v2/studies/${first.studyInstanceUID}/series/${first.seriesInstanceUID}/instances/${first.sopInstanceUID}`;
      const kept = await request(emulator.url + path_, {
        headers: { accept: 'application/dicom; transfer-syntax=*' },
      });
      expect(kept.body.equals(file(0))).toBe(true);
      await rm(ballast);
      expect(await post(emulator.url, [file(1)])).toMatchObject({ status: 200 });
      await emulator.end('SIGTERM');
      emulator = await startEmulatorChild(small);
      const found = await request(`${emulator.url}/v2/instances`);
      expect(JSON.parse(found.text)).toHaveLength(2);
    } finally {
      await emulator.end('SIGTERM');
      execFileSync('umount', [small]);
    }
  },
  60_000
);

it('2,000 instances: the index beside the files is used, and made anew where it does not match', async () => {
  for (let instance = 0; instance < 2000; instance += 1) {
    const uids = uidsOf(0, instance % 4, instance);
    const series = path.join(folder, uids.studyInstanceUID, uids.seriesInstanceUID);
    if (instance < 4) await mkdir(series, { recursive: true });
    const file = syntheticInstance({ series: instance % 4, instance }, { rows: 2, columns: 2 });
    await writeFile(path.join(series, `${uids.sopInstanceUID}_${1000 + instance}_v2.dcm`), file);
  }
  const counts = async () => {
    emulator = await startEmulatorChild(folder);
    const found = await request(
      `${emulator.url}/v2/studies?includefield=NumberOfStudyRelatedInstances`
    );
    const metadata = await request(
      `${emulator.url}/v2/studies/${uidsOf(0, 0, 0).studyInstanceUID}/metadata`
    );
    await emulator.end('SIGTERM');
    const [study] = JSON.parse(found.text) as Record<string, { Value: number[] }>[];
    return [study?.['00201208']?.Value[0], (JSON.parse(metadata.text) as unknown[]).length];
  };
  expect(await counts()).toEqual([2000, 2000]);
  expect(await counts()).toEqual([2000, 2000]);
  // A file goes, one comes, one is changed, and of the index a part is overwritten.
  const [gone, changed] = [uidsOf(0, 0, 0), uidsOf(0, 1, 1)];
  const at = (uids: typeof gone, watermark: number) =>
    path.join(
      folder,
      uids.studyInstanceUID,
      uids.seriesInstanceUID,
      `${uids.sopInstanceUID}_${watermark}_v2.dcm`
    );
  await rm(at(gone, 1000));
  await writeFile(at(changed, 1001), 'no DICOM any more');
  await writeFile(path.join(folder, 'new.dcm'), syntheticInstance({ series: 9, instance: 9 }));
  const index = path.join(folder, '.index');
  for (const name of await readdir(index)) {
    if (name.startsWith('metadata')) await writeFile(path.join(index, name), 'x'.repeat(5000));
  }
  expect(await counts()).toEqual([1999, 1999]);
  await rm(index, { recursive: true });
  expect(await counts()).toEqual([1999, 1999]);
  emulator = await startEmulatorChild(folder);
}, 60_000);
