import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { notAcceptable, notEmulated } from '../http/service-error.ts';
import { imagePixels } from '../part10/image-pixels.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { renderColour } from './colour.ts';
import { decodeFrame } from './decode-frame.ts';
import { attributesOfFrame } from './frame-attributes.ts';
import { renderGrayscale } from './grayscale.ts';
import { renderPalette } from './palette.ts';
import { CodecError } from './wasm-codecs.ts';

/** The media types of rendered frames. */
export type RenderedType = 'image/jpeg' | 'image/png';

/** What to render, and how. */
export interface Rendering {
  /** Index of the frame, from 0. */
  index: number;
  type: RenderedType;
  /** Of JPEG, 1 to 100. */
  quality: number;
}

/** One byte a pixel, or three. */
interface Picture {
  data: Uint8Array;
  channels: 1 | 3;
}

/**
 * Renders one frame.
 *
 * @param frame - the frame as stored.
 * @throws {ServiceError} 406 with the service's text when the frame cannot be converted; 501 naming
 *   what this emulator cannot render.
 */
export async function renderFrame(
  frame: Buffer,
  header: Part10Header,
  { index, type, quality }: Rendering
): Promise<Uint8Array> {
  const pixels = imagePixels(header);
  const { rows: height, columns: width } = pixels;
  try {
    const { data, channels } = await pictureOf(frame, header, pixels, index);
    if (type === 'image/png') return encodePng({ width, height, data, channels });
    // The encoder of libjpeg-turbo's WebAssembly build fails with small and with noisy images.
    return encodeJpeg({ width, height, data: withAlpha(data, channels) }, quality).data;
  } catch (error) {
    if (!(error instanceof CodecError || error instanceof RangeError)) throw error;
    throw notAcceptable(
      'An error was encountered when attempting to convert the dicom file into an image'
    );
  }
}

async function pictureOf(
  frame: Buffer,
  header: Part10Header,
  pixels: ImagePixels,
  index: number
): Promise<Picture> {
  checkRenderable(pixels);
  const { samplesPerPixel } = pixels;
  const plain = await decodeFrame(frame, header, pixels);
  const decoded = { ...pixels, ...plain };
  if (samplesPerPixel === 3) return { data: renderColour(plain.samples, decoded), channels: 3 };
  if (pixels.photometricInterpretation === 'PALETTE COLOR') {
    return { data: renderPalette(plain.samples, pixels, header), channels: 3 };
  }
  const attributes = attributesOfFrame(header, index);
  return { data: renderGrayscale(plain.samples, pixels, attributes), channels: 1 };
}

const GRAYSCALE = /^MONOCHROME[12]$/;
const COLOUR = /^(RGB|YBR_FULL|YBR_FULL_422|YBR_RCT|YBR_ICT)$/;

/** @throws {ServiceError} 501 */
function checkRenderable(pixels: ImagePixels): void {
  const { photometricInterpretation, samplesPerPixel, bitsAllocated } = pixels;
  const grayscale = GRAYSCALE.test(photometricInterpretation) && samplesPerPixel === 1;
  const palette = photometricInterpretation === 'PALETTE COLOR' && samplesPerPixel === 1;
  const colour = COLOUR.test(photometricInterpretation) && samplesPerPixel === 3;
  if (!grayscale && !palette && !colour) {
    throw notEmulated(
      `rendering of the photometric interpretation ${photometricInterpretation} with ${samplesPerPixel} samples per pixel`
    );
  }
  const widths = grayscale ? [1, 8, 16, 32] : [8, 16];
  if (!widths.includes(bitsAllocated)) {
    throw notEmulated(`rendering of ${bitsAllocated} bits allocated`);
  }
}

function withAlpha(data: Uint8Array, channels: 1 | 3): Uint8Array {
  const rgba = new Uint8Array((data.length / channels) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + (channels === 3 ? 1 : 0)] ?? 0;
    rgba[to + 2] = data[from + (channels === 3 ? 2 : 0)] ?? 0;
  }
  return rgba;
}
