/** Real files, and dcmtk's JPEG of 12 bits, as the emulator transcodes and renders them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decode as decodePng } from 'fast-png';
import { startDicomService, type RunningDicomService } from '@ohif-azure/emulator';
import { imagePixels } from '../../packages/emulator/src/part10/image-pixels.ts';
import { readPart10Header } from '../../packages/emulator/src/part10/part10-reader.ts';
import {
  buildPart10,
  instanceElements,
} from '../../packages/emulator/src/testing/part10-builder.ts';
import { request } from '../support/plain-request.ts';
import { PYDICOM_FILES } from '../support/pydicom-files.ts';

const [ROWS, COLUMNS] = [45, 61];
/** What the rounding of two decoders may differ by. */
const ROUNDING = 1;

let service: RunningDicomService;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-rendering-'));
  const profile = 'open-source';
  const dataDir = path.join(folder, 'data');
  service = await startDicomService({ auth: 'none', port: 0, dataDir, profile });
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Stores a file. @returns the address of its instance; undefined when it is refused */
async function stored(file: Uint8Array): Promise<string | undefined> {
  const answer = await request(`${service.url}/v2/studies`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: file,
  });
  return /"00081190":\{"vr":"UR","Value":\["([^"]+instances[^"]+)"/.exec(answer.text)?.[1];
}

const pixelsOf = (file: Buffer) => {
  const { pixelData } = readPart10Header(file, true);
  const { offset = 0, length = 0 } = pixelData ?? {};
  return file.subarray(offset, offset + length);
};

/** The pixel data that dcmtk makes of a compressed file, and that the emulator does. */
async function bothOf(file: string): Promise<{ dcmtk: Buffer; emulator: Buffer }> {
  const plain = path.join(folder, 'plain.dcm');
  execFileSync('dcmdjpeg', [file, plain], { stdio: 'ignore' });
  const url = await stored(await readFile(file));
  const answer = await request(url ?? '', { headers: { accept: 'application/dicom' } });
  expect(answer.status).toBe(200);
  // The next file may have the same UIDs.
  expect((await request(url ?? '', { method: 'DELETE' })).status).toBe(204);
  return { dcmtk: pixelsOf(await readFile(plain)), emulator: pixelsOf(answer.body) };
}

function furthest(one: Buffer, other: Buffer): number {
  expect(one.length).toBe(other.length);
  let most = 0;
  for (let at = 0; at + 1 < one.length; at += 2) {
    most = Math.max(most, Math.abs(one.readUInt16LE(at) - other.readUInt16LE(at)));
  }
  return most;
}

it.each(['JPEG-lossy.dcm', 'JPGExtended.dcm'])(
  '%s, JPEG of 12 bits: as Explicit VR Little Endian it is what dcmtk makes of it',
  async name => {
    const { dcmtk, emulator } = await bothOf(path.join(PYDICOM_FILES, name));
    expect(furthest(dcmtk, emulator)).toBeLessThanOrEqual(ROUNDING);
  }
);

/** Of 12 bits: smooth, with some noise in it. */
function samplesOf(perPixel: number): Buffer {
  const samples = Buffer.alloc(ROWS * COLUMNS * perPixel * 2);
  for (let at = 0; at < samples.length / 2; at += 1) {
    const wave = Math.sin(at / 97) * 0.45 + 0.5;
    samples.writeUInt16LE(Math.floor(wave * 3900) + ((at * 7919) % 97), at * 2);
  }
  return samples;
}

it.each([
  ['one sample', 1, ['+ee'], ROUNDING],
  ['RGB', 3, ['+ee', '+cr'], ROUNDING],
  // The colours are rounded once more.
  ['YBR_FULL', 3, ['+ee', '+s4'], 3 * ROUNDING],
])('JPEG of 12 bits, %s: what dcmtk makes of it', async (_, perPixel, flags, tolerance) => {
  const file = path.join(folder, 'in.dcm');
  const compressed = path.join(folder, 'out.dcm');
  await writeFile(
    file,
    buildPart10(
      instanceElements({
        '00280002': ['US', [perPixel]],
        '00280004': ['CS', perPixel === 3 ? 'RGB' : 'MONOCHROME2'],
        ...(perPixel === 3 && { '00280006': ['US', [0]] }),
        '00280010': ['US', [ROWS]],
        '00280011': ['US', [COLUMNS]],
        '00280101': ['US', [12]],
        '00280102': ['US', [11]],
        '7FE00010': ['OW', samplesOf(perPixel)],
      })
    )
  );
  execFileSync('dcmcjpeg', [...flags, file, compressed], { stdio: 'ignore' });
  const { dcmtk, emulator } = await bothOf(compressed);
  expect(furthest(dcmtk, emulator)).toBeLessThanOrEqual(tolerance);
});

it('every real file with a picture is rendered in its size, or refused with 406', async () => {
  expect(existsSync(PYDICOM_FILES)).toBe(true);
  const refused: string[] = [];
  let rendered = 0;
  for (const name of (await readdir(PYDICOM_FILES)).filter(one => one.endsWith('.dcm')).sort()) {
    const file = await readFile(path.join(PYDICOM_FILES, name));
    const url = await stored(file);
    if (url === undefined) continue;
    const answer = await request(`${url}/rendered`, { headers: { accept: 'image/png' } });
    await request(url, { method: 'DELETE' });
    if (answer.status === 404) continue;
    if (answer.status === 200) {
      const { rows, columns } = imagePixels(readPart10Header(file, true));
      expect(decodePng(answer.body)).toMatchObject({ width: columns, height: rows });
      rendered += 1;
    } else refused.push(`${answer.status} ${name}`);
  }
  // Its codestream names a width of 3.7 thousand million, on purpose.
  expect(refused).toEqual(['406 JPEG2000-embedded-sequence-delimiter.dcm']);
  expect(rendered).toBeGreaterThanOrEqual(40);
}, 60_000);
