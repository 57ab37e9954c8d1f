import type { ClientRequest, IncomingMessage } from 'node:http';

/** A body on its way to the DICOM service. */
export interface Sending {
  /** Bytes read from the caller so far. */
  bytes(): number;
  /** All of the caller's body has been passed on (its end may still wait in a buffer). */
  isWhole(): boolean;
  /** From now on the caller's bytes are read and thrown away. */
  discardRest(): void;
}

/**
 * Passes the caller's body on with back-pressure: while the service does not take more, nothing more is read from the caller.
 *
 * Not `stream.pipeline(request, upstream)`: that destroys the caller's request when the service answers early and hangs up, and then
 * the caller can no longer be answered in words. The other half of its promise is kept here: a body that is cut on one side is cut on
 * the other, never ended.
 */
export function sendBody(request: IncomingMessage, upstream: ClientRequest): Sending {
  let bytes = 0;
  let isDiscarding = false;
  let isShort = false;
  const isAllRead = (): boolean =>
    upstream.writableEnded || (request.complete && request.readableLength === 0);
  const discardRest = (): void => {
    isShort ||= !isAllRead();
    isDiscarding = true;
    request.resume();
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (!isDiscarding && !upstream.write(chunk)) request.pause();
  });
  upstream.on('drain', () => request.resume());
  request.once('end', () => {
    if (!isDiscarding && request.complete) upstream.end();
  });
  request.once('close', () => {
    if (!request.complete) upstream.destroy();
  });
  upstream.once('close', discardRest);
  if (request.destroyed && !request.complete) upstream.destroy();
  else request.resume();
  return {
    bytes: () => bytes,
    isWhole: () => isAllRead() && !isShort,
    discardRest,
  };
}
