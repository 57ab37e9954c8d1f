import { huffmanTable } from './jpeg-huffman.ts';
import type { HuffmanTable } from './jpeg-huffman.ts';
import { CodecError } from './wasm-codecs.ts';

const DEFINE_HUFFMAN_TABLES = 0xc4;
const JPEG_EXTENSIONS = 0xc8;
const DEFINE_ARITHMETIC_CODING = 0xcc;
const END_OF_IMAGE = 0xd9;
const DEFINE_RESTART_INTERVAL = 0xdd;

/** The marker before the entropy-coded data of a scan. */
export const START_OF_SCAN = 0xda;

/** A marker segment of JPEG, and what the ones before it have defined. */
export interface JpegSegment {
  marker: number;
  segment: Buffer;
  /** All that follows the segment. */
  rest: Buffer;
  /** By class (upper four bits: 0 DC or lossless, 1 AC) and identifier. */
  tables: ReadonlyMap<number, HuffmanTable>;
  /** Units between restart markers; 0: there are none. */
  restartInterval: number;
}

/**
 * Walks through the marker segments of a JPEG bit stream.
 *
 * @param visit - gets every segment but those of Huffman tables and restart intervals.
 * @returns how many bytes of entropy-coded data to leave out behind it.
 * @throws {CodecError} when there is no marker where one must be.
 * @throws {RangeError} when the data is cut.
 * @see ITU-T T.81 annex B
 */
export function readSegments(data: Buffer, visit: (segment: JpegSegment) => number): void {
  const tables = new Map<number, HuffmanTable>();
  let restartInterval = 0;
  for (let at = 2; at + 4 <= data.length;) {
    if (data[at] !== 0xff) throw new CodecError('A JPEG marker is missing.');
    const marker = data[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === END_OF_IMAGE) break;
    const length = data.readUInt16BE(at + 2);
    const segment = data.subarray(at + 4, at + 2 + length);
    at += 2 + length;
    if (marker === DEFINE_HUFFMAN_TABLES) readTables(segment, tables);
    else if (marker === DEFINE_RESTART_INTERVAL) restartInterval = segment.readUInt16BE(0);
    else at += visit({ marker, segment, rest: data.subarray(at), tables, restartInterval });
  }
}

/** Whether a marker begins a frame, of whichever process. @see ITU-T T.81 table B.1 */
export const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 &&
  marker <= 0xcf &&
  marker !== DEFINE_HUFFMAN_TABLES &&
  marker !== JPEG_EXTENSIONS &&
  marker !== DEFINE_ARITHMETIC_CODING;

/** The head of a frame. */
export interface JpegFrameHead {
  /** Which process: SOF0 is 0xC0. */
  marker: number;
  precision: number;
  rows: number;
  columns: number;
}

/** The head of the first frame of a JPEG bit stream; undefined when there is none to be read. */
export function frameHeadOf(data: Buffer): JpegFrameHead | undefined {
  let head: JpegFrameHead | undefined;
  try {
    readSegments(data, ({ marker, segment, rest }) => {
      if (!isStartOfFrame(marker)) return 0;
      head = {
        marker,
        precision: segment.readUInt8(0),
        rows: segment.readUInt16BE(1),
        columns: segment.readUInt16BE(3),
      };
      return rest.length;
    });
  } catch {
    return undefined;
  }
  return head;
}

function readTables(segment: Buffer, tables: Map<number, HuffmanTable>): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = segment.subarray(at + 17, at + 17 + total);
    tables.set(segment[at] ?? 0, huffmanTable(counts, symbols));
    at += 17 + total;
  }
}
