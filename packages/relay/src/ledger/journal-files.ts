import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** A file that is written at its end and made durable. */
export interface JournalFile {
  /** Writes all of it. May leave a part behind when it fails. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Returns when the disk has all that was written. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** The whole file, piece by piece. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What the journal needs of a folder. The tests put one in between that is full, or loses what was not synced. */
export interface JournalFolder {
  /** Opens for reading and writing; makes the file when it is not there. */
  open(name: string): Promise<JournalFile>;
  /** Replaces `to`; durable after {@link JournalFolder.sync}. */
  rename(from: string, to: string): Promise<void>;
  /** Removes; it need not exist. */
  remove(name: string): Promise<void>;
  /** Makes the names in the folder durable. */
  sync(): Promise<void>;
}

const READ_BYTES = 1 << 20;

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  // A nearly full disk takes a part without an error.
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function* readAll(file: FileHandle): AsyncGenerator<Uint8Array> {
  let position = 0;
  for (;;) {
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(READ_BYTES),
      0,
      READ_BYTES,
      position
    );
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** A folder of this machine; made when it is not there, readable by the relay's own account alone. */
export async function journalFolder(folder: string): Promise<JournalFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): string => path.join(folder, name);
  const sync = async (): Promise<void> => {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };
  return {
    open: async name => {
      const file = await open(at(name), 'a+', 0o600).then(async created => {
        // `a+` makes the file without emptying it; positions count only in `r+`.
        await created.close();
        return open(at(name), 'r+');
      });
      return {
        write: (bytes, position) => writeAll(file, bytes, position),
        sync: () => file.datasync(),
        truncate: length => file.truncate(length),
        read: () => readAll(file),
        close: () => file.close(),
      };
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: name => rm(at(name), { force: true }),
    sync,
  };
}
