import { writeMultipart } from '../http/multipart-writer.ts';
import { badRequest, notAcceptable, notFound, ServiceError } from '../http/service-error.ts';
import { swapped } from '../part10/explicit-little-endian.ts';
import { openFrames } from '../part10/frames.ts';
import type { Frames } from '../part10/frames.ts';
import { imagePixels } from '../part10/image-pixels.ts';
import { readHeader, withFile } from '../part10/part10-file.ts';
import { Part10FormatError } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { parseMediaRanges } from '../http/media-type.ts';
import { renderFrame } from '../rendering/render-frame.ts';
import type { RenderedType } from '../rendering/render-frame.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerStream, pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { foundInstances } from './found.ts';
import { checkTranscoding, MAX_TRANSCODED_BYTES } from './retrieve.ts';
import { negotiate } from './retrieve-accept.ts';

const INVALID_FRAMES =
  'The specified frames value is not valid. At least one frame must be present, and all requested frames must have value greater than 0.';
const MAX_INT32 = 2 ** 31 - 1;
const DEFAULT_QUALITY = 100;

/** Retrieves frames. @see PS3.18 10.4; reference 3.3 */
export async function retrieveFrames(exchange: Exchange): Promise<void> {
  const { request, response, parameters, access, store, profile } = exchange;
  access.require('read', parameters.study);
  const scope = pathResource(parameters);
  const numbers = frameNumbers(parameters.frames ?? '');
  const negotiated = negotiate('frames', acceptLines(request), profile === 'hosted');
  if (!negotiated.multipart && numbers.length > 1) {
    throw badRequest(
      'The accept header is supported for single frame retrieval, use multi-part accept header instead.'
    );
  }
  const [instance] = foundInstances(store, scope);
  const { transferSyntax } = negotiated;
  await withFrames(instance, numbers, async (frames, header) => {
    checkTranscoding(instance, transferSyntax);
    const given = transferSyntax === '*' ? instance.transferSyntaxUID : transferSyntax;
    const contentType = `${negotiated.mediaType}; transfer-syntax=${given}`;
    const content = async function* (number: number) {
      const frame = await frames.read(number - 1);
      yield given === instance.transferSyntaxUID ? frame : littleEndian(frame, header);
    };
    if (!negotiated.multipart) {
      await answerStream(response, contentType, content(numbers[0] ?? 1));
      return;
    }
    const parts = numbers.map(number => ({ contentType, content: content(number) }));
    const multipart = writeMultipart(parts);
    await answerStream(response, multipart.contentType, multipart.body);
  });
}

/** Renders the first frame of an instance, or the frame named. @see reference 3.4 */
export async function retrieveRendered(exchange: Exchange): Promise<void> {
  const { request, response, parameters, query, access, store } = exchange;
  access.require('read', parameters.study);
  const scope = pathResource(parameters);
  const numbers = frameNumbers(parameters.frames ?? '1');
  if (numbers.length > 1) throw badRequest(INVALID_FRAMES);
  const type = renderedType(acceptLines(request));
  const quality = qualityOf(query);
  const [instance] = foundInstances(store, scope);
  if (instance.size > MAX_TRANSCODED_BYTES) {
    throw notAcceptable(
      `Requested DICOM instance size is above the supported limit of ${MAX_TRANSCODED_BYTES} for rendering. `
    );
  }
  const image = await withFrames(instance, numbers, async (frames, header) =>
    renderFrame(await frames.read((numbers[0] ?? 1) - 1), header, type, quality)
  );
  response.writeHead(200, { 'Content-Type': type, 'Content-Length': image.length });
  response.end(image);
}

/** Opens the frames of an instance and checks that the ones asked for are there. */
async function withFrames<T>(
  instance: StoredInstance,
  numbers: readonly number[],
  use: (frames: Frames, header: Part10Header) => Promise<T>
): Promise<T> {
  return withFile(instance.path, async file => {
    const header = await readHeader(file);
    const frames = await openFrames(file, header).catch((error: unknown) => {
      // An image which cannot be taken apart is a DicomImageException of the service. [reference 0.A]
      throw error instanceof Part10FormatError ? new ServiceError(406, error.message) : error;
    });
    if (numbers.some(number => number > frames.count)) throw notFound('frame');
    return use(frames, header);
  });
}

/** @throws {ServiceError} 400 with the texts of reference 3.3. */
function frameNumbers(list: string): number[] {
  const numbers = list.split(',').map(text => {
    const number = Number(text.trim());
    if (!/^\s*[+-]?\d+\s*$/.test(text) || Math.abs(number) > MAX_INT32) {
      throw badRequest(
        `The query parameter 'Frames' is invalid. Unable to parse value '${text}' as Int32.`
      );
    }
    return number;
  });
  if (numbers.some(number => number <= 0)) throw badRequest(INVALID_FRAMES);
  return numbers;
}

/** Exactly one of the two image types; JPEG without a header. */
function renderedType(lines: readonly string[]): RenderedType {
  if (lines.length === 0) return 'image/jpeg';
  const types = lines.flatMap(parseMediaRanges).map(range => range.type);
  if (types.length > 1) {
    throw notAcceptable('The request contains multiple accept headers, which is not supported.');
  }
  const [type] = types;
  if (type === 'image/jpeg' || type === 'image/png') return type;
  throw notAcceptable();
}

function qualityOf(query: URLSearchParams): number {
  const text = query.get('quality');
  if (text === null) return DEFAULT_QUALITY;
  const quality = Number(text);
  if (Number.isInteger(quality) && quality >= 1 && quality <= 100 && text.trim() !== '') {
    return quality;
  }
  throw badRequest('Image quality must be between 1 and 100 inclusive');
}

/** Samples in the order of Explicit VR Little Endian. */
function littleEndian(frame: Buffer, header: Part10Header): Buffer {
  if (header.littleEndian) return frame;
  const { bitsAllocated } = imagePixels(header);
  if (bitsAllocated > 16) return swapped(frame, bitsAllocated / 8);
  // Words, also when two samples of 8 bits share one. [PS3.5 annex A.3]
  return header.pixelData?.vr === 'OW' ? swapped(frame, 2) : frame;
}
