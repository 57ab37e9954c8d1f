import type { BodySent, Transport, TransportRequest, TransportResponse } from './transport.ts';
import {
  bodyAsBlob,
  DEFAULT_IDLE_TIMEOUT_MS,
  isStreamBody,
  piecesAsBlob,
  TransportError,
} from './transport.ts';

/** How a request by XMLHttpRequest ends without an answer. */
type Ending = 'failed' | 'aborted';

function exchange(
  xhr: XMLHttpRequest,
  request: TransportRequest,
  idleTimeoutMs: number,
  blob: Blob | undefined
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const { body, signal } = request;
    let sentWhole = false;
    let sentBytes = 0;
    let status = 0;
    let idle: ReturnType<typeof setTimeout> | undefined;

    const bodySent = (ending: Ending): BodySent => {
      if (!body) return 'no';
      if (sentWhole || status > 0) return 'yes';
      // The browser reports progress every 50 to 100 ms, and once more before `error`; not so when we abort.
      return ending === 'failed' ? 'no' : 'unknown';
    };
    const fail = (ending: Ending): void => {
      clearTimeout(idle);
      signal?.removeEventListener('abort', abort);
      const cause = ending === 'aborted' ? signal?.reason : undefined;
      const httpStatus = status || undefined;
      const sent = bodySent(ending);
      const reported = sent === 'no' ? sentBytes : undefined;
      reject(new TransportError(request, sent, { cause, httpStatus, sentBytes: reported }));
    };
    const abort = (): void => {
      fail('aborted');
      xhr.abort();
    };

    const moved = (): void => {
      clearTimeout(idle);
      // A server that took the whole body and never answers: whoever waits must be told at last.
      idle = setTimeout(abort, idleTimeoutMs);
    };

    xhr.open(request.method, request.url);
    xhr.responseType = 'arraybuffer';
    for (const [name, value] of Object.entries(request.headers)) xhr.setRequestHeader(name, value);
    if (body) {
      xhr.upload.onprogress = event => {
        moved();
        sentBytes = event.loaded;
        request.onUploadProgress?.(event.loaded);
      };
      xhr.upload.onload = () => {
        sentWhole = true;
      };
    }
    xhr.onprogress = moved;
    xhr.onreadystatechange = () => {
      if (xhr.readyState >= 2 && xhr.status > 0) status = xhr.status;
    };
    xhr.onerror = () => fail('failed');
    xhr.ontimeout = () => fail('failed');
    xhr.onabort = () => fail('aborted');
    xhr.onload = () => {
      clearTimeout(idle);
      signal?.removeEventListener('abort', abort);
      const bytes = new Uint8Array((xhr.response as ArrayBuffer | null) ?? new ArrayBuffer(0));
      resolve({
        status: xhr.status,
        headers: { get: name => xhr.getResponseHeader(name) },
        bytes: () => Promise.resolve(bytes),
      });
    };
    signal?.addEventListener('abort', abort, { once: true });
    moved();
    xhr.send(blob);
  });
}

/**
 * Sends by XMLHttpRequest, which, unlike fetch, reports progress and tells whether the body was sent whole (`load` event of `upload`).
 * A cut answer has its status and `bodySent: 'yes'`.
 *
 * In Chromium `load` comes also when the server drops the line at the last byte, and no byte is reported where there is no connection
 * (verified with Chromium over loopback, also across origins; other browsers: by the standard).
 * @param create - makes one XMLHttpRequest for each request; default: the global one.
 * @param idleTimeoutMs - the line counts as lost when nothing moves for so long. Default {@link DEFAULT_IDLE_TIMEOUT_MS}.
 * @see https://xhr.spec.whatwg.org/#the-send()-method
 */
export function xhrTransport(
  create: () => XMLHttpRequest = () => new XMLHttpRequest(),
  idleTimeoutMs: number = DEFAULT_IDLE_TIMEOUT_MS
): Transport {
  return {
    async send(request) {
      if (request.signal?.aborted) {
        throw new TransportError(request, 'no', { cause: request.signal.reason, sentBytes: 0 });
      }
      const { body } = request;
      // Pieces are sent at once; a stream is collected first.
      const blob = body && (isStreamBody(body) ? await bodyAsBlob(body) : piecesAsBlob(body));
      return exchange(create(), request, idleTimeoutMs, blob);
    },
  };
}
