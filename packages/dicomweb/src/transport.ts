import { ProjectError, redactURL } from '@ohif-azure/core';
import type { Retry } from '@ohif-azure/core';

/** A body of known length which is read from its beginning each time the request is sent. */
export interface StreamBody {
  readonly byteLength: number;
  /** Exactly `byteLength` bytes; an error of it ends the request. The pieces must not change after they were given. */
  open(): AsyncIterable<Uint8Array>;
}

/** In pieces, to be sent one after the other (they are not copied and must not change), or as a stream. */
export type RequestBody = readonly Uint8Array[] | StreamBody;

/** One HTTP request. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: no body. */
  readonly body?: RequestBody;
  readonly signal?: AbortSignal;
  /** Called with the bytes of the body sent so far; how often is up to the transport. */
  readonly onUploadProgress?: (sentBytes: number) => void;
}

/** The answer, when its status and headers are there. */
export interface TransportResponse {
  readonly status: number;
  /** Header fields by name, in any case. A browser shows cross-origin scripts only the fields that the server exposes. */
  readonly headers: { get(name: string): string | null };
  /**
   * The body, whole.
   * @throws {TransportError} ERR_DICOMWEB_TRANSPORT with `bodySent: 'yes'` when the answer is cut.
   */
  bytes(): Promise<Uint8Array>;
  /**
   * The body as it comes, instead of `bytes`; to be read to its end or left (which closes the connection). Absent: the transport has whole
   * bodies only.
   * @throws {TransportError} as `bytes`.
   */
  stream?(): AsyncIterable<Uint8Array>;
}

/** Sends HTTP requests: {@link fetchTransport}, {@link xhrTransport}, or your own. */
export interface Transport {
  /**
   * Sends one request, once.
   * @throws {TransportError} ERR_DICOMWEB_TRANSPORT when there is no answer, also when `signal` is aborted.
   */
  send(request: TransportRequest): Promise<TransportResponse>;
}

/**
 * Whether the request's body had left when the line was lost: `no` (surely not whole), `yes` (whole), `unknown`.
 * A request without body is `no`.
 */
export type BodySent = 'no' | 'yes' | 'unknown';

/** No answer, or a cut one. */
export class TransportError extends ProjectError {
  override readonly code = 'ERR_DICOMWEB_TRANSPORT';
  /** `transient` when the body surely was not sent whole, else `ambiguous`. */
  override readonly retry: Retry;
  readonly bodySent: BodySent;
  /** Bytes of the body that may have reached the server; undefined: not known. */
  readonly sentBytes: number | undefined;
  /** The status of a cut answer. */
  readonly httpStatus: number | undefined;

  constructor(
    request: Pick<TransportRequest, 'method' | 'url'>,
    bodySent: BodySent,
    options?: ErrorOptions & { httpStatus?: number; sentBytes?: number }
  ) {
    const what = options?.httpStatus
      ? `${options.httpStatus}, but the answer was cut`
      : 'no answer';
    super(`${request.method} ${redactURL(request.url)}: ${what}`, options);
    this.bodySent = bodySent;
    this.sentBytes = options?.sentBytes;
    this.retry = bodySent === 'no' ? 'transient' : 'ambiguous';
    this.httpStatus = options?.httpStatus;
  }
}

/** How long nothing may move before a browser's transport takes the line for lost, in milliseconds. */
export const DEFAULT_IDLE_TIMEOUT_MS = 60_000;

/** Tells pieces from a stream. */
export function isStreamBody(body: RequestBody): body is StreamBody {
  return !Array.isArray(body);
}

/** Pieces as one Blob. */
export function piecesAsBlob(pieces: readonly Uint8Array[]): Blob {
  return new Blob([...pieces] as BlobPart[]);
}

/** A body as one Blob, which fetch and XMLHttpRequest send without another copy in the page's memory. A stream is collected first. */
export async function bodyAsBlob(body: RequestBody): Promise<Blob> {
  if (!isStreamBody(body)) return piecesAsBlob(body);
  const parts: BlobPart[] = [];
  for await (const piece of body.open()) parts.push(piece as BlobPart);
  return new Blob(parts);
}

/** Bytes in all. */
export function bodyLength(body: RequestBody): number {
  return isStreamBody(body)
    ? body.byteLength
    : body.reduce((sum, piece) => sum + piece.byteLength, 0);
}
