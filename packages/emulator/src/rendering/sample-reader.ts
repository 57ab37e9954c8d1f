import { asciiValue } from '../part10/data-set.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { CodecError } from './wasm-codecs.ts';

const MULTI_FRAME_SINGLE_BIT_SECONDARY_CAPTURE = '1.2.840.10008.5.1.4.1.1.7.1';

/** How the bits of a sample are to be read. */
export type SampleFormat = Pick<ImagePixels, 'bitsAllocated' | 'bitsStored' | 'highBit' | 'signed'>;

/**
 * Reads stored values, sample by sample: Bits Stored bits below and with High Bit. Others may hold
 * something else, such as an overlay.
 *
 * @param samples - of 1, 8, 16 or 32 bits, little endian.
 * @see PS3.5 section 8.1.1
 */
export function sampleReader(
  samples: Buffer,
  { bitsAllocated, bitsStored, highBit, signed }: SampleFormat
): (index: number) => number {
  if (bitsAllocated === 1) return index => ((samples[index >> 3] ?? 0) >> (index & 7)) & 1;
  const left = Math.min(Math.max(31 - highBit, 0), 31);
  const right = Math.min(Math.max(32 - bitsStored, 0), 31);
  const trim = signed
    ? (value: number) => (value << left) >> right
    : (value: number) => (value << left) >>> right;
  if (bitsAllocated === 8) return index => trim(samples[index] ?? 0);
  return bitsAllocated === 16
    ? index => trim(samples.readUInt16LE(index * 2))
    : index => trim(samples.readUInt32LE(index * 4));
}

/**
 * Reads stored values as the service's renderer does: Bits Stored 1 always as packed bits, and
 * 8 bits stored in 8 never as signed ones.
 *
 * @see fo-dicom PixelDataFactory.Create
 */
export function storedValues(
  samples: Buffer,
  pixels: ImagePixels,
  { dataSet }: Part10Header
): (index: number) => number {
  const { bitsAllocated, bitsStored, highBit } = pixels;
  if (bitsStored === 1) {
    const reversed = asciiValue(dataSet, '00080016') === MULTI_FRAME_SINGLE_BIT_SECONDARY_CAPTURE;
    const bit = reversed ? (at: number) => 7 - (at & 7) : (at: number) => at & 7;
    return at => ((samples[at >> 3] ?? 0) >> bit(at)) & 1;
  }
  if (![8, 16, 32].includes(bitsAllocated)) {
    throw new CodecError('There is no rendering of such a number of bits.');
  }
  const whole = bitsAllocated === 8 && bitsStored === 8 && highBit === 7;
  return sampleReader(samples, whole ? { ...pixels, signed: false } : pixels);
}
