import type { IncomingMessage } from 'node:http';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { parseMediaType } from '../http/media-type.ts';
import type { MediaType } from '../http/media-type.ts';
import { MultipartReader, TruncatedPartError } from '../http/multipart-reader.ts';
import { badRequest, ServiceError, unsupportedContentType } from '../http/service-error.ts';

/** Bytes of a part and of a request. [reference 6] */
const MAX_DICOM_BYTES = 2_147_483_647;

/**
 * Receives all instances of a Store request into temporary files, before any is stored.
 *
 * @param temporaryPath - gives a new path for each.
 * @returns the paths, in order; the caller removes them.
 * @throws {ServiceError} 400, 413 or 415 for the whole request; no temporary file is left then.
 * @see reference 1.1
 */
export async function receiveParts(
  request: IncomingMessage,
  temporaryPath: () => string
): Promise<string[]> {
  const header = request.headers['content-type'] ?? '';
  if (Number(request.headers['content-length'] ?? 0) > MAX_DICOM_BYTES) throw tooLarge();
  const received: string[] = [];
  const receive = async (content: AsyncIterable<Uint8Array>) => {
    const path = temporaryPath();
    received.push(path);
    await pipeline(limited(content), createWriteStream(path, { flags: 'wx' }));
  };
  try {
    const type = parseMediaType(header);
    if (type?.type === 'multipart/related') await receiveMultipart(request, header, type);
    else if (isBareDicom(header)) await receive(request);
    else throw unsupportedContentType(header);
    return received;
  } catch (error) {
    for (const path of received) await rm(path, { force: true });
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
      await reader.drain();
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
        if (path) await rm(path, { force: true });
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

async function* limited(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of content) {
    bytes += chunk.length;
    if (bytes > MAX_DICOM_BYTES) throw tooLarge();
    yield chunk;
  }
}

const tooLarge = () =>
  new ServiceError(413, `The request exceeded the allowed limit of ${MAX_DICOM_BYTES} bytes.`);
