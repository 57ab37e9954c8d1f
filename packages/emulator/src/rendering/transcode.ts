import type { FileHandle } from 'node:fs/promises';
import type { DataElement } from '../part10/data-set.ts';
import {
  itemHead,
  pixelDataHead,
  toExplicitLittleEndian,
  writeBeginning,
} from '../part10/explicit-little-endian.ts';
import { openFrames } from '../part10/frames.ts';
import type { Frames } from '../part10/frames.ts';
import { imagePixels } from '../part10/image-pixels.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { isUncompressed, JPEG_2000_LOSSLESS } from '../part10/transfer-syntax.ts';
import { decodeFrame } from './decode-frame.ts';
import type { PlainFrame } from './decode-frame.ts';
import { encodeJpeg2000Lossless } from './encode-jpeg-2000.ts';
import { CodecError } from './wasm-codecs.ts';

/** A frame in another Transfer Syntax, and what of the Image Pixel Module it changes. */
interface TranscodedFrame {
  bytes: Buffer;
  photometricInterpretation: string;
  planarConfiguration: number;
}

/**
 * Transcodes a frame.
 *
 * @param target - Explicit VR Little Endian or JPEG 2000 Lossless.
 * @throws {CodecError} when it cannot be done.
 */
export async function transcodeFrame(
  frame: Buffer,
  header: Part10Header,
  target: string
): Promise<Buffer> {
  return (await transcoded(frame, header, imagePixels(header), target)).bytes;
}

/**
 * Transcodes an instance.
 *
 * @param target - Explicit VR Little Endian or JPEG 2000 Lossless.
 * @returns its bytes. Frames are transcoded as the bytes are read, but for the first one, so that
 *   what cannot be done at all fails here and now.
 * @throws {CodecError} when it cannot be done.
 */
export async function transcodeInstance(
  file: FileHandle,
  header: Part10Header,
  target: string
): Promise<AsyncIterable<Buffer>> {
  const toPlain = target !== JPEG_2000_LOSSLESS;
  if (toPlain && isUncompressed(header.transferSyntaxUID)) {
    return only(await toExplicitLittleEndian(file, header));
  }
  if (!header.pixelData) return only(writeBeginning(header, target));
  const pixels = imagePixels(header);
  const frames = await openFrames(file, header);
  if (frames.count === 0) throw new CodecError('There is no frame.');
  const first = await transcoded(await frames.read(0), header, pixels, target);
  const beginning = writeBeginning(header, target, changesOf(first));
  const bytes = framesFrom(first, frames, frame => transcoded(frame, header, pixels, target));
  return toPlain
    ? plainPixelData(beginning, bytes, pixels, frames.count, first.bytes.length)
    : encapsulatedPixelData(beginning, bytes);
}

async function transcoded(
  frame: Buffer,
  header: Part10Header,
  pixels: ImagePixels,
  target: string
): Promise<TranscodedFrame> {
  const plain = await decodeFrame(frame, header, pixels);
  if (target === JPEG_2000_LOSSLESS) return compressed(plain, pixels);
  const { samples: bytes, photometricInterpretation, planarConfiguration } = plain;
  return { bytes, photometricInterpretation, planarConfiguration };
}

async function compressed(plain: PlainFrame, pixels: ImagePixels): Promise<TranscodedFrame> {
  return { ...(await encodeJpeg2000Lossless(plain, pixels)), planarConfiguration: 0 };
}

async function* framesFrom(
  first: TranscodedFrame,
  frames: Frames,
  transcode: (frame: Buffer) => Promise<TranscodedFrame>
): AsyncGenerator<Buffer> {
  yield first.bytes;
  for (let index = 1; index < frames.count; index += 1) {
    yield (await transcode(await frames.read(index))).bytes;
  }
}

async function* plainPixelData(
  beginning: Buffer,
  frames: AsyncIterable<Buffer>,
  { bitsAllocated }: ImagePixels,
  count: number,
  frameBytes: number
): AsyncGenerator<Buffer> {
  const length = frameBytes * count;
  yield beginning;
  yield pixelDataHead(bitsAllocated > 8 ? 'OW' : 'OB', length + (length % 2));
  yield* frames;
  if (length % 2 === 1) yield Buffer.alloc(1);
}

/** One fragment a frame, and a Basic Offset Table, for which all must be known. @see PS3.5 annex A.4 */
async function* encapsulatedPixelData(
  beginning: Buffer,
  frames: AsyncIterable<Buffer>
): AsyncGenerator<Buffer> {
  const fragments: Buffer[] = [];
  for await (const frame of frames) {
    fragments.push(frame.length % 2 === 0 ? frame : Buffer.concat([frame, Buffer.alloc(1)]));
  }
  const offsets = Buffer.alloc(fragments.length * 4);
  let offset = 0;
  for (const [index, fragment] of fragments.entries()) {
    offsets.writeUInt32LE(offset, index * 4);
    offset += 8 + fragment.length;
  }
  yield beginning;
  yield pixelDataHead('OB', undefined);
  yield itemHead('FFFEE000', offsets.length);
  yield offsets;
  for (const fragment of fragments) {
    yield itemHead('FFFEE000', fragment.length);
    yield fragment;
  }
  yield itemHead('FFFEE0DD', 0);
}

/** The elements of the Image Pixel Module which describe the transcoded frames. */
function changesOf({
  photometricInterpretation,
  planarConfiguration,
}: TranscodedFrame): DataElement[] {
  const padding = photometricInterpretation.length % 2 === 0 ? '' : ' ';
  return [
    { tag: '00280004', vr: 'CS', value: Buffer.from(`${photometricInterpretation}${padding}`) },
    { tag: '00280006', vr: 'US', value: Buffer.from([planarConfiguration, 0]) },
  ];
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
