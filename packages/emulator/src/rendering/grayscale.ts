import type { ImagePixels } from '../part10/image-pixels.ts';
import type { FrameAttributes } from './frame-attributes.ts';

/** How values become gray: VOI LUT Function, Window Center, Window Width. */
interface Window {
  kind: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  center: number;
  width: number;
}

/**
 * Renders one frame of monochrome samples: rescale, window (the first of the frame, else the
 * whole range of its values), and inversion of MONOCHROME1.
 *
 * @param samples - of 1, 8, 16 or 32 bits, little endian.
 * @returns one byte a pixel.
 * @see PS3.3 C.7.6.3.1.2, C.11.1, C.11.2.1.2, C.11.2.1.3
 */
export function renderGrayscale(
  samples: Buffer,
  pixels: ImagePixels,
  attributes: FrameAttributes
): Uint8Array {
  const slope = numberOf(attributes('00281053')) ?? 1;
  const intercept = numberOf(attributes('00281052')) ?? 0;
  const count = pixels.rows * pixels.columns;
  const values = new Float64Array(count);
  const read = sampleReader(samples, pixels);
  let least = Infinity;
  let most = -Infinity;
  for (let index = 0; index < count; index += 1) {
    const value = read(index) * slope + intercept;
    values[index] = value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const gray = grayOf(windowOf(attributes) ?? wholeRange(least, most));
  const invert = pixels.photometricInterpretation === 'MONOCHROME1';
  const rendered = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const value = Math.round(Math.min(Math.max(gray(values[index] ?? 0), 0), 1) * 255);
    rendered[index] = invert ? 255 - value : value;
  }
  return rendered;
}

/** Reads the stored values of one sample per pixel. */
export function sampleReader(
  samples: Buffer,
  { bitsAllocated, bitsStored, signed }: ImagePixels
): (index: number) => number {
  if (bitsAllocated === 1) return index => ((samples[index >> 3] ?? 0) >> (index & 7)) & 1;
  // Bits above Bits Stored may hold something else: move them out of the sample.
  const shift = 32 - Math.min(Math.max(bitsStored, 1), bitsAllocated);
  const trim = signed
    ? (value: number) => (value << shift) >> shift
    : (value: number) => (value << shift) >>> shift;
  if (bitsAllocated === 8) return index => trim(samples[index] ?? 0);
  return bitsAllocated === 16
    ? index => trim(samples.readUInt16LE(index * 2))
    : index => trim(samples.readUInt32LE(index * 4));
}

/** From a value to 0 (black) to 1 (white); what lies beyond is cut off. */
function grayOf({ kind, center, width }: Window): (value: number) => number {
  if (kind === 'SIGMOID') return value => 1 / (1 + Math.exp((-4 * (value - center)) / width));
  if (kind === 'LINEAR_EXACT') return value => (value - center) / width + 0.5;
  if (width <= 1) return value => (value <= center - 0.5 ? 0 : 1);
  return value => (value - (center - 0.5)) / (width - 1) + 0.5;
}

/** The window in which the least value is black and the most is white. */
const wholeRange = (least: number, most: number): Window => ({
  kind: 'LINEAR',
  center: (least + most + 1) / 2,
  width: most - least + 1,
});

function windowOf(attributes: FrameAttributes): Window | undefined {
  const center = numberOf(attributes('00281050'));
  const width = numberOf(attributes('00281051'));
  const named = attributes('00281056');
  const kind = named === 'SIGMOID' || named === 'LINEAR_EXACT' ? named : 'LINEAR';
  if (center === undefined || width === undefined || width <= 0) return undefined;
  return kind === 'LINEAR' && width < 1 ? undefined : { kind, center, width };
}

/** A DS value. */
function numberOf(text: string): number | undefined {
  const value = Number(text);
  return text === '' || !Number.isFinite(value) ? undefined : value;
}
