import { asciiValue } from '../part10/data-set.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';

/** Window Center and Window Width. */
interface Window {
  center: number;
  width: number;
}

/**
 * Renders one frame of monochrome samples: rescale, window (the first of the data set, else the
 * whole range of the frame), and inversion of MONOCHROME1.
 *
 * @param samples - of 8 or 16 bits, little endian.
 * @returns one byte a pixel.
 * @see PS3.3 C.7.6.3.1.2, C.11.1, C.11.2.1.2.1
 */
export function renderGrayscale(
  samples: Buffer,
  pixels: ImagePixels,
  header: Part10Header
): Uint8Array {
  const slope = number(header, '00281053') ?? 1;
  const intercept = number(header, '00281052') ?? 0;
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
  const { center, width } = windowOf(header) ?? wholeRange(least, most);
  const invert = pixels.photometricInterpretation === 'MONOCHROME1';
  const rendered = new Uint8Array(count);
  for (let index = 0; index < count; index += 1) {
    const gray = windowed(values[index] ?? 0, center, width);
    rendered[index] = invert ? 255 - gray : gray;
  }
  return rendered;
}

function sampleReader(samples: Buffer, pixels: ImagePixels): (index: number) => number {
  const { bitsAllocated, bitsStored, signed } = pixels;
  // Bits above Bits Stored may hold something else: move them out of the sample.
  const shift = 32 - Math.min(Math.max(bitsStored, 1), bitsAllocated);
  const trim = signed
    ? (value: number) => (value << shift) >> shift
    : (value: number) => (value << shift) >>> shift;
  return bitsAllocated === 8
    ? index => trim(samples[index] ?? 0)
    : index => trim(samples.readUInt16LE(index * 2));
}

/** PS3.3 C.11.2.1.2.1, with output 0 to 255. */
function windowed(value: number, center: number, width: number): number {
  if (width <= 1) return value <= center - 0.5 ? 0 : 255;
  const position = (value - (center - 0.5)) / (width - 1) + 0.5;
  return Math.round(Math.min(Math.max(position, 0), 1) * 255);
}

/** The window in which the least value is black and the most is white. */
const wholeRange = (least: number, most: number): Window => ({
  center: (least + most + 1) / 2,
  width: most - least + 1,
});

function windowOf(header: Part10Header): Window | undefined {
  const center = number(header, '00281050');
  const width = number(header, '00281051');
  if (center === undefined || width === undefined || width < 1) return undefined;
  return { center, width };
}

/** The first value of a DS element. */
function number({ dataSet }: Part10Header, tag: string): number | undefined {
  const [text = ''] = asciiValue(dataSet, tag).split('\\');
  const value = Number(text.trim());
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value;
}
