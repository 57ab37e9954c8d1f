import type { ImagePixels } from '../part10/image-pixels.ts';
import { CodecError } from './wasm-codecs.ts';

const HEADER_BYTES = 64;
const MAX_SEGMENTS = 15;

/**
 * Decodes a frame of RLE Lossless: one segment for each byte of each sample, the highest byte
 * first, sample by sample.
 *
 * @returns samples in little endian, pixel by pixel, or plane by plane when `planarConfiguration`
 *   is 1.
 * @throws {CodecError} when the segments are not those of the image.
 * @see PS3.5 annex G
 */
export function decodeRle(frame: Buffer, pixels: ImagePixels): Buffer {
  const { samplesPerPixel, bitsAllocated, planarConfiguration } = pixels;
  const count = pixels.rows * pixels.columns;
  const bytesPerSample = bitsAllocated / 8;
  const segments = frame.length < HEADER_BYTES ? 0 : frame.readUInt32LE(0);
  if (segments !== samplesPerPixel * bytesPerSample || segments > MAX_SEGMENTS) {
    throw new CodecError('The RLE segments are not those of the image.');
  }
  const decoded = Buffer.alloc(count * segments);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = frame.readUInt32LE(4 + segment * 4);
    const end = segment + 1 < segments ? frame.readUInt32LE(8 + segment * 4) : frame.length;
    const sample = Math.floor(segment / bytesPerSample);
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    const planar = planarConfiguration === 1;
    const offset = planar ? sample * count * bytesPerSample + byte : sample * bytesPerSample + byte;
    const step = planar ? bytesPerSample : bytesPerSample * samplesPerPixel;
    unpack(frame.subarray(start, end), decoded, { offset, step, count });
  }
  return decoded;
}

/** PackBits, as PS3.5 annex G.3.1 has it. */
function unpack(
  segment: Buffer,
  into: Buffer,
  { offset, step, count }: { offset: number; step: number; count: number }
): void {
  let written = 0;
  const put = (value: number) => {
    if (written < count) into[offset + written * step] = value;
    written += 1;
  };
  for (let at = 0; at < segment.length && written < count;) {
    const control = segment.readInt8(at);
    at += 1;
    if (control >= 0) {
      for (let end = at + control + 1; at < end; at += 1) put(segment[at] ?? 0);
    } else if (control !== -128) {
      const value = segment[at] ?? 0;
      at += 1;
      for (let repeat = 0; repeat < 1 - control; repeat += 1) put(value);
    }
  }
  if (written < count) throw new CodecError('An RLE segment is too short.');
}
