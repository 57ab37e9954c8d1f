import { swapped } from '../part10/explicit-little-endian.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { isUncompressed } from '../part10/transfer-syntax.ts';
import { isSignedByte, withSign } from './jpeg-2000-codestream.ts';
import { decodeJpegExtended, isExtended12Bit } from './jpeg-extended.ts';
import { decodeJpegLossless } from './jpeg-lossless.ts';
import { frameHeadOf } from './jpeg-segments.ts';
import type { JpegFrameHead } from './jpeg-segments.ts';
import { decodeRle } from './rle.ts';
import {
  CodecError,
  decodeWith,
  highThroughputJpeg2000,
  jpeg,
  jpeg2000,
  jpegLs,
} from './wasm-codecs.ts';
import type { CodecFrame } from './wasm-codecs.ts';

const ANOTHER_IMAGE = 'The frame is not the image which the data set describes.';

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
  /** What the decoder makes of a Photometric Interpretation. */
  colours?: (photometricInterpretation: string) => string;
}

type Decode = (frame: Buffer, pixels: ImagePixels) => Promise<Decoded>;

/** JPEG carries the colour transform in the bit stream, so that its decoders undo it. */
const ofJpeg = (colours: string) =>
  /^YBR_(FULL|FULL_422|PARTIAL_422)$/.test(colours) ? 'RGB' : colours;

/** JPEG 2000 has transforms of its own; other luminance and colour come as they are, one pair a pixel. */
const ofJpeg2000 = (colours: string) => {
  if (/^YBR_(RCT|ICT)$/.test(colours)) return 'RGB';
  return /^YBR_(FULL|PARTIAL)_422$/.test(colours) ? 'YBR_FULL' : colours;
};

const decodeJpeg: Decode = async (frame, pixels) => {
  if (isExtended12Bit(headOf(frame, pixels))) {
    return { ...uncut(() => decodeJpegExtended(frame)), bits: 16, colours: ofJpeg };
  }
  const decoded = await jpeg.use(codec => ofCodec(decodeWith(new codec.JPEGDecoder(), frame)));
  return { ...decoded, colours: ofJpeg };
};
const decodeLossless: Decode = async (frame, pixels) => {
  headOf(frame, pixels);
  const { precision, ...rest } = uncut(() => decodeJpegLossless(frame));
  return { ...rest, bits: precision > 8 ? 16 : 8 };
};
const decodeJpegLs: Decode = frame =>
  jpegLs.use(codec => ofCodec(decodeWith(new codec.JpegLSDecoder(), frame)));
const decodeJpeg2000: Decode = async frame => {
  // The codec limits signed samples of up to eight bits to 0 and more.
  const signed = isSignedByte(frame);
  const { info, ...rest } = await jpeg2000.use(codec =>
    decodeWith(new codec.J2KDecoder(), signed ? withSign(frame, false) : frame)
  );
  const middle = 2 ** (info.bitsPerSample - 1);
  if (signed) rest.samples = rest.samples.map(value => value - middle) as Buffer;
  return { ...ofCodec({ info, ...rest }), colours: ofJpeg2000 };
};
const decodeHighThroughput: Decode = async frame => {
  const decoded = await highThroughputJpeg2000.use(codec =>
    ofCodec(decodeWith(new codec.HTJ2KDecoder(), frame))
  );
  return { ...decoded, colours: ofJpeg2000 };
};

/** The head of a JPEG frame. @throws {CodecError} when it is another image, before memory is taken for it */
function headOf(frame: Buffer, { rows, columns }: ImagePixels): JpegFrameHead {
  const head = frameHeadOf(frame);
  if (head?.rows !== rows || head.columns !== columns) throw new CodecError(ANOTHER_IMAGE);
  return head;
}

/** Offsets which lead out of the data end in a RangeError. */
function uncut<T>(decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw cause instanceof RangeError ? new CodecError('The JPEG data is cut.', { cause }) : cause;
  }
}

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
  const decoded = await decode(frame, pixels);
  return {
    samples: fitted(decoded, pixels),
    photometricInterpretation:
      (decoded.components === 3 && decoded.colours?.(photometricInterpretation)) ||
      photometricInterpretation,
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

function ofCodec({ info, samples, planar }: CodecFrame): Decoded {
  return {
    rows: info.height,
    columns: info.width,
    components: info.componentCount,
    bits: info.bitsPerSample > 8 ? 16 : 8,
    samples,
    planar,
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
    throw new CodecError(ANOTHER_IMAGE);
  }
  const exact = samples.subarray(0, expected);
  if (bits === bitsAllocated) return exact;
  if (bits !== 8 || bitsAllocated !== 16) throw new CodecError('The samples are of another width.');
  const wide = signed ? Int16Array.from(new Int8Array(exact)) : Uint16Array.from(exact);
  return Buffer.from(wide.buffer);
}
