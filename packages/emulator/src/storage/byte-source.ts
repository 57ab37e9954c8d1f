import { closeSync, fstatSync, openSync, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import type { ByteSource } from '../part10/part10-file.ts';

const readLater = promisify(read);
/** Up to here it is faster to read than to wait for a thread which reads. */
const READ_AT_ONCE_BYTES = 256 * 1024;

/** Opens a file, hands it to `use`, and closes it; short reads do not wait for one of Node's few threads. */
export async function withByteSource<T>(
  path: string,
  use: (file: ByteSource) => Promise<T>
): Promise<T> {
  const file = openSync(path, 'r');
  try {
    return await use(byteSourceOf(file));
  } finally {
    closeSync(file);
  }
}

/** The bytes of an open file. */
export function byteSourceOf(file: number): ByteSource {
  return {
    async read(buffer, offset, length, position) {
      return length <= READ_AT_ONCE_BYTES
        ? { bytesRead: readSync(file, buffer, offset, length, position) }
        : readLater(file, buffer, offset, length, position);
    },
    stat: async () => fstatSync(file),
  };
}
