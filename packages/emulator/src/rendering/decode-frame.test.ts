/** Decoders which no tool of the test machine has an encoder for, and hostile frames. dcmtk's are in test/integration. */
import codec from '@cornerstonejs/codec-openjph';
import fc from 'fast-check';
import { imagePixels } from '../part10/image-pixels.ts';
import { readPart10Header } from '../part10/part10-reader.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import type { CodecFactory, FrameEncoder } from './codec-types.ts';
import { decodeFrame } from './decode-frame.ts';
import { CodecError, encodeWith } from './wasm-codecs.ts';

const [ROWS, COLUMNS] = [16, 24];
const headerOf = (transferSyntax: string, bits = 16) =>
  readPart10Header(
    buildPart10(
      instanceElements({
        '00280010': ['US', [ROWS]],
        '00280011': ['US', [COLUMNS]],
        '00280100': ['US', [bits]],
        '00280101': ['US', [bits]],
      }),
      { transferSyntax, fragments: [Buffer.alloc(0), Buffer.alloc(2)] }
    ),
    true
  );
const decode = (frame: Buffer, transferSyntax: string, bits?: number) => {
  const header = headerOf(transferSyntax, bits);
  return decodeFrame(frame, header, imagePixels(header));
};

it('High-Throughput JPEG 2000 (PS3.5 A.4.9)', async () => {
  const load = codec as CodecFactory<{ HTJ2KEncoder: new () => FrameEncoder }>;
  const { HTJ2KEncoder } = await load({ print: () => undefined, printErr: () => undefined });
  const samples = Buffer.alloc(ROWS * COLUMNS * 2);
  for (let i = 0; i < ROWS * COLUMNS; i += 1) samples.writeUInt16LE(i * 37, i * 2);
  const info = {
    width: COLUMNS,
    height: ROWS,
    bitsPerSample: 16,
    componentCount: 1,
    isSigned: false,
    isUsingColorTransform: false,
  };
  const frame = encodeWith(new HTJ2KEncoder(), samples, info);
  for (const syntax of ['201', '202', '203']) {
    const decoded = await decode(frame, `1.2.840.10008.1.2.4.${syntax}`);
    expect(decoded.samples.equals(samples)).toBe(true);
  }
});

const SYNTAXES = ['4.50', '4.51', '4.57', '4.70', '4.80', '4.90', '4.91', '4.201', '5'];

it.each(SYNTAXES)(
  '1.2.840.10008.1.2.%s: garbage is refused, and a codec goes on working',
  async syntax => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async bytes => {
        await expect(decode(Buffer.from(bytes), `1.2.840.10008.1.2.${syntax}`)).rejects.toThrow(
          CodecError
        );
      }),
      { seed: 90, numRuns: 20 }
    );
  }
);

it('a Transfer Syntax without decoder, such as a video', async () => {
  await expect(decode(Buffer.alloc(2), '1.2.840.10008.1.2.4.100')).rejects.toThrow(CodecError);
});

// Rows: ITU-T T.81 B.2.2; SOI and the head of a frame of 65,535 x 65,535 samples, which are never taken memory for.
it.each([
  ['4.51', 'ffc1000b0cffffffff01011100'],
  ['4.70', 'ffc3000b10ffffffff01011100'],
])('1.2.840.10008.1.2.%s: another size than that of the data set', async (syntax, head) => {
  const frame = Buffer.from(`ffd8${head}ffd90000`, 'hex');
  await expect(decode(frame, `1.2.840.10008.1.2.${syntax}`)).rejects.toThrow(
    'The frame is not the image which the data set describes.'
  );
});

it('RLE: PackBits with literal and repeated runs (PS3.5 G.3.1)', async () => {
  const header = Buffer.alloc(64);
  header.writeUInt32LE(1, 0);
  header.writeUInt32LE(64, 4);
  // Three literal bytes, a no-operation, then 9 for the rest, in runs of at most 128.
  const left = ROWS * COLUMNS - 3;
  const runs: number[] = [];
  for (let rest = left; rest > 0; rest -= 128) runs.push(...[257 - Math.min(rest, 128), 9]);
  const frame = Buffer.concat([header, Buffer.from([2, 1, 2, 3, 0x80, ...runs])]);
  const { samples } = await decode(frame, '1.2.840.10008.1.2.5', 8);
  expect([...samples]).toEqual([1, 2, 3, ...Array.from({ length: left }, () => 9)]);
});
