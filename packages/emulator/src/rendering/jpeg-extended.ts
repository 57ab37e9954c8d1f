import { BLOCK_SIDE, inverseDct } from './inverse-dct.ts';
import { BitReader, readDifference, readSigned, readSymbol } from './jpeg-huffman.ts';
import type { HuffmanTable } from './jpeg-huffman.ts';
import { isStartOfFrame, readSegments, START_OF_SCAN } from './jpeg-segments.ts';
import type { JpegFrameHead } from './jpeg-segments.ts';
import { CodecError } from './wasm-codecs.ts';

const START_OF_FRAME_EXTENDED = 0xc1;
const DEFINE_QUANTIZATION_TABLES = 0xdb;
const APPLICATION_14 = 0xee;
const PRECISION = 12;
const HIGHEST = 2 ** PRECISION - 1;
const MIDDLE = 2 ** (PRECISION - 1);
const MAX_SAMPLES = 2 ** 28;
const MAX_SAMPLING = 4;
const LAST_COEFFICIENT = 63;
const ZERO_RUN = 0xf0;
/** The place in a block of each coefficient, in the order of the bit stream. [ITU-T T.81 figure A.6] */
const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27],
  ...[20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58],
  ...[59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63]
);

/** A decoded frame: samples of 12 bits in words, little endian, pixel by pixel. */
export interface ExtendedFrame {
  rows: number;
  columns: number;
  components: number;
  samples: Buffer;
}

interface Component {
  id: number;
  /** Blocks of this component in a unit of an interleaved scan, sideways and downwards. */
  across: number;
  down: number;
  quantization: number;
  /** Its own size in samples, and that of its plane, which holds whole units. */
  width: number;
  height: number;
  stride: number;
  plane: Uint16Array;
}

interface Frame {
  rows: number;
  columns: number;
  components: Component[];
  unitsAcross: number;
  unitsDown: number;
}

/** Whether a frame is of the extended process with 12 bits (process 4). */
export const isExtended12Bit = ({ marker, precision }: JpegFrameHead): boolean =>
  marker === START_OF_FRAME_EXTENDED && precision === PRECISION;

/**
 * Decodes sequential JPEG of 12 bits with Huffman coding (process 4): one to four components, of
 * which those with fewer samples are spread, and YCbCr becomes RGB.
 *
 * @throws {CodecError} for another process of JPEG and for broken data.
 * @throws {RangeError} when the data is cut.
 * @see ITU-T T.81 annex F; PS3.5 A.4.1
 */
export function decodeJpegExtended(data: Buffer): ExtendedFrame {
  const quantizations = new Map<number, Uint16Array>();
  let frame: Frame | undefined;
  let adobe: number | undefined;
  readSegments(data, ({ marker, segment, rest, tables, restartInterval }) => {
    if (marker === DEFINE_QUANTIZATION_TABLES) readQuantizations(segment, quantizations);
    else if (marker === APPLICATION_14 && segment.subarray(0, 5).equals(Buffer.from('Adobe'))) {
      adobe = segment[11];
    } else if (marker === START_OF_FRAME_EXTENDED) frame = readFrame(segment);
    else if (marker === START_OF_SCAN) {
      if (!frame) throw new CodecError('A JPEG scan stands before its frame.');
      return decodeScan(rest, { frame, segment, tables, restartInterval, quantizations });
    } else if (isStartOfFrame(marker)) {
      throw new CodecError('This process of JPEG is not the extended one.');
    }
    return 0;
  });
  if (!frame) throw new CodecError('The JPEG frame is missing.');
  const { rows, columns, components } = frame as Frame;
  const samples = interleaved(frame);
  if (components.length === 3 && isYcc(components, adobe)) toRgb(samples);
  return {
    rows,
    columns,
    components: components.length,
    samples: Buffer.from(samples.buffer),
  };
}

function readQuantizations(segment: Buffer, into: Map<number, Uint16Array>): void {
  for (let at = 0; at < segment.length;) {
    const wide = segment.readUInt8(at) >> 4 !== 0;
    const id = segment.readUInt8(at) & 0x0f;
    at += 1;
    const values = new Uint16Array(LAST_COEFFICIENT + 1);
    for (let index = 0; index < values.length; index += 1, at += wide ? 2 : 1) {
      values[index] = wide ? segment.readUInt16BE(at) : segment.readUInt8(at);
    }
    into.set(id, values);
  }
}

function readFrame(segment: Buffer): Frame {
  const [rows, columns, count] = [
    segment.readUInt16BE(1),
    segment.readUInt16BE(3),
    segment.readUInt8(5),
  ];
  const parts = Array.from({ length: count }, (_, index) => ({
    id: segment.readUInt8(6 + index * 3),
    across: segment.readUInt8(7 + index * 3) >> 4,
    down: segment.readUInt8(7 + index * 3) & 0x0f,
    quantization: segment.readUInt8(8 + index * 3),
  }));
  const fits = (sampling: number) => sampling >= 1 && sampling <= MAX_SAMPLING;
  if (
    segment[0] !== PRECISION ||
    count === 0 ||
    rows * columns === 0 ||
    parts.some(({ across, down }) => !fits(across) || !fits(down))
  ) {
    throw new CodecError('The JPEG frame cannot be of this kind.');
  }
  const mostAcross = Math.max(...parts.map(({ across }) => across));
  const mostDown = Math.max(...parts.map(({ down }) => down));
  const unitsAcross = Math.ceil(columns / (BLOCK_SIDE * mostAcross));
  const unitsDown = Math.ceil(rows / (BLOCK_SIDE * mostDown));
  const unit = parts.reduce((sum, { across, down }) => sum + across * down, 0) * BLOCK_SIDE ** 2;
  if (unitsAcross * unitsDown * unit > MAX_SAMPLES) {
    throw new CodecError('The JPEG frame cannot be of this size.');
  }
  const components = parts.map(part => {
    const stride = unitsAcross * part.across * BLOCK_SIDE;
    return {
      ...part,
      width: Math.ceil((columns * part.across) / mostAcross),
      height: Math.ceil((rows * part.down) / mostDown),
      stride,
      plane: new Uint16Array(stride * unitsDown * part.down * BLOCK_SIDE),
    };
  });
  return { rows, columns, components, unitsAcross, unitsDown };
}

