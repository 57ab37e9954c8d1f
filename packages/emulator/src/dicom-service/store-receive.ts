import type { IncomingMessage } from 'node:http';
import { parseMediaType } from '../http/media-type.ts';
import type { MediaType } from '../http/media-type.ts';
import { MultipartReader, TruncatedPartError } from '../http/multipart-reader.ts';
import { drainBriefly, limitedBody } from '../http/request-body.ts';
import { badRequest, ServiceError, unsupportedContentType } from '../http/service-error.ts';
import { receiveFile, removeReceived } from '../storage/received-files.ts';

/**
 * Receives all instances of a Store request into temporary files, before any is stored.
 *
 * @param temporaryPath - gives a new path for each.
 * @param maxBytes - of the request and of each part.
 * @returns the paths, in order; the caller removes them.
 * @throws {ServiceError} 400, 413 or 415 for the whole request; no temporary file is left then.
 * @see reference 1.1
 */
export async function receiveParts(
  request: IncomingMessage,
  temporaryPath: () => string,
  maxBytes: number
): Promise<string[]> {
  const header = request.headers['content-type'] ?? '';
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const received: string[] = [];
  const receive = async (content: AsyncIterable<Uint8Array>) => {
    const path = temporaryPath();
    received.push(path);
    await receiveFile(
      path,
      limitedBody(content, maxBytes, () => tooLarge(maxBytes))
    );
  };
  try {
    const type = parseMediaType(header);
    if (type?.type === 'multipart/related') {
      await receiveMultipart(
        limitedBody(request, maxBytes, () => tooLarge(maxBytes)),
        header,
        type
      );
    } else if (isBareDicom(header)) await receive(request);
    else throw unsupportedContentType(header);
    return received;
  } catch (error) {
    for (const path of received) removeReceived(path);
    throw error;
  }

  async function receiveMultipart(
    body: AsyncIterable<Uint8Array>,
    text: string,
    { parameters }: MediaType
  ): Promise<void> {
    const boundary = parameters.get('boundary');
    if (!boundary) {
      throw new ServiceError(
        415,
        `The content type '${text}' is either not multipart or is missing boundary.`
      );
    }
    if (parameters.has('start')) {
      throw badRequest('The start parameter in multipart/related request is not supported.');
    }
    const reader = new MultipartReader(body, boundary);
    try {
      await receiveAll(reader, parameters.get('type') ?? '');
    } finally {
      // What stands behind the last part; a body which is left unread blocks its line.
      await drainBriefly(request);
    }
  }

  async function receiveAll(reader: MultipartReader, outerType: string): Promise<void> {
    for (let first = true; ; first = false) {
      const headers = await reader.nextPart();
      if (!headers) return;
      const type = headers.get('content-type') ?? (first ? outerType : '');
      if (!isBareDicom(type)) {
        // An unfinished last part is dropped, whatever its type: find out whether it is.
        if (await isTruncated(reader)) return;
        throw unsupportedContentType(type);
      }
      try {
        await receive(reader.content());
      } catch (error) {
        if (!(error instanceof TruncatedPartError)) throw error;
        const path = received.pop();
        if (path) removeReceived(path);
        return;
      }
    }
  }
}

async function isTruncated(reader: MultipartReader): Promise<boolean> {
  try {
    for await (const chunk of reader.content()) void chunk;
    return false;
  } catch (error) {
    if (error instanceof TruncatedPartError) return true;
    throw error;
  }
}

/** Compared as a whole: any parameter makes it another type. [reference 1.1] */
function isBareDicom(contentType: string): boolean {
  return contentType.toLowerCase() === 'application/dicom';
}

const tooLarge = (maxBytes: number) =>
  new ServiceError(413, `The request exceeded the allowed limit of ${maxBytes} bytes.`);
