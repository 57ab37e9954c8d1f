import { closeSync, openSync, write, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const writeLater = promisify(write);
/** Up to here a file goes straight to the kernel's memory, which is faster than to wait for a thread. */
const WRITTEN_AT_ONCE_BYTES = 1024 * 1024;

/**
 * Writes what comes into a new file, holding no more of it than one chunk. It is not flushed.
 *
 * @throws whatever `content` throws, or a system error when the disk takes no more; a part of the
 *   file is left then.
 */
export async function receiveFile(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const file = openSync(path, 'wx');
  try {
    let bytes = 0;
    for await (const chunk of content) {
      for (let at = 0; at < chunk.length;) {
        const left = chunk.length - at;
        at +=
          bytes < WRITTEN_AT_ONCE_BYTES
            ? writeSync(file, chunk, at, left)
            : (await writeLater(file, chunk, at, left, null)).bytesWritten;
      }
      bytes += chunk.length;
    }
  } finally {
    closeSync(file);
  }
}
