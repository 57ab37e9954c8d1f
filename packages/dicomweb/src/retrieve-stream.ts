import { contextOf } from './client-context.ts';
import type { DicomwebClient, StudyResource } from './client.ts';
import { RetrieveError } from './errors.ts';
import { abortReasonOr } from './exchange.ts';
import type { ExchangeContext, RequestOptions } from './exchange.ts';
import { transactionMessage } from './message.ts';
import { MultipartError, readMultipart } from './multipart-stream.ts';
import { resourcePath } from './resource.ts';
import { get, unreadable } from './retrieve.ts';
import type { InstanceUIDs } from './retrieve.ts';
import { TransportError } from './transport.ts';

/** One part of an answer: an instance, or a frame. */
export interface RetrievedPart {
  /** Without parameters, in lower case: `application/dicom`. */
  readonly mediaType: string;
  /** As the server says. */
  readonly transferSyntaxUID: string | undefined;
  /**
   * To be read before the next part is asked for; what is not read is skipped.
   * @throws {RetrieveError} ERR_RETRIEVE_UNREACHABLE when the line is lost, _UNREADABLE when the answer ends too early.
   */
  readonly content: AsyncIterable<Uint8Array>;
}

function partOf(contentType: string, content: AsyncIterable<Uint8Array>): RetrievedPart {
  const [mediaType = '', ...parameters] = contentType.split(';');
  const syntax = parameters
    .map(parameter => /^\s*transfer-syntax\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1])
    .find(value => value !== undefined);
  return { mediaType: mediaType.trim().toLowerCase(), transferSyntaxUID: syntax, content };
}

/** What reading an answer throws, as it is told to the caller. */
export function failureOf(
  error: unknown,
  context: ExchangeContext,
  path: string,
  signal: AbortSignal | undefined
): unknown {
  if (signal?.aborted) return abortReasonOr(error, signal);
  if (error instanceof MultipartError) return unreadable(context, path, error.message);
  if (!(error instanceof TransportError)) return error;
  return new RetrieveError(
    'ERR_RETRIEVE_UNREACHABLE',
    transactionMessage('WADO-RS', 'GET', context.serviceUrl + path, 'the answer was cut'),
    { cause: error, httpStatus: error.httpStatus }
  );
}

async function* parts(
  context: ExchangeContext,
  studyInstanceUID: string,
  path: string,
  accept: string,
  options: RequestOptions
): AsyncGenerator<RetrievedPart, void> {
  const { headers, stream } = await get(context, studyInstanceUID, path, accept, options, 'stream');
  const body = stream ?? emptyBody();
  const contentType = headers.get('content-type') ?? '';
  const told = (content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> => ({
    async *[Symbol.asyncIterator]() {
      try {
        yield* content;
      } catch (error) {
        throw failureOf(error, context, path, options.signal);
      }
    },
  });
  if (!/^\s*multipart\//i.test(contentType)) {
    yield partOf(contentType, told(body));
    return;
  }
  try {
    for await (const { headers: fields, content } of readMultipart(body, contentType)) {
      yield partOf(fields.get('content-type') ?? '', told(content));
    }
  } catch (error) {
    throw failureOf(error, context, path, options.signal);
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array, void> {
  // Nothing.
}

/**
 * Retrieves the instances of a study, a series, or one, each as it was stored (`transfer-syntax=*`), as they come: with a transport that
 * streams, an answer of any size needs the memory of a few pieces. Leaving the iteration ends the request.
 * @throws {RetrieveError} ERR_RETRIEVE_NOT_FOUND, _UNAUTHORIZED, _FORBIDDEN, _THROTTLED, _UNREACHABLE (also in the middle), _REFUSED, _UNREADABLE.
 * @throws the signal's reason when it is aborted; what the authorization source throws; TypeError for a UID that is none.
 * @see PS3.18 10.4 Retrieve Transaction; Azure DICOM service conformance statement v2, Retrieve
 */
export function retrieveInstances(
  client: DicomwebClient,
  uids: StudyResource,
  options: RequestOptions = {}
): AsyncGenerator<RetrievedPart, void> {
  const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
  return parts(contextOf(client), uids.studyInstanceUID, resourcePath(uids), accept, options);
}

/**
 * Retrieves frames of an instance, in the order that was asked for, in their own Transfer Syntax.
 * @param frames - at least one; 1 is the first.
 * @throws as {@link retrieveInstances}; TypeError when a frame is no number from 1 on.
 * @see PS3.18 10.4.1.1.6 Frame Pixel Data
 */
export function retrieveFrames(
  client: DicomwebClient,
  uids: InstanceUIDs,
  frames: readonly number[],
  options: RequestOptions = {}
): AsyncGenerator<RetrievedPart, void> {
  if (frames.length === 0 || frames.some(frame => !Number.isInteger(frame) || frame < 1)) {
    throw new TypeError('frames: expected numbers from 1 on');
  }
  const path = `${resourcePath(uids)}/frames/${frames.join(',')}`;
  const accept = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';
  return parts(contextOf(client), uids.studyInstanceUID, path, accept, options);
}

/** Options of {@link retrieveRendered}. */
export interface RenderedOptions extends RequestOptions {
  /** 1 is the first, and the default. */
  readonly frame?: number;
  /** Default: `image/jpeg`. */
  readonly mediaType?: 'image/jpeg' | 'image/png';
  /** Of a JPEG, 1 to 100; default: the server's. */
  readonly quality?: number;
}

/**
 * Retrieves a frame as a picture.
 * @throws as {@link retrieveInstances}; TypeError when `frame` or `quality` is out of its bounds.
 * @see PS3.18 10.4.1.1.3 Rendered Resources; Azure DICOM service conformance statement v2, Retrieve rendered image
 */
export async function retrieveRendered(
  client: DicomwebClient,
  uids: InstanceUIDs,
  options: RenderedOptions = {}
): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array }> {
  const { frame, mediaType = 'image/jpeg', quality } = options;
  const isWithin = (value: number | undefined, most: number): boolean =>
    value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
  if (!isWithin(frame, Number.MAX_SAFE_INTEGER)) throw new TypeError('frame: expected 1 or more');
  if (!isWithin(quality, 100)) throw new TypeError('quality: expected an integer from 1 to 100');
  const context = contextOf(client);
  const path =
    resourcePath(uids) +
    (frame === undefined ? '' : `/frames/${frame}`) +
    `/rendered${quality === undefined ? '' : `?quality=${quality}`}`;
  const { headers, body } = await get(context, uids.studyInstanceUID, path, mediaType, options);
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (!type.startsWith('image/')) throw unreadable(context, path, 'not a picture');
  return { mediaType: type, bytes: body };
}
