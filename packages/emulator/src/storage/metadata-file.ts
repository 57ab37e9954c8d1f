import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Where a text stands in the file, in bytes, and its CRC-32. */
export interface MetadataPlace {
  offset: number;
  length: number;
  crc: number;
}

/**
 * The metadata of all instances, one text behind the other, in a file which only grows. Memory
 * holds places alone: 100,000 instances have some 300 MB of metadata. It is derived from the
 * Part 10 files, so it is never flushed: what a power failure takes is noticed by its CRC.
 */
export class MetadataFile {
  #file: number;
  #end: number;

  private constructor(file: number, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Opens the file, making it when it is not there. @throws a system error */
  static open(path: string): MetadataFile {
    const file = openSync(path, 'a+');
    return new MetadataFile(file, fstatSync(file).size);
  }

  /** Bytes of the file. */
  get size(): number {
    return this.#end;
  }

  /** Adds a text. @throws a system error, for example when the disk is full; nothing is added then. */
  append(text: string): MetadataPlace {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;) {
      const count = writeSync(this.#file, bytes, written);
      written += count;
      this.#end += count;
    }
    return { offset: this.#end - bytes.length, length: bytes.length, crc: crc32(bytes) };
  }

  /** A text; `undefined` when the file does not hold it unharmed. */
  read({ offset, length, crc }: MetadataPlace): string | undefined {
    if (this.#file < 0 || offset + length > this.#end) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    for (let read = 0; read < length;) {
      const count = readSync(this.#file, bytes, read, length - read, offset + read);
      if (count === 0) return undefined;
      read += count;
    }
    return crc32(bytes) === crc ? bytes.toString('utf8') : undefined;
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }
}
