import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { readPart10Header } from '../../../packages/emulator/src/part10/part10-reader.ts';
import { imagePixels } from '../../../packages/emulator/src/part10/image-pixels.ts';
import { encodeWith } from '../../../packages/emulator/src/rendering/wasm-codecs.ts';
import type {
  CodecFactory,
  FrameEncoder,
  J2KEncoder,
} from '../../../packages/emulator/src/rendering/codec-types.ts';

interface Encoders {
  J2KEncoder: new () => J2KEncoder;
  HTJ2KEncoder: new () => FrameEncoder & { setQuality(lossless: boolean, step: number): void };
}

const emulator = createRequire(new URL('../../../packages/emulator/package.json', import.meta.url));
const CODECS = {
  J2KEncoder: '@cornerstonejs/codec-openjpeg/wasmjs',
  HTJ2KEncoder: '@cornerstonejs/codec-openjph',
} as const;

/**
 * The first frame of an uncompressed little endian image, encoded.
 *
 * @param step of the quantization; undefined: lossless
 */
export async function encodedFrame(
  encoder: keyof typeof CODECS,
  file: string,
  step?: number
): Promise<Uint8Array> {
  const bytes = await readFile(file);
  const header = readPart10Header(bytes, true);
  const pixels = imagePixels(header);
  const size = pixels.rows * pixels.columns * pixels.samplesPerPixel * (pixels.bitsAllocated / 8);
  const start = header.pixelData?.offset ?? 0;
  const factory = emulator(CODECS[encoder]) as CodecFactory<Encoders>;
  const codecs = await factory({ print: () => undefined, printErr: () => undefined });
  const made = new codecs[encoder]();
  made.setQuality(step === undefined, step ?? 0);
  return encodeWith(made, bytes.subarray(start, start + size), {
    width: pixels.columns,
    height: pixels.rows,
    bitsPerSample: pixels.bitsAllocated,
    componentCount: pixels.samplesPerPixel,
    isSigned: pixels.signed,
    isUsingColorTransform: pixels.samplesPerPixel === 3,
  });
}
