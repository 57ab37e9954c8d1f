import { isNamed } from './file-identity.ts';
import type { FileToStore } from './file-to-store.ts';

/** The bounds of one request. */
export interface PackBounds {
  /** Of all files together; a larger file goes alone. */
  readonly maxRequestBytes: number;
  readonly maxRequestInstances: number;
}

/** Packs files into requests, in their order. A file without its UIDs goes alone, since an answer may not name it. */
export class FilePacker {
  readonly #files: AsyncIterator<FileToStore, void>;
  readonly #bounds: PackBounds;
  #carried: FileToStore | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param files - taken only as they are needed. */
  constructor(files: AsyncIterable<FileToStore>, bounds: PackBounds) {
    this.#files = files[Symbol.asyncIterator]() as AsyncIterator<FileToStore, void>;
    this.#bounds = bounds;
  }

  /** The files of the next request; none: there are no more. Several may ask at once. @throws what the files throw. */
  next(): Promise<FileToStore[]> {
    const packed = this.#turn.then(() => this.#pack());
    this.#turn = packed.catch(() => undefined);
    return packed;
  }

  async #pack(): Promise<FileToStore[]> {
    const { maxRequestBytes, maxRequestInstances } = this.#bounds;
    const packed: FileToStore[] = [];
    let bytes = 0;
    while (packed.length < maxRequestInstances) {
      const file = this.#carried ?? (await this.#take());
      this.#carried = undefined;
      if (!file) break;
      const isAlone = !isNamed(file.identity);
      if (packed.length > 0 && (isAlone || bytes + file.bytes > maxRequestBytes)) {
        this.#carried = file;
        break;
      }
      packed.push(file);
      bytes += file.bytes;
      if (isAlone) break;
    }
    return packed;
  }

  async #take(): Promise<FileToStore | undefined> {
    const next = await this.#files.next();
    return next.done ? undefined : next.value;
  }
}
