import type { ImagePixels } from '../part10/image-pixels.ts';
import { renderColour } from './colour.ts';
import type { PlainFrame } from './decode-frame.ts';
import { CPRL, joinComponents, withSign } from './jpeg-2000-codestream.ts';
import { sampleReader } from './sample-reader.ts';
import { CodecError, encodeWith, jpeg2000 } from './wasm-codecs.ts';

const MAX_DECOMPOSITIONS = 5;

/** A frame in JPEG 2000, and what its colours are. */
export interface Jpeg2000Frame {
  bytes: Buffer;
  photometricInterpretation: string;
}

/**
 * Encodes a frame in JPEG 2000, reversibly: one or three components of up to 16 bits, signed or
 * not. RGB of up to eight bits gets the colour transform (YBR_RCT); wider RGB stays RGB, for which
 * the codec has no encoder of its own, so that it's encoded component by component.
 *
 * YBR_FULL and YBR_FULL_422 become RGB first. [fo-dicom.Codecs DicomJpeg2000NativeCodec.Encode]
 *
 * @throws {CodecError} for other images.
 * @see PS3.5 section 8.2.4, A.4.4
 */
export async function encodeJpeg2000Lossless(
  frame: PlainFrame,
  pixels: ImagePixels
): Promise<Jpeg2000Frame> {
  const { samplesPerPixel, bitsAllocated, bitsStored } = pixels;
  const { photometricInterpretation } = frame;
  if (![8, 16].includes(bitsAllocated) || bitsStored < 1 || bitsStored > bitsAllocated) {
    throw new CodecError('There is no encoder for such a number of bits.');
  }
  if (samplesPerPixel === 1) {
    const bytes = await encode(frame, pixels, [0]);
    return { bytes, photometricInterpretation };
  }
  if (samplesPerPixel !== 3) throw new CodecError('There is no encoder for so many samples.');
  const rgb = asRgb(frame, pixels);
  if (precisionOf(pixels) <= 8) {
    const bytes = await encode(rgb, pixels, [0, 1, 2]);
    return { bytes, photometricInterpretation: 'YBR_RCT' };
  }
  const components: Buffer[] = [];
  for (const component of [0, 1, 2]) components.push(await encode(rgb, pixels, [component]));
  return { bytes: joinComponents(components), photometricInterpretation: 'RGB' };
}

function asRgb(frame: PlainFrame, pixels: ImagePixels): PlainFrame {
  const { photometricInterpretation: colours } = frame;
  if (colours === 'RGB') return frame;
  if (pixels.bitsAllocated !== 8 || !/^YBR_FULL(_422)?$/.test(colours)) {
    throw new CodecError('There is no encoder for such colours.');
  }
  const samples = Buffer.from(
    renderColour({ ...frame, rows: pixels.rows, columns: pixels.columns })
  );
  return { samples, photometricInterpretation: 'RGB', planarConfiguration: 0 };
}

/** Bits to encode: all of a sample when its highest bit isn't where Bits Stored would have it. */
const precisionOf = ({ bitsAllocated, bitsStored, highBit }: ImagePixels) =>
  highBit === bitsStored - 1 ? bitsStored : bitsAllocated;

/** The codec reads samples of at most eight bits as unsigned ones. */
const isShifted = (pixels: ImagePixels) => pixels.signed && precisionOf(pixels) <= 8;

/**
 * Some components of a frame, pixel by pixel, in one or two bytes by the precision, without the
 * bits above Bits Stored, which the encoder would take for part of the value.
 */
function samplesOf(
  { samples, planarConfiguration }: PlainFrame,
  pixels: ImagePixels,
  components: readonly number[]
): Buffer {
  const { rows, columns, samplesPerPixel, bitsAllocated, signed } = pixels;
  const count = rows * columns;
  const bits = precisionOf(pixels);
  if (samples.length < (count * samplesPerPixel * bitsAllocated) / 8) {
    throw new CodecError('The frame is too short.');
  }
  const [step, apart] = planarConfiguration === 1 ? [1, count] : [samplesPerPixel, 1];
  const whole = components.length === samplesPerPixel && (apart === 1 || samplesPerPixel === 1);
  if (whole && !signed && bits === 8 && bitsAllocated === 8) {
    return samples.subarray(0, count * samplesPerPixel);
  }
  const read = sampleReader(samples, {
    bitsAllocated,
    bitsStored: bits,
    highBit: bits - 1,
    signed,
  });
  const shift = isShifted(pixels) ? 2 ** (bits - 1) : 0;
  const values = new (bits > 8 ? Uint16Array : Uint8Array)(count * components.length);
  for (const [index, component] of components.entries()) {
    let from = component * apart;
    for (let to = index; to < values.length; to += components.length, from += step) {
      values[to] = read(from) + shift;
    }
  }
  return Buffer.from(values.buffer);
}

async function encode(
  frame: PlainFrame,
  pixels: ImagePixels,
  components: readonly number[]
): Promise<Buffer> {
  const { rows, columns, signed } = pixels;
  const samples = samplesOf(frame, pixels, components);
  const info = {
    width: columns,
    height: rows,
    bitsPerSample: precisionOf(pixels),
    componentCount: components.length,
    isSigned: signed && !isShifted(pixels),
  };
  const encoded = await jpeg2000.use(codec => {
    const encoder = new codec.J2KEncoder();
    // Each one halves the image.
    const possible = Math.floor(Math.log2(Math.max(Math.min(rows, columns), 1)));
    encoder.setDecompositions(Math.min(MAX_DECOMPOSITIONS, possible));
    encoder.setQuality(true, 0);
    encoder.setProgressionOrder(CPRL);
    return encodeWith(encoder, samples, info);
  });
  return isShifted(pixels) ? withSign(encoded, true) : encoded;
}
