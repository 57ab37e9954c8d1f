import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** How much is read at once, in bytes. */
const CHUNK_BYTES = 256 * 1024;

/** A file as it was when it was looked at. */
export interface FileVersion {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** The file is not any more as it was when it was looked at. */
export class FileChangedError extends Error {}

/**
 * Reads a file piece by piece, and makes sure that it is the version that was looked at, to its last byte.
 * @param onEnd - told the CRC-32 of the whole.
 * @throws {FileChangedError}; what the file system throws.
 */
export async function* readVersion(
  version: FileVersion,
  onEnd?: (checksum: number) => void
): AsyncGenerator<Uint8Array, void> {
  const { path, bytes, mtimeMs } = version;
  const changed = (): FileChangedError => new FileChangedError('the file changed meanwhile');
  const handle = await open(path, 'r');
  try {
    const before = await handle.stat();
    if (before.size !== bytes || before.mtimeMs !== mtimeMs) throw changed();
    let checksum = 0;
    for (let at = 0; at < bytes;) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, bytes - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw changed();
      const read = chunk.subarray(0, bytesRead);
      checksum = crc32(read, checksum);
      at += bytesRead;
      yield read;
    }
    const after = await handle.stat();
    if (after.size !== bytes || after.mtimeMs !== mtimeMs) throw changed();
    onEnd?.(checksum);
  } finally {
    await handle.close();
  }
}

/** The CRC-32 of a version of a file. @throws as {@link readVersion}. */
export async function checksumOf(version: FileVersion): Promise<number> {
  let checksum = 0;
  const pieces = readVersion(version, value => (checksum = value));
  while (!(await pieces.next()).done);
  return checksum;
}
