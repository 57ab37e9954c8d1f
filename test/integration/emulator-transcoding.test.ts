/** Compressed by dcmtk, decompressed by the emulator: every pixel of the lossless ones, nearly every one of JPEG. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decode as decodePng } from 'fast-png';
import { startDicomService } from '@ohif-azure/emulator';
import type { RunningDicomService } from '@ohif-azure/emulator';
import {
  buildPart10,
  instanceElements,
} from '../../packages/emulator/src/testing/part10-builder.ts';
import type { BuilderElements } from '../../packages/emulator/src/testing/part10-builder.ts';
import { readPart10Header } from '../../packages/emulator/src/part10/part10-reader.ts';
import { request } from '../support/plain-request.ts';

const [ROWS, COLUMNS, FRAMES] = [37, 53, 3];
const COUNT = ROWS * COLUMNS * FRAMES;
const J2K = '1.2.840.10008.1.2.4.90';
/** What an 8-bit JPEG of quality 100 may change of a sample. */
const JPEG_TOLERANCE = 4;

let service: RunningDicomService;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'emulator-transcoding-'));
  service = await startDicomService({ auth: 'none', port: 0, dataDir: path.join(folder, 'data') });
});
afterAll(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

/** Smooth, with some noise in it; `bits` of each sample are used. */
function samplesOf(bits: number, perPixel: number, signed: boolean): Buffer {
  const bytes = bits > 8 ? 2 : 1;
  const samples = Buffer.alloc(COUNT * perPixel * bytes);
  for (let i = 0; i < COUNT * perPixel; i += 1) {
    const wave = Math.sin(i / 97) * 0.4 + 0.5 + ((i * 7919) % 13) / 200;
    const value = Math.floor(wave * (2 ** bits - 1)) - (signed ? 2 ** (bits - 1) : 0);
    if (bytes === 1) samples[i] = value & 0xff;
    else samples.writeUInt16LE(value & 0xffff, i * 2);
  }
  return samples;
}

function elementsOf(
  bits: number,
  perPixel: number,
  signed: boolean,
  pixels: Buffer
): BuilderElements {
  const allocated = bits > 8 ? 16 : 8;
  return instanceElements({
    '00280002': ['US', [perPixel]],
    '00280004': ['CS', perPixel === 3 ? 'RGB' : 'MONOCHROME2'],
    ...(perPixel === 3 && { '00280006': ['US', [0]] }),
    '00280008': ['IS', String(FRAMES)],
    '00280010': ['US', [ROWS]],
    '00280011': ['US', [COLUMNS]],
    '00280100': ['US', [allocated]],
    '00280101': ['US', [bits]],
    '00280102': ['US', [bits - 1]],
    '00280103': ['US', [signed ? 1 : 0]],
    '7FE00010': [allocated === 16 ? 'OW' : 'OB', pixels],
  });
}

/** Stores a file. @returns the path of its instance */
async function stored(file: Uint8Array): Promise<string> {
  const answer = await request(`${service.url}/v2/studies`, {
    method: 'POST',
    headers: { 'content-type': 'application/dicom' },
    body: file,
  });
  expect(`${answer.status} ${answer.text}`).toMatch(/^20[02]/);
  const [, url = ''] =
    /"00081190":\{"vr":"UR","Value":\["([^"]+instances[^"]+)"/.exec(answer.text) ?? [];
  return url;
}

const LOSSLESS: readonly [string, string, string[], number, number, boolean][] = [
  ['JPEG lossless, first-order', 'dcmcjpeg', ['+e1'], 8, 1, false],
  ['JPEG lossless, first-order, 12 bits', 'dcmcjpeg', ['+e1'], 12, 1, false],
  ['JPEG lossless, 16 bits signed', 'dcmcjpeg', ['+e1'], 16, 1, true],
  ['JPEG lossless, predictor 2', 'dcmcjpeg', ['+el', '+sv', '2'], 12, 1, false],
  ['JPEG lossless, predictor 4', 'dcmcjpeg', ['+el', '+sv', '4'], 12, 1, false],
  ['JPEG lossless, predictor 6', 'dcmcjpeg', ['+el', '+sv', '6'], 16, 1, false],
  ['JPEG lossless, predictor 7', 'dcmcjpeg', ['+el', '+sv', '7'], 8, 1, false],
  ['JPEG lossless, RGB', 'dcmcjpeg', ['+e1'], 8, 3, false],
  ['RLE', 'dcmcrle', [], 8, 1, false],
  ['RLE, 16 bits', 'dcmcrle', [], 12, 1, true],
  ['RLE, RGB', 'dcmcrle', [], 8, 3, false],
];

async function compressed(tool: string, flags: string[], file: Uint8Array): Promise<Buffer> {
  const [from, to] = [path.join(folder, 'in.dcm'), path.join(folder, 'out.dcm')];
  await writeFile(from, file);
  execFileSync(tool, [...flags, from, to]);
  return readFile(to);
}

const pixelsOf = (file: Buffer) => {
  const { pixelData } = readPart10Header(file, true);
  const { offset = 0, length = 0 } = pixelData ?? {};
  return file.subarray(offset, offset + length);
};
const padded = (bytes: Buffer) =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);

it.each(LOSSLESS)(
  '%s as Explicit VR Little Endian',
  async (_, tool, flags, bits, perPixel, signed) => {
    const pixels = samplesOf(bits, perPixel, signed);
    const file = buildPart10(elementsOf(bits, perPixel, signed, padded(pixels)));
    const url = await stored(await compressed(tool, flags, file));
    const whole = await request(url, { headers: { accept: 'application/dicom' } });
    expect(whole.status).toBe(200);
    expect(pixelsOf(whole.body).equals(padded(pixels))).toBe(true);
    const bytes = pixels.length / FRAMES;
    const second = await request(`${url}/frames/2`, {
      headers: { accept: 'application/octet-stream' },
    });
    expect(second.body.equals(pixels.subarray(bytes, 2 * bytes))).toBe(true);
    const picture = await request(`${url}/frames/3/rendered`, { headers: { accept: 'image/png' } });
    expect(decodePng(picture.body)).toMatchObject({ width: COLUMNS, height: ROWS });
  }
);

it.each([
  ['one sample', 1],
  ['RGB', 3],
])('JPEG baseline, %s: near to what it was', async (_, perPixel) => {
  const pixels = samplesOf(8, perPixel, false);
  const file = buildPart10(elementsOf(8, perPixel, false, padded(pixels)));
  const url = await stored(await compressed('dcmcjpeg', ['+eb', '+q', '100', '+s4'], file));
  const whole = await request(url, { headers: { accept: 'application/dicom' } });
  const decoded = pixelsOf(whole.body);
  let most = 0;
  for (const [at, value] of pixels.entries())
    most = Math.max(most, Math.abs(value - (decoded[at] ?? 0)));
  expect(most).toBeLessThanOrEqual(JPEG_TOLERANCE);
});

it('JPEG-LS is rendered, and not transcoded: it is not in the list of the service', async () => {
  const file = buildPart10(elementsOf(12, 1, false, padded(samplesOf(12, 1, false))));
  const url = await stored(await compressed('dcmcjpls', ['+el'], file));
  const plain = await stored(
    buildPart10({ ...elementsOf(12, 1, false, padded(samplesOf(12, 1, false))) })
  );
  const png = (instance: string) =>
    request(`${instance}/rendered`, { headers: { accept: 'image/png' } });
  expect((await png(url)).body.equals((await png(plain)).body)).toBe(true);
  const answer = await request(url, { headers: { accept: 'application/dicom' } });
  expect([answer.status, answer.text]).toEqual([
    406,
    'The specified transcoding is not supported.',
  ]);
});

it.each([
  ['8 bits', 8, 1, false],
  ['12 bits', 12, 1, false],
  ['12 bits signed', 12, 1, true],
  ['16 bits signed', 16, 1, true],
  ['RGB', 8, 3, false],
])('%s as JPEG 2000 and back: every pixel', async (_, bits, perPixel, signed) => {
  const pixels = padded(samplesOf(bits, perPixel, signed));
  const url = await stored(buildPart10(elementsOf(bits, perPixel, signed, pixels)));
  const jpeg2000 = await request(url, {
    headers: { accept: `application/dicom; transfer-syntax=${J2K}` },
  });
  expect(jpeg2000.status).toBe(200);
  expect((await request(url, { method: 'DELETE' })).status).toBe(204);
  expect(await stored(jpeg2000.body)).toBe(url);
  const back = await request(url, { headers: { accept: 'application/dicom' } });
  expect(pixelsOf(back.body).equals(pixels)).toBe(true);
});
