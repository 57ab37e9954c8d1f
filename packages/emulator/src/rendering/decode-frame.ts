import { swapped } from '../part10/explicit-little-endian.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { isUncompressed } from '../part10/transfer-syntax.ts';
import { decodeJpegLossless } from './jpeg-lossless.ts';
import { decodeRle } from './rle.ts';
import {
  CodecError,
  decodeWith,
  highThroughputJpeg2000,
  jpeg,
  jpeg2000,
  jpegLs,
} from './wasm-codecs.ts';

/** A frame as plain samples, little endian, and what of the Image Pixel Module differs from the data set. */
export interface PlainFrame {
  samples: Buffer;
  photometricInterpretation: string;
  /** 0 pixel by pixel, 1 plane by plane. */
  planarConfiguration: number;
}

/** What a decoder gives, before it is fitted to the Image Pixel Module. */
interface Decoded {
  rows: number;
  columns: number;
  components: number;
  /** Bits of a sample in `samples`: 8 or 16. */
  bits: number;
  samples: Buffer;
  planar?: boolean;
  /** The decoder has turned YBR into RGB. */
  rgb?: boolean;
}

type Decode = (frame: Buffer) => Promise<Decoded>;

const decodeJpeg: Decode = frame =>
  jpeg.use(codec => ofCodec(decodeWith(new codec.JPEGDecoder(), frame), true));
const decodeLossless: Decode = async frame => {
  try {
    const { precision, ...rest } = decodeJpegLossless(frame);
    return { ...rest, bits: precision > 8 ? 16 : 8 };
  } catch (cause) {
    // Offsets which lead out of the data end in a RangeError.
    throw cause instanceof RangeError ? new CodecError('The JPEG data is cut.', { cause }) : cause;
  }
};
const decodeJpegLs: Decode = frame =>
  jpegLs.use(codec => ofCodec(decodeWith(new codec.JpegLSDecoder(), frame), false));
const decodeJpeg2000: Decode = frame =>
  jpeg2000.use(codec => ofCodec(decodeWith(new codec.J2KDecoder(), frame), true));
const decodeHighThroughput: Decode = frame =>
  highThroughputJpeg2000.use(codec => ofCodec(decodeWith(new codec.HTJ2KDecoder(), frame), true));

/** The Transfer Syntaxes with a decoder, RLE apart. @see PS3.5 annex A.4 */
const DECODERS: Readonly<Record<string, Decode>> = {
  '1.2.840.10008.1.2.4.50': decodeJpeg,
  '1.2.840.10008.1.2.4.51': decodeJpeg,
  '1.2.840.10008.1.2.4.57': decodeLossless,
  '1.2.840.10008.1.2.4.70': decodeLossless,
  '1.2.840.10008.1.2.4.80': decodeJpegLs,
  '1.2.840.10008.1.2.4.81': decodeJpegLs,
  '1.2.840.10008.1.2.4.90': decodeJpeg2000,
  '1.2.840.10008.1.2.4.91': decodeJpeg2000,
  '1.2.840.10008.1.2.4.201': decodeHighThroughput,
  '1.2.840.10008.1.2.4.202': decodeHighThroughput,
  '1.2.840.10008.1.2.4.203': decodeHighThroughput,
};
const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/**
 * Decodes one frame.
 *
 * @param frame - as stored.
 * @throws {CodecError} when it is broken, is not what the data set says, or has no decoder.
 */
export async function decodeFrame(
  frame: Buffer,
  header: Part10Header,
  pixels: ImagePixels
): Promise<PlainFrame> {
  const { photometricInterpretation, planarConfiguration } = pixels;
  const { transferSyntaxUID } = header;
  if (isUncompressed(transferSyntaxUID)) {
    const samples = littleEndian(frame, header, pixels);
    return { samples, photometricInterpretation, planarConfiguration };
  }
  if (transferSyntaxUID === RLE_LOSSLESS) {
    return { samples: decodeRle(frame, pixels), photometricInterpretation, planarConfiguration };
  }
  const decode = DECODERS[transferSyntaxUID];
  if (!decode) throw new CodecError('There is no decoder for the Transfer Syntax.');
  const decoded = await decode(frame);
  return {
    samples: fitted(decoded, pixels),
    photometricInterpretation:
      decoded.rgb && becomesRgb(photometricInterpretation) ? 'RGB' : photometricInterpretation,
    planarConfiguration: decoded.planar ? 1 : 0,
  };
}

/** Samples of an uncompressed frame in the order of Explicit VR Little Endian. */
export function littleEndian(frame: Buffer, header: Part10Header, pixels: ImagePixels): Buffer {
  if (header.littleEndian) return frame;
  if (pixels.bitsAllocated > 16) return swapped(frame, pixels.bitsAllocated / 8);
  // Words, also when two samples of 8 bits share one. [PS3.5 annex A.3]
  return header.pixelData?.vr === 'OW' ? swapped(frame, 2) : frame;
}

/** JPEG and JPEG 2000 carry the colour transform in the bit stream, so their decoders undo it. */
const becomesRgb = (photometricInterpretation: string) =>
  /^YBR_(FULL|FULL_422|RCT|ICT|PARTIAL_422)$/.test(photometricInterpretation);

function ofCodec(
  { info, samples, planar }: ReturnType<typeof decodeWith>,
  undoesColourTransform: boolean
): Decoded {
  return {
    rows: info.height,
    columns: info.width,
    components: info.componentCount,
    bits: info.bitsPerSample > 8 ? 16 : 8,
    samples,
    planar,
    rgb: undoesColourTransform && info.componentCount === 3,
  };
}

/** Samples as wide as Bits Allocated says. @throws {CodecError} when the image is another one. */
function fitted(decoded: Decoded, pixels: ImagePixels): Buffer {
  const { rows, columns, components, bits, samples } = decoded;
  const { bitsAllocated, signed } = pixels;
  const expected = rows * columns * components * (bits / 8);
  if (
    rows !== pixels.rows ||
    columns !== pixels.columns ||
    components !== pixels.samplesPerPixel ||
    samples.length < expected ||
    bits > bitsAllocated
  ) {
    throw new CodecError('The frame is not the image which the data set describes.');
  }
  const exact = samples.subarray(0, expected);
  if (bits === bitsAllocated) return exact;
  if (bits !== 8 || bitsAllocated !== 16) throw new CodecError('The samples are of another width.');
  const wide = signed ? Int16Array.from(new Int8Array(exact)) : Uint16Array.from(exact);
  return Buffer.from(wide.buffer);
}
