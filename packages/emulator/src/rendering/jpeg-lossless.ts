import { CodecError } from './wasm-codecs.ts';
import { BitReader, readDifference } from './jpeg-huffman.ts';
import type { HuffmanTable } from './jpeg-huffman.ts';
import { isStartOfFrame, readSegments, START_OF_SCAN } from './jpeg-segments.ts';

const START_OF_FRAME_LOSSLESS = 0xc3;
const MAX_PIXELS = 2 ** 28;

/** A decoded frame: samples pixel by pixel, of one byte up to a precision of 8 bits, else of two. */
export interface LosslessFrame {
  rows: number;
  columns: number;
  components: number;
  precision: number;
  samples: Buffer;
}

interface Frame {
  precision: number;
  rows: number;
  columns: number;
  components: number[];
}

/**
 * Decodes lossless JPEG with Huffman coding (process 14), all predictors, components interleaved or
 * in scans of their own.
 *
 * @throws {CodecError} for another process of JPEG and for broken data.
 * @see ITU-T T.81 annex H
 */
export function decodeJpegLossless(data: Buffer): LosslessFrame {
  let frame: Frame | undefined;
  let planes: Uint16Array[] = [];
  readSegments(data, ({ marker, segment, rest, tables, restartInterval }) => {
    if (marker === START_OF_FRAME_LOSSLESS) {
      const known = (frame = readFrame(segment));
      planes = known.components.map(() => new Uint16Array(known.rows * known.columns));
    } else if (marker === START_OF_SCAN) {
      if (!frame) throw new CodecError('A JPEG scan stands before its frame.');
      return decodeScan(rest, { frame, segment, tables, restartInterval, planes });
    } else if (isStartOfFrame(marker)) {
      throw new CodecError('This process of JPEG is not the lossless one.');
    }
    return 0;
  });
  if (!frame) throw new CodecError('The JPEG frame is missing.');
  const { rows, columns, components, precision } = frame as Frame;
  const samples = interleave(planes, precision > 8 ? 2 : 1);
  return { rows, columns, components: components.length, precision, samples };
}

function readFrame(segment: Buffer): Frame {
  const count = segment.readUInt8(5);
  const components = Array.from({ length: count }, (_, index) => segment.readUInt8(6 + index * 3));
  const sampling = components.map((_, index) => segment.readUInt8(7 + index * 3));
  if (sampling.some(one => one !== 0x11)) {
    throw new CodecError('Subsampled lossless JPEG is not supported.');
  }
  const frame = {
    precision: segment.readUInt8(0),
    rows: segment.readUInt16BE(1),
    columns: segment.readUInt16BE(3),
    components,
  };
  const pixels = frame.rows * frame.columns * count;
  if (pixels === 0 || pixels > MAX_PIXELS || frame.precision < 2 || frame.precision > 16) {
    throw new CodecError('The JPEG frame cannot be of this size.');
  }
  return frame;
}

interface Scan {
  frame: Frame;
  segment: Buffer;
  tables: ReadonlyMap<number, HuffmanTable>;
  restartInterval: number;
  planes: Uint16Array[];
}

/** @returns how many bytes of entropy-coded data there were */
function decodeScan(
  data: Buffer,
  { frame, segment, tables, restartInterval, planes }: Scan
): number {
  const count = segment.readUInt8(0);
  const parts = Array.from({ length: count }, (_, index) => {
    const plane = planes[frame.components.indexOf(segment.readUInt8(1 + index * 2))];
    const table = tables.get(segment.readUInt8(2 + index * 2) >> 4);
    if (!plane || !table) throw new CodecError('A JPEG scan names what is not there.');
    return { plane, table };
  });
  const predictor = segment.readUInt8(1 + count * 2);
  const pointTransform = segment.readUInt8(3 + count * 2) & 0x0f;
  const bits = new BitReader(data);
  const { rows, columns, precision } = frame;
  const start = 1 << (precision - pointTransform - 1);
  let untilRestart = restartInterval;
  let firstRow = 0;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      if (restartInterval > 0 && untilRestart === 0) {
        bits.restart();
        untilRestart = restartInterval;
        // An interval is a number of whole rows, and begins like the scan. [H.1.1, H.1.2.1]
        firstRow = row;
      }
      untilRestart -= 1;
      const at = row * columns + column;
      for (const { plane, table } of parts) {
        const predicted =
          column === 0
            ? row === firstRow
              ? start
              : (plane[at - columns] ?? 0)
            : predict(row === firstRow ? 1 : predictor, plane, at, columns);
        plane[at] = predicted + readDifference(bits, table);
      }
    }
  }
  if (pointTransform > 0) {
    for (const { plane } of parts)
      plane.forEach((value, at) => (plane[at] = value << pointTransform));
  }
  return bits.end();
}

/** Table H.1. */
function predict(predictor: number, plane: Uint16Array, at: number, columns: number): number {
  const left = plane[at - 1] ?? 0;
  const above = plane[at - columns] ?? 0;
  const corner = plane[at - columns - 1] ?? 0;
  switch (predictor) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return corner;
    case 4:
      return left + above - corner;
    case 5:
      return left + ((above - corner) >> 1);
    case 6:
      return above + ((left - corner) >> 1);
    case 7:
      return (left + above) >> 1;
    default:
      throw new CodecError('The JPEG predictor is unknown.');
  }
}

function interleave(planes: readonly Uint16Array[], bytes: 1 | 2): Buffer {
  const count = planes[0]?.length ?? 0;
  const samples =
    bytes === 2 ? new Uint16Array(count * planes.length) : new Uint8Array(count * planes.length);
  for (const [index, plane] of planes.entries()) {
    for (let at = 0, to = index; at < count; at += 1, to += planes.length)
      samples[to] = plane[at] ?? 0;
  }
  return Buffer.from(samples.buffer);
}
