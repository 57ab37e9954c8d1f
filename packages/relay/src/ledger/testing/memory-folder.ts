import type { JournalFile, JournalFolder } from '../journal-files.ts';

interface Disk {
  /** What a crash leaves, at least. */
  durable: Buffer;
  /** What a read sees. */
  written: Buffer;
}

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** A folder in memory that can be full, can fail to sync, and can crash. */
export class MemoryFolder implements JournalFolder {
  #files = new Map<string, Disk>();
  #durableNames = new Map<string, Disk>();
  /** Bytes that the disk still takes. */
  room = Number.POSITIVE_INFINITY;
  /** Calls of `sync` on files that fail. */
  failingSyncs = 0;
  failRename = false;
  failFolderSync = false;
  writes = 0;

  async open(name: string): Promise<JournalFile> {
    let disk = this.#files.get(name);
    if (!disk) {
      disk = { durable: Buffer.alloc(0), written: Buffer.alloc(0) };
      this.#files.set(name, disk);
    }
    const file = disk;
    return {
      write: async (bytes, position) => {
        this.writes += 1;
        const taken = Math.min(bytes.length, Math.max(0, this.room));
        this.room -= taken;
        const next = Buffer.alloc(Math.max(file.written.length, position + taken));
        file.written.copy(next);
        Buffer.from(bytes).copy(next, position, 0, taken);
        file.written = next;
        if (taken < bytes.length) throw failure('ENOSPC');
      },
      sync: async () => {
        if (this.failingSyncs > 0) {
          this.failingSyncs -= 1;
          throw failure('EIO');
        }
        file.durable = Buffer.from(file.written);
      },
      truncate: async length => {
        this.room += Math.max(0, file.written.length - length);
        file.written = Buffer.from(file.written.subarray(0, length));
      },
      read: async function* () {
        // Small pieces, so that lines lie across them.
        for (let at = 0; at < file.written.length; at += 7) yield file.written.subarray(at, at + 7);
      },
      close: async () => undefined,
    };
  }

  async rename(from: string, to: string): Promise<void> {
    if (this.failRename) throw failure('EROFS');
    const disk = this.#files.get(from);
    if (!disk) throw failure('ENOENT');
    this.#files.delete(from);
    this.#files.set(to, disk);
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }

  async sync(): Promise<void> {
    if (this.failFolderSync) throw failure('EIO');
    this.#durableNames = new Map(this.#files);
  }

  /** The text of a file. */
  text(name = 'ledger.jsonl'): string {
    return this.#files.get(name)?.written.toString('utf8') ?? '';
  }

  names(): string[] {
    return [...this.#files.keys()];
  }

  /** Replaces a file's bytes. */
  set(bytes: Uint8Array, name = 'ledger.jsonl'): void {
    const copy = Buffer.from(bytes);
    this.#files.set(name, { durable: copy, written: copy });
  }

  /**
   * The machine crashes: names that were not synced are the old ones, and of bytes that were not synced a part may have arrived.
   * @param keep - of those, so many.
   */
  crash(keep = 0): void {
    for (const disk of this.#durableNames.values()) {
      const end = Math.min(disk.written.length, disk.durable.length + keep);
      disk.written = Buffer.from(
        disk.written.length >= disk.durable.length ? disk.written.subarray(0, end) : disk.durable
      );
      disk.durable = Buffer.from(disk.written);
    }
    this.#files = new Map(this.#durableNames);
    this.room = Number.POSITIVE_INFINITY;
    this.failingSyncs = 0;
    this.failRename = false;
    this.failFolderSync = false;
  }
}
