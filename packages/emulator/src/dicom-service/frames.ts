import { writeMultipart } from '../http/multipart-writer.ts';
import { badRequest, notFound } from '../http/service-error.ts';
import type { Frames } from '../part10/frames.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { transcodeFrame } from '../rendering/transcode.ts';
import { OpenedInstances } from '../storage/opened-instances.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { acceptLines, answerStream, pathResource } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { foundInstances } from './found.ts';
import { checkFrames, parseFrameList } from './frame-numbers.ts';
import { negotiate } from './retrieve-accept.ts';
import { asImageError, checkTranscodable, checkTranscodedSize } from './transcoding.ts';
import { needsTranscoding, transcoding } from './transcoding.ts';

const OPENED = new OpenedInstances();

/** Retrieves frames. @see PS3.18 10.4; reference 3.3 */
export async function retrieveFrames(exchange: Exchange): Promise<void> {
  const { request, response, parameters, access, store, profile } = exchange;
  const numbers = parseFrameList(parameters.frames ?? '');
  access.require('read', parameters.study);
  const scope = pathResource(parameters);
  checkFrames(numbers);
  const negotiated = negotiate('frames', acceptLines(request), profile === 'hosted');
  if (!negotiated.multipart && numbers.length > 1) {
    throw badRequest(
      'The accept header is supported for single frame retrieval, use multi-part accept header instead.'
    );
  }
  const [instance] = foundInstances(store, scope);
  const { transferSyntax } = negotiated;
  checkTranscodedSize(instance, transferSyntax);
  const { frames, header } = await openedFrames(instance, numbers);
  checkTranscodable(instance, transferSyntax);
  const read = async (number: number) => {
    const frame = await frames.read(number - 1);
    return needsTranscoding(instance, transferSyntax)
      ? transcoding(transcodeFrame(frame, header, transferSyntax))
      : frame;
  };
  // Read before anything is sent: what fails with the first frame is answered as an error.
  const first = await read(numbers[0] ?? 1);
  const given = transferSyntax === '*' ? instance.transferSyntaxUID : transferSyntax;
  const contentType = `${negotiated.mediaType}; transfer-syntax=${given}`;
  async function* content(number: number, index: number) {
    yield index === 0 ? first : await read(number);
  }
  if (!negotiated.multipart) {
    await answerStream(response, contentType, content(1, 0));
    return;
  }
  const parts = numbers.map((number, index) => ({ contentType, content: content(number, index) }));
  const multipart = writeMultipart(parts);
  await answerStream(response, multipart.contentType, multipart.body);
}

/** The frames of an instance; the ones asked for are there. @throws {ServiceError} 404, 406 */
export async function openedFrames(
  instance: StoredInstance,
  numbers: readonly number[]
): Promise<{ frames: Frames; header: Part10Header }> {
  const opened = await OPENED.frames(instance).catch((error: unknown) => {
    throw asImageError(error);
  });
  if (numbers.some(number => number > opened.frames.count)) throw notFound('frame');
  return opened;
}
