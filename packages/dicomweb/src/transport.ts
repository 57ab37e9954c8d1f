import { ProjectError, redactURL } from '@ohif-azure/core';
import type { Retry } from '@ohif-azure/core';

/** One HTTP request, whole. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body in pieces, to be sent one after the other; absent: no body. The pieces are not copied and must not change. */
  readonly body?: readonly Uint8Array[];
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
  /** The status of a cut answer. */
  readonly httpStatus: number | undefined;

  constructor(
    request: Pick<TransportRequest, 'method' | 'url'>,
    bodySent: BodySent,
    options?: ErrorOptions & { httpStatus?: number }
  ) {
    const what = options?.httpStatus
      ? `${options.httpStatus}, but the answer was cut`
      : 'no answer';
    super(`${request.method} ${redactURL(request.url)}: ${what}`, options);
    this.bodySent = bodySent;
    this.retry = bodySent === 'no' ? 'transient' : 'ambiguous';
    this.httpStatus = options?.httpStatus;
  }
}

/** The pieces of a body as one Blob, which fetch and XMLHttpRequest send without another copy in the page's memory. */
export function bodyAsBlob(body: readonly Uint8Array[]): Blob {
  return new Blob([...body] as BlobPart[]);
}

/** Bytes in all. */
export function bodyLength(body: readonly Uint8Array[]): number {
  return body.reduce((sum, piece) => sum + piece.byteLength, 0);
}
