import { encode as encodePng } from 'fast-png';
import { encode as encodeJpeg } from 'jpeg-js';
import { notAcceptable } from '../http/service-error.ts';
import { findElement } from '../part10/data-set.ts';
import { imagePixels } from '../part10/image-pixels.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { renderColour } from './colour.ts';
import { decodeFrame } from './decode-frame.ts';
import type { PlainFrame } from './decode-frame.ts';
import { renderGrayscale } from './grayscale.ts';
import type { GrayscaleFrame } from './grayscale.ts';
import { drawOverlays, overlaysOfFrame } from './overlays.ts';
import { renderPalette } from './palette.ts';
import { CodecError } from './wasm-codecs.ts';

const RED_PALETTE_DATA = '00281201';

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

/** Where the frames of an instance come from. */
export interface FrameSource {
  /** Frame `index`, from 0, as stored. */
  read(index: number): Promise<Buffer>;
}

/**
 * Renders one frame, like fo-dicom, which the service renders with.
 *
 * @param frames - the first one is read too when the window or an overlay depends on it.
 * @throws {ServiceError} 406 with the service's text when the frame cannot be converted.
 * @see reference 3.4; fo-dicom DicomImage.RenderImage, PixelDataFactory.Create
 */
export async function renderFrame(
  frames: FrameSource,
  header: Part10Header,
  { index, type, quality }: Rendering
): Promise<Uint8Array> {
  const pixels = imagePixels(header);
  const { rows: height, columns: width } = pixels;
  try {
    const { data, channels } = await pictureOf(frames, header, pixels, index);
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
  frames: FrameSource,
  header: Part10Header,
  stored: ImagePixels,
  index: number
): Promise<Picture> {
  const pixels = { ...stored, photometricInterpretation: coloursOf(stored, header) };
  const decoded = async (number: number) => decodeFrame(await frames.read(number), header, pixels);
  const plain = await decoded(index);
  const firstFrame = async () => (index === 0 ? plain : await decoded(0)).samples;
  const picture = await withoutOverlays(plain, pixels, header, { index, firstFrame });
  const overlays = await overlaysOfFrame(header, pixels, index, firstFrame);
  if (overlays.length === 0) return picture;
  const data = picture.channels === 3 ? picture.data : inColour(picture.data);
  drawOverlays(data, pixels, overlays);
  return { data, channels: 3 };
}

async function withoutOverlays(
  plain: PlainFrame,
  pixels: ImagePixels,
  header: Part10Header,
  place: Pick<GrayscaleFrame, 'index' | 'firstFrame'>
): Promise<Picture> {
  const { samples } = plain;
  switch (plain.photometricInterpretation) {
    case 'MONOCHROME1':
    case 'MONOCHROME2':
      return {
        data: await renderGrayscale({ samples, ...place }, pixels, header),
        channels: 1,
      };
    case 'PALETTE COLOR':
      return { data: renderPalette(samples, pixels, header), channels: 3 };
    default:
      return { data: renderColour({ ...pixels, ...plain }), channels: 3 };
  }
}

/** What fo-dicom knows, beside MONOCHROME, which it takes for MONOCHROME2. */
const KNOWN_COLOURS = new Set([
  'MONOCHROME1',
  'MONOCHROME2',
  'PALETTE COLOR',
  'RGB',
  'YBR_FULL',
  'YBR_FULL_422',
  'YBR_PARTIAL_422',
  'YBR_PARTIAL_420',
  'YBR_ICT',
  'YBR_RCT',
]);

/**
 * The Photometric Interpretation; a guess when there is none, or an unknown one.
 *
 * @see fo-dicom DicomImage, PhotometricInterpretation.Parse
 */
function coloursOf(
  { photometricInterpretation, samplesPerPixel }: ImagePixels,
  { dataSet }: Part10Header
): string {
  if (KNOWN_COLOURS.has(photometricInterpretation)) return photometricInterpretation;
  if (photometricInterpretation === 'MONOCHROME') return 'MONOCHROME2';
  if (samplesPerPixel > 1) return 'RGB';
  return findElement(dataSet, RED_PALETTE_DATA) ? 'PALETTE COLOR' : 'MONOCHROME2';
}

/** Three bytes a pixel of one. */
const inColour = (data: Uint8Array) =>
  Uint8Array.from({ length: data.length * 3 }, (_, at) => data[Math.floor(at / 3)] ?? 0);

function withAlpha(data: Uint8Array, channels: 1 | 3): Uint8Array {
  const rgba = new Uint8Array((data.length / channels) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    rgba[to] = data[from] ?? 0;
    rgba[to + 1] = data[from + (channels === 3 ? 1 : 0)] ?? 0;
    rgba[to + 2] = data[from + (channels === 3 ? 2 : 0)] ?? 0;
  }
  return rgba;
}
