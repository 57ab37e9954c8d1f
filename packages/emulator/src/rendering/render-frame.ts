import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { notEmulated } from '../http/service-error.ts';
import { swapped } from '../part10/explicit-little-endian.ts';
import { imagePixels } from '../part10/image-pixels.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { isUncompressed } from '../part10/transfer-syntax.ts';
import { renderColour } from './colour.ts';
import { renderGrayscale } from './grayscale.ts';

/** The media types of rendered frames. */
export type RenderedType = 'image/jpeg' | 'image/png';

/**
 * Renders one frame.
 *
 * @param frame - the frame as stored.
 * @param quality - of JPEG, 1 to 100.
 * @throws {ServiceError} 501 naming what this emulator cannot render.
 */
export function renderFrame(
  frame: Buffer,
  header: Part10Header,
  type: RenderedType,
  quality: number
): Uint8Array {
  const pixels = imagePixels(header);
  const samples = plainSamples(frame, header, pixels);
  const { rows: height, columns: width } = pixels;
  const colour = pixels.samplesPerPixel === 3;
  const data = colour ? renderColour(samples, pixels) : renderGrayscale(samples, pixels, header);
  if (type === 'image/png') return encodePng({ width, height, data, channels: colour ? 3 : 1 });
  return encodeJpeg({ width, height, data: withAlpha(data, colour) }, quality).data;
}

function plainSamples(frame: Buffer, header: Part10Header, pixels: ImagePixels): Buffer {
  const { transferSyntaxUID, littleEndian } = header;
  const { bitsAllocated, samplesPerPixel, photometricInterpretation } = pixels;
  if (!isUncompressed(transferSyntaxUID)) {
    throw notEmulated(`rendering of the transfer syntax ${transferSyntaxUID}`);
  }
  const grayscale = /^MONOCHROME[12]$/.test(photometricInterpretation) && samplesPerPixel === 1;
  const colour = /^(RGB|YBR_FULL)$/.test(photometricInterpretation) && samplesPerPixel === 3;
  if (!grayscale && !colour) {
    throw notEmulated(
      `rendering of the photometric interpretation ${photometricInterpretation} with ${samplesPerPixel} samples per pixel`
    );
  }
  if (bitsAllocated !== 8 && !(grayscale && bitsAllocated === 16)) {
    throw notEmulated(`rendering of ${bitsAllocated} bits allocated`);
  }
  // Explicit VR Big Endian keeps OW in words, whatever Bits Allocated says. [PS3.5 annex A.3]
  return !littleEndian && header.pixelData?.vr === 'OW' ? swapped(frame, 2) : frame;
}

function withAlpha(data: Uint8Array, colour: boolean): Uint8Array {
  const step = colour ? 3 : 1;
  const rgba = new Uint8Array((data.length / step) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += step, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + (colour ? 1 : 0)] ?? 0;
    rgba[to + 2] = data[from + (colour ? 2 : 0)] ?? 0;
  }
  return rgba;
}
