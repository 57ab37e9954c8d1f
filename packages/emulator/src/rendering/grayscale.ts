import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { grayscaleOptions } from './grayscale-options.ts';
import { storedValues } from './sample-reader.ts';
import { CodecError } from './wasm-codecs.ts';
import { grayOf } from './window.ts';

/** Up to so many values gray is computed once for each; beyond, once for each pixel. */
const MAX_TABLE_VALUES = 2 ** 16;

/** A frame's samples, and how to get those of the instance's first frame. */
export interface GrayscaleFrame {
  samples: Buffer;
  /** From 0. */
  index: number;
  firstFrame(): Promise<Buffer>;
}

/**
 * Renders one frame of monochrome samples: Modality LUT or rescale, VOI LUT or window, and
 * inversion of MONOCHROME1.
 *
 * @returns one byte a pixel.
 * @throws {CodecError} when the service's renderer cannot do it.
 * @see PS3.3 C.7.6.3.1.2, C.11.1, C.11.2; fo-dicom GenericGrayscalePipeline, PrecalculatedLUT
 */
export async function renderGrayscale(
  { samples, index, firstFrame }: GrayscaleFrame,
  pixels: ImagePixels,
  header: Part10Header
): Promise<Uint8Array> {
  const { lowest, highest } = limitsOf(pixels);
  const count = pixels.rows * pixels.columns;
  const options = await grayscaleOptions(
    header,
    pixels,
    index,
    { lowest, highest },
    async padding => rangeOf(storedValues(await firstFrame(), pixels, header), count, padding)
  );
  const window = grayOf(options.window);
  const invert = pixels.photometricInterpretation === 'MONOCHROME1';
  const gray = (stored: number) => {
    const value = options.modality(stored);
    const byte = Math.trunc(window(options.voiLut ? options.voiLut.map(value) : value));
    return invert ? 255 - byte : byte;
  };
  const grays = table(gray, lowest, highest);
  const read = storedValues(samples, pixels, header);
  const rendered = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) {
    rendered[at] = grays(Math.min(Math.max(read(at), lowest), highest));
  }
  return rendered;
}

/**
 * The least and the greatest value that Bits Stored permits, in the renderer's numbers of 32 bits:
 * of 32 unsigned bits there is the value 0 alone, and some tables cannot be made at all.
 *
 * @see fo-dicom BitDepth.GetMaximumValue, PrecalculatedLUT
 */
function limitsOf({ bitsStored, signed }: ImagePixels): { lowest: number; highest: number } {
  const lowest = signed ? -(1 << (bitsStored - 1)) | 0 : 0;
  const highest = ((1 << (signed ? bitsStored - 1 : bitsStored)) - 1) | 0;
  if (((highest - lowest + 1) | 0) <= 0) {
    throw new CodecError('There is no rendering of such a number of bits.');
  }
  return { lowest, highest };
}

function rangeOf(read: (index: number) => number, count: number, padding: number | undefined) {
  let least = Infinity;
  let most = -Infinity;
  for (let at = 0; at < count; at += 1) {
    const value = read(at);
    if (value === padding) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

/** Every value is computed, as the renderer does: a table too short for one of them fails. */
function table(
  gray: (stored: number) => number,
  lowest: number,
  highest: number
): (stored: number) => number {
  const size = highest - lowest + 1;
  if (size > MAX_TABLE_VALUES) return gray;
  const grays = Uint8Array.from({ length: size }, (_, at) => gray(lowest + at));
  return stored => grays[stored - lowest] ?? 0;
}
