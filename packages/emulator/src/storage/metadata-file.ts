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
  /** Bytes which are in the file, and those which are to follow. */
  #written: number;
  #pending: { texts: Buffer[]; bytes: number } = { texts: [], bytes: 0 };

  private constructor(file: number, size: number) {
    this.#file = file;
    this.#written = size;
  }

  /** Opens the file, making it when it is not there. @throws a system error */
  static open(path: string): MetadataFile {
    const file = openSync(path, 'a+');
    return new MetadataFile(file, fstatSync(file).size);
  }

  /** Bytes of the file, with what is to be written. */
  get size(): number {
    return this.#written + this.#pending.bytes;
  }

  /** Adds a text, which {@link write} writes. */
  append(text: string): MetadataPlace {
    const bytes = Buffer.from(text);
    const place = { offset: this.size, length: bytes.length, crc: crc32(bytes) };
    this.#pending.texts.push(bytes);
    this.#pending.bytes += bytes.length;
    return place;
  }

  /** Writes what was added. @throws a system error, for example when the disk is full */
  write(): void {
    const bytes = Buffer.concat(this.#pending.texts, this.#pending.bytes);
    // What the disk does not take is lost: its readers make it anew.
    this.#pending = { texts: [], bytes: 0 };
    for (let written = 0; written < bytes.length;) {
      const count = writeSync(this.#file, bytes, written);
      written += count;
      this.#written += count;
    }
  }

  /** A text; `undefined` when the file does not hold it unharmed. */
  read({ offset, length, crc }: MetadataPlace): string | undefined {
    const bytes =
      offset >= this.#written ? this.#findPending(offset) : this.#readFile(offset, length);
    return bytes && crc32(bytes) === crc ? bytes.toString('utf8') : undefined;
  }

  #findPending(offset: number): Buffer | undefined {
    let at = this.#written;
    for (const text of this.#pending.texts) {
      if (at === offset) return text;
      at += text.length;
    }
    return undefined;
  }

  #readFile(offset: number, length: number): Buffer | undefined {
    if (this.#file < 0) return undefined;
    const bytes = Buffer.allocUnsafe(length);
    for (let read = 0; read < length;) {
      const count = readSync(this.#file, bytes, read, length - read, offset + read);
      if (count === 0) return undefined;
      read += count;
    }
    return bytes;
  }

  close(): void {
    if (this.#file >= 0) closeSync(this.#file);
    this.#file = -1;
  }
}
