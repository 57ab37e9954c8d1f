import type { IncomingMessage } from 'node:http';

/** How long a request which is refused may go on sending before its line is cut. */
const MAX_DRAIN_MS = 5000;
/** How long a client may pause within a body. */
const MAX_PAUSE_MS = 60_000;

/**
 * The body of a request, up to a limit. To stop reading it, or to fail, leaves the request as it
 * is, so that it can still be answered; a plain `for await` over a request would cut its line.
 *
 * @param tooLarge - makes the error for what goes on beyond `maxBytes`.
 */
export async function* limitedBody(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => Error
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  for (let bytes = 0; ;) {
    const next = await chunks.next();
    if (next.done) return;
    bytes += next.value.length;
    if (bytes > maxBytes) throw tooLarge();
    yield next.value;
  }
}

/** While `work` reads a request's body, cuts the line of a client which pauses for a minute. */
export async function withoutPauses<T>(
  request: IncomingMessage,
  work: () => Promise<T>
): Promise<T> {
  const { socket } = request;
  const cut = () => request.destroy();
  socket.setTimeout(MAX_PAUSE_MS, cut);
  try {
    return await work();
  } finally {
    socket.setTimeout(0, cut);
  }
}

const ignore = () => undefined;
const GIVEN_UP = new WeakSet<IncomingMessage>();

/**
 * Reads a request to its end: a client which is still sending would not read an answer. One which
 * goes on for more than five seconds is not waited for.
 *
 * @returns whether the end was reached; if not, the line is to be closed with the answer.
 */
export async function drainBriefly(request: IncomingMessage): Promise<boolean> {
  if (request.complete || request.destroyed) return true;
  if (GIVEN_UP.has(request)) return false;
  return new Promise<boolean>(resolve => {
    const events = ['end', 'close', 'error'] as const;
    const finish = (reached: boolean) => {
      clearTimeout(timer);
      for (const event of events) request.off(event, end);
      request.off('data', ignore);
      resolve(reached);
    };
    const end = () => finish(true);
    const timer = setTimeout(() => {
      request.pause();
      GIVEN_UP.add(request);
      finish(false);
    }, MAX_DRAIN_MS);
    for (const event of events) request.once(event, end);
    // An iterator which was left listens still, and would keep the body from flowing.
    request.removeAllListeners('readable');
    request.on('data', ignore);
    request.resume();
  });
}