interface Scan {
  frame: Frame;
  segment: Buffer;
  tables: ReadonlyMap<number, HuffmanTable>;
  restartInterval: number;
  quantizations: ReadonlyMap<number, Uint16Array>;
}

interface ScanComponent extends Component {
  dc: HuffmanTable;
  ac: HuffmanTable;
  factors: Uint16Array;
  predicted: number;
}

/** @returns how many bytes of entropy-coded data there were */
function decodeScan(data: Buffer, scan: Scan): number {
  const { frame, restartInterval } = scan;
  const parts = partsOf(scan);
  const bits = new BitReader(data);
  const block = new Float64Array(BLOCK_SIDE ** 2);
  const [only] = parts;
  // A scan of one component has that component's own blocks, without those which fill up a unit.
  const alone = parts.length === 1 && only;
  const across = alone ? Math.ceil(alone.width / BLOCK_SIDE) : frame.unitsAcross;
  const down = alone ? Math.ceil(alone.height / BLOCK_SIDE) : frame.unitsDown;
  for (let unit = 0; unit < across * down; unit += 1) {
    if (restartInterval > 0 && unit > 0 && unit % restartInterval === 0) {
      bits.restart();
      for (const part of parts) part.predicted = 0;
    }
    const [row, column] = [Math.floor(unit / across), unit % across];
    for (const part of parts) {
      const [wide, high] = alone ? [1, 1] : [part.across, part.down];
      for (let inner = 0; inner < wide * high; inner += 1) {
        decodeBlock(bits, part, block);
        const y = (row * high + Math.floor(inner / wide)) * BLOCK_SIDE;
        const x = (column * wide + (inner % wide)) * BLOCK_SIDE;
        putBlock(block, part, y * part.stride + x);
      }
    }
  }
  return bits.end();
}

function partsOf({ frame, segment, tables, quantizations }: Scan): ScanComponent[] {
  return Array.from({ length: segment.readUInt8(0) }, (_, index) => {
    const id = segment.readUInt8(1 + index * 2);
    const coding = segment.readUInt8(2 + index * 2);
    const component = frame.components.find(one => one.id === id);
    const dc = tables.get(coding >> 4);
    const ac = tables.get(0x10 | (coding & 0x0f));
    const factors = component && quantizations.get(component.quantization);
    if (!component || !dc || !ac || !factors) {
      throw new CodecError('A JPEG scan names what is not there.');
    }
    return { ...component, dc, ac, factors, predicted: 0 };
  });
}

/** @see ITU-T T.81 F.2.2.1, F.2.2.2 */
function decodeBlock(bits: BitReader, part: ScanComponent, block: Float64Array): void {
  const { dc, ac, factors } = part;
  block.fill(0);
  part.predicted += readDifference(bits, dc);
  block[0] = part.predicted * (factors[0] ?? 0);
  for (let index = 1; index <= LAST_COEFFICIENT; index += 1) {
    const symbol = readSymbol(bits, ac);
    const category = symbol & 0x0f;
    if (category === 0 && symbol !== ZERO_RUN) break;
    index += symbol >> 4;
    if (index > LAST_COEFFICIENT) throw new CodecError('A JPEG block has too many coefficients.');
    if (category > 0) {
      block[ZIGZAG[index] ?? 0] = readSigned(bits, category) * (factors[index] ?? 0);
    }
  }
  inverseDct(block);
}

function putBlock(block: Float64Array, { plane, stride }: Component, to: number): void {
  for (const [index, value] of block.entries()) {
    const sample = Math.round(value) + MIDDLE;
    plane[to + (index >> 3) * stride + (index & 7)] = Math.min(Math.max(sample, 0), HIGHEST);
  }
}

function interleaved({ rows, columns, components }: Frame): Uint16Array<ArrayBuffer> {
  const count = components.length;
  const samples = new Uint16Array(rows * columns * count);
  for (const [index, { plane, stride, width, height }] of components.entries()) {
    for (let row = 0, to = index; row < rows; row += 1) {
      const line = Math.floor((row * height) / rows) * stride;
      for (let column = 0; column < columns; column += 1, to += count) {
        samples[to] = plane[line + Math.floor((column * width) / columns)] ?? 0;
      }
    }
  }
  return samples;
}

/** What three components are: as the Adobe marker says, else YCbCr unless they are named R, G, B. */
function isYcc(components: readonly Component[], adobe: number | undefined): boolean {
  if (adobe !== undefined) return adobe !== 0;
  return String.fromCharCode(...components.map(({ id }) => id)) !== 'RGB';
}

/** @see PS3.3 C.7.6.3.1.2, YBR_FULL */
function toRgb(samples: Uint16Array): void {
  const limited = (value: number) => Math.min(Math.max(Math.round(value), 0), HIGHEST);
  for (let at = 0; at < samples.length; at += 3) {
    const luminance = samples[at] ?? 0;
    const blue = (samples[at + 1] ?? 0) - MIDDLE;
    const red = (samples[at + 2] ?? 0) - MIDDLE;
    samples[at] = limited(luminance + 1.402 * red);
    samples[at + 1] = limited(luminance - 0.344136 * blue - 0.714136 * red);
    samples[at + 2] = limited(luminance + 1.772 * blue);
  }
}
