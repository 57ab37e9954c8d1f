import type { IncomingMessage, ServerResponse } from 'node:http';

/** Reads so many bytes of a request's body (or all of it, when shorter) and cuts the line. */
export async function cutAfterRequestBytes(request: IncomingMessage, bytes: number): Promise<void> {
  // Leaving the body early detaches the socket from the request: keep it at hand.
  const { socket } = request;
  let received = 0;
  try {
    if (bytes > 0) {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        received += chunk.length;
        if (received >= bytes) break;
      }
    }
  } catch {
    // The peer cut the line first, which is as good.
  }
  socket.destroy();
}

/**
 * Makes the line break after so many bytes of the answer's body; 0 breaks it before the status
 * line. An answer with a shorter body arrives whole.
 */
export function cutAfterAnswerBytes(response: ServerResponse, bytes: number): void {
  let left = bytes;
  const socket = response.socket;
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  const cut = () => socket?.destroy();

  const limited = (chunk: unknown, encoding: unknown, finish: () => unknown): boolean => {
    const data = toBuffer(chunk, encoding);
    if (bytes > 0 && data.length <= left) {
      left -= data.length;
      if (data.length > 0) write(data);
      finish();
      return true;
    }
    if (bytes === 0) cut();
    else write(data.subarray(0, left), cut);
    return false;
  };

  response.write = ((chunk: unknown, encoding?: unknown, callback?: unknown) => {
    const done = [encoding, callback].find(one => typeof one === 'function') as
      (() => void) | undefined;
    return limited(chunk, encoding, () => done?.());
  }) as typeof response.write;
  response.end = ((chunk?: unknown, encoding?: unknown) => {
    limited(typeof chunk === 'function' ? undefined : chunk, encoding, () => end());
    return response;
  }) as typeof response.end;
}

function toBuffer(chunk: unknown, encoding: unknown): Buffer {
  if (chunk instanceof Uint8Array) return Buffer.from(chunk);
  if (typeof chunk !== 'string') return Buffer.alloc(0);
  return Buffer.from(chunk, typeof encoding === 'string' ? (encoding as BufferEncoding) : 'utf8');
}
