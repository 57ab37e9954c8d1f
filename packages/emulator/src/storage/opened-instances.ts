import { locateFrames } from '../part10/frames.ts';
import type { Frames, LocatedFrames } from '../part10/frames.ts';
import { readHeader } from '../part10/part10-file.ts';
import type { ByteSource } from '../part10/part10-file.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { withByteSource } from './byte-source.ts';
import type { StoredInstance } from './stored-instance.ts';

const MAX_KEPT = 64;
/** Longer headers are read again each time: a kept one holds the bytes it was read from. */
const MAX_KEPT_BYTES = 1024 * 1024;
/** Files open at once; more requests wait. A process may often have no more than 1024. */
const MAX_OPEN = 128;

/** What is known of a file. */
interface Known {
  header: Promise<Part10Header>;
  frames?: Promise<LocatedFrames>;
}

/**
 * Opens the files of instances, few at a time and never for longer than it takes to read, and keeps
 * what it learned of the last ones: a viewer asks for the frames of one instance one by one.
 */
export class OpenedInstances {
  readonly #known = new Map<string, Known>();
  readonly #waiting: (() => void)[] = [];
  #open = 0;

  /**
   * The frames of an instance; each read opens the file anew, so that a client which takes its time
   * holds none open.
   *
   * @throws {Part10FormatError} when encapsulated frames cannot be told apart.
   */
  async frames(instance: StoredInstance): Promise<{ frames: Frames; header: Part10Header }> {
    const kept = this.#known.get(keyOf(instance));
    const { header, located } = kept?.frames
      ? { header: await kept.header, located: await kept.frames }
      : await this.#locate(instance);
    const read = (index: number) => this.#withFile(instance, file => located.read(file, index));
    return { header, frames: { count: located.count, read } };
  }

  #locate(instance: StoredInstance): Promise<{ header: Part10Header; located: LocatedFrames }> {
    return this.#withFile(instance, async file => {
      const known = this.#knownOf(instance, file);
      const header = await known.header;
      return { header, located: await (known.frames ??= locateFrames(file, header)) };
    });
  }

  async #withFile<T>({ path }: StoredInstance, use: (file: ByteSource) => Promise<T>): Promise<T> {
    if (this.#open >= MAX_OPEN) await new Promise<void>(resolve => this.#waiting.push(resolve));
    else this.#open += 1;
    try {
      return await withByteSource(path, use);
    } finally {
      const next = this.#waiting.shift();
      // The place goes to the next one as it is.
      if (next) next();
      else this.#open -= 1;
    }
  }

  /** Files are never changed in place, so a path stands for its bytes. */
  #knownOf(instance: StoredInstance, file: ByteSource): Known {
    const key = keyOf(instance);
    const kept = this.#known.get(key);
    if (kept) {
      this.#known.delete(key);
      this.#known.set(key, kept);
      return kept;
    }
    const known: Known = { header: readHeader(file) };
    this.#known.set(key, known);
    const forget = () => this.#known.delete(key);
    known.header.then(header => isLong(header, instance.size) && forget(), forget);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KEPT) break;
      this.#known.delete(oldest);
    }
    return known;
  }
}

const isLong = ({ pixelData, inflated }: Part10Header, size: number) =>
  inflated !== undefined || (pixelData?.offset ?? size) > MAX_KEPT_BYTES;

const keyOf = ({ path, size }: StoredInstance) => `${path} ${size}`;
