import type {
  CodecFactory,
  CodecFrameInfo,
  FrameDecoder,
  FrameEncoder,
  J2KEncoder,
} from './codec-types.ts';

/** A frame which cannot be decoded or encoded: broken, or of a kind for which there is no codec. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** A new one for each codec: it becomes the codec itself. */
const silent = () => ({ print: () => undefined, printErr: () => undefined });

/** Starts a codec. */
const load = <T>(module: { default: unknown }) => (module.default as CodecFactory<T>)(silent());

/**
 * A codec, loaded when it is first needed. After a failure it is loaded anew: a broken frame may
 * have left its memory in any state.
 */
class LazyCodec<T> {
  readonly #load: () => Promise<T>;
  #loaded: Promise<T> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  async use<R>(work: (codec: T) => R): Promise<R> {
    const codec = await (this.#loaded ??= this.#load());
    try {
      return work(codec);
    } catch (cause) {
      this.#loaded = undefined;
      // The codecs throw numbers, among other things.
      throw new CodecError('The frame cannot be converted.', { cause });
    }
  }
}

/** JPEG 2000: OpenJPEG. */
export const jpeg2000 = new LazyCodec<{
  J2KDecoder: new () => FrameDecoder;
  J2KEncoder: new () => J2KEncoder;
}>(async () => load(await import('@cornerstonejs/codec-openjpeg/wasmjs')));

/** High-Throughput JPEG 2000: OpenJPH. */
export const highThroughputJpeg2000 = new LazyCodec<{ HTJ2KDecoder: new () => FrameDecoder }>(
  async () => load(await import('@cornerstonejs/codec-openjph'))
);

/** JPEG-LS: CharLS. */
export const jpegLs = new LazyCodec<{ JpegLSDecoder: new () => FrameDecoder }>(async () =>
  load(await import('@cornerstonejs/codec-charls/decodewasmjs'))
);

/** JPEG of 8 bits: libjpeg-turbo. */
export const jpeg = new LazyCodec<{ JPEGDecoder: new () => FrameDecoder }>(async () =>
  load(await import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'))
);

/** What a codec made of a frame. */
export interface CodecFrame {
  info: CodecFrameInfo;
  samples: Buffer;
  /** Whether the samples stand plane by plane. */
  planar: boolean;
}

/** Decodes a frame; a decoder which is not freed keeps its memory. */
export function decodeWith(decoder: FrameDecoder, frame: Uint8Array): CodecFrame {
  decoder.getEncodedBuffer(frame.length).set(frame);
  decoder.decode();
  const info = { ...decoder.getFrameInfo() };
  const samples = Buffer.from(decoder.getDecodedBuffer());
  const planar = info.componentCount > 1 && decoder.getInterleaveMode?.() === 0;
  decoder.delete();
  return { info, samples, planar };
}

/** Encodes samples, interleaved and little endian. */
export function encodeWith(
  encoder: FrameEncoder,
  samples: Uint8Array,
  info: CodecFrameInfo
): Buffer {
  encoder.getDecodedBuffer(info).set(samples);
  encoder.encode();
  const encoded = Buffer.from(encoder.getEncodedBuffer());
  encoder.delete();
  return encoded;
}
