import type { ImagePixels } from '../part10/image-pixels.ts';
import type { PlainFrame } from './decode-frame.ts';
import { sampleReader } from './grayscale.ts';
import { CodecError, encodeWith, jpeg2000 } from './wasm-codecs.ts';

const MAX_DECOMPOSITIONS = 5;

/**
 * Encodes a frame in JPEG 2000, reversibly: one component of 8 (unsigned) or 16 bits, or three of
 * 8 bits.
 *
 * @throws {CodecError} for other images: the encoder does not give them back unchanged.
 */
export async function encodeJpeg2000Lossless(
  { samples, planarConfiguration, photometricInterpretation }: PlainFrame,
  pixels: ImagePixels
): Promise<Buffer> {
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed } = pixels;
  const gray = samplesPerPixel === 1 && (bitsAllocated === 16 || (bitsAllocated === 8 && !signed));
  const colour =
    samplesPerPixel === 3 &&
    bitsAllocated === 8 &&
    /^(RGB|YBR_FULL)$/.test(photometricInterpretation);
  if (!gray && !colour) throw new CodecError('There is no encoder for such an image.');
  const info = {
    width: columns,
    height: rows,
    bitsPerSample: gray ? Math.min(Math.max(bitsStored, 1), bitsAllocated) : 8,
    componentCount: samplesPerPixel,
    isSigned: signed,
  };
  const ready =
    colour && planarConfiguration === 1 ? interleaved(samples) : withinBitsStored(samples, pixels);
  return jpeg2000.use(codec => {
    const encoder = new codec.J2KEncoder();
    // Each one halves the image.
    const possible = Math.floor(Math.log2(Math.max(Math.min(rows, columns), 1)));
    encoder.setDecompositions(Math.min(MAX_DECOMPOSITIONS, possible));
    encoder.setQuality(true, 0);
    return encodeWith(encoder, ready, info);
  });
}

/** The encoder takes the bits above Bits Stored for part of the value. */
function withinBitsStored(samples: Buffer, pixels: ImagePixels): Buffer {
  const { bitsAllocated, bitsStored, samplesPerPixel } = pixels;
  if (samplesPerPixel !== 1 || bitsStored >= bitsAllocated) return samples;
  const read = sampleReader(samples, pixels);
  const count = pixels.rows * pixels.columns;
  const bytes = bitsAllocated / 8;
  const trimmed = Buffer.alloc(count * bytes);
  for (let index = 0; index < count; index += 1) {
    const value = read(index);
    if (bytes === 1) trimmed[index] = value;
    else trimmed.writeUInt16LE(value & 0xffff, index * 2);
  }
  return trimmed;
}

function interleaved(planes: Buffer): Buffer {
  const count = Math.floor(planes.length / 3);
  const samples = Buffer.alloc(count * 3);
  for (let index = 0; index < count; index += 1) {
    for (let plane = 0; plane < 3; plane += 1) {
      samples[index * 3 + plane] = planes[plane * count + index] ?? 0;
    }
  }
  return samples;
}
