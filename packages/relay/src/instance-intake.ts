import { createHash, type Hash } from 'node:crypto';
import { ExplicitVRTranscoder, explicitFileMeta } from './explicit-vr.ts';
import type { FileMeta } from './file-meta.ts';
import { IMPLICIT_VR_LITTLE_ENDIAN, readFileMeta } from './file-meta.ts';
import type { VROf } from './vr-dictionary.ts';

/** What is known of one instance of a Store. */
export interface InstanceRecord {
  /** From the File Meta Information; undefined: it cannot be read. */
  sopInstanceUID?: string;
  /** Bytes of the data set (all behind the File Meta Information) as they are sent; undefined: this is no Part 10 stream. */
  dataSetBytes?: number;
  /** SHA-256 of these bytes, where duplicates are compared by it. */
  dataSetHash?: string;
}

/** What is done with each instance on its way. */
export interface IntakeOptions {
  /** Given: Implicit VR is transcoded. */
  readonly vrOf?: VROf;
  readonly isHashed: boolean;
}

const EMPTY = Buffer.alloc(0);

/** One instance on its way: reads its File Meta Information, and transcodes and hashes where that is asked for. */
export class InstanceIntake {
  readonly record: InstanceRecord = {};
  readonly #options: IntakeOptions;
  #head: Buffer = EMPTY;
  #isHeadRead = false;
  #hash?: Hash;
  #transcoder?: ExplicitVRTranscoder;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /**
   * Takes bytes of the Part 10 stream.
   * @returns what is to be sent.
   * @throws {TranscodeError}
   */
  push(bytes: Buffer): Buffer[] {
    if (this.#isHeadRead) return this.#dataSet(bytes);
    const head = this.#head.length > 0 ? Buffer.concat([this.#head, bytes]) : bytes;
    const meta = readFileMeta(head, false);
    if (meta === 'more') {
      this.#head = head;
      return [];
    }
    return this.#readHead(head, meta);
  }

  /** To be called at the stream's end; as {@link push}. */
  end(): Buffer[] {
    const output: Buffer[] = [];
    if (!this.#isHeadRead) {
      const meta = readFileMeta(this.#head, true);
      output.push(...this.#readHead(this.#head, meta === 'more' ? undefined : meta));
    }
    if (this.#transcoder) output.push(...this.#counted(this.#transcoder.end()));
    if (this.#hash) this.record.dataSetHash = this.#hash.digest('hex');
    return output;
  }

  #readHead(head: Buffer, meta: FileMeta | undefined): Buffer[] {
    this.#isHeadRead = true;
    this.#head = EMPTY;
    if (!meta) return head.length > 0 ? [head] : [];
    const { vrOf, isHashed } = this.#options;
    this.record.sopInstanceUID = meta.sopInstanceUID;
    this.record.dataSetBytes = 0;
    if (isHashed) this.#hash = createHash('sha256');
    const isTranscoded = vrOf && meta.transferSyntaxUID === IMPLICIT_VR_LITTLE_ENDIAN;
    if (isTranscoded) this.#transcoder = new ExplicitVRTranscoder(vrOf);
    if (!isTranscoded && !isHashed) {
      this.record.dataSetBytes = head.length - meta.dataSetOffset;
      return [head];
    }
    const start = isTranscoded
      ? explicitFileMeta(head, meta)
      : head.subarray(0, meta.dataSetOffset);
    return [start, ...this.#dataSet(head.subarray(meta.dataSetOffset))];
  }

  #dataSet(bytes: Buffer): Buffer[] {
    return this.#counted(this.#transcoder ? this.#transcoder.push(bytes) : [bytes]);
  }

  #counted(output: Buffer[]): Buffer[] {
    if (this.record.dataSetBytes === undefined) return output;
    for (const bytes of output) {
      this.record.dataSetBytes += bytes.length;
      this.#hash?.update(bytes);
    }
    return output;
  }
}
