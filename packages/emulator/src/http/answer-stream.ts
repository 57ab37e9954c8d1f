import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Answers 200 with a body, chunk by chunk: the next chunk is made when the line has taken the last
 * one. When the client goes away the body is closed and nothing else happens.
 *
 * @throws whatever the body throws; what has been sent by then cannot be taken back.
 */
export async function answerWithStream(
  response: ServerResponse,
  contentType: string,
  body: AsyncIterable<Uint8Array>
): Promise<void> {
  response.writeHead(200, { 'Content-Type': contentType });
  // Small chunks, such as the lines between parts, go out together with the next ones.
  response.cork();
  for await (const chunk of body) {
    if (response.destroyed) return;
    if (response.write(chunk)) continue;
    response.uncork();
    if (!(await drained(response))) return;
    response.cork();
  }
  response.end();
}

/** Waits until the line takes more. @returns false when it was closed instead */
async function drained(response: ServerResponse): Promise<boolean> {
  const done = new AbortController();
  const { signal } = done;
  try {
    await Promise.race([
      once(response, 'drain', { signal }),
      once(response, 'close', { signal }),
    ]).catch(() => undefined);
  } finally {
    done.abort();
  }
  return !response.destroyed;
}
