import { CodecError } from './wasm-codecs.ts';

/** A frame of three samples a pixel. */
export interface ColourFrame {
  samples: Buffer;
  rows: number;
  columns: number;
  photometricInterpretation: string;
  planarConfiguration: number;
}

/** Writes a pixel. */
type ToRgb = (
  rendered: Uint8ClampedArray,
  at: number,
  luminance: number,
  blue: number,
  red: number
) => void;

const fullRange: ToRgb = (rendered, at, luminance, blue, red) => {
  rendered[at] = luminance + 1.402 * (red - 128);
  rendered[at + 1] = luminance - 0.3441 * (blue - 128) - 0.7141 * (red - 128);
  rendered[at + 2] = luminance + 1.772 * (blue - 128);
};
const partialRange: ToRgb = (rendered, at, luminance, blue, red) => {
  rendered[at] = 1.1644 * (luminance - 16) + 1.596 * (red - 128);
  rendered[at + 1] = 1.1644 * (luminance - 16) - 0.3917 * (blue - 128) - 0.813 * (red - 128);
  rendered[at + 2] = 1.1644 * (luminance - 16) + 2.0173 * (blue - 128);
};

/**
 * Renders one frame of RGB, YBR_FULL, YBR_FULL_422 or YBR_PARTIAL_422. A sample is a byte: of
 * wider samples the service's renderer takes the bytes for samples, and so does this.
 *
 * @returns three bytes a pixel: red, green, blue.
 * @throws {CodecError} for other colours, for YBR_FULL_422 by planes, and for too few samples.
 * @see PS3.3 C.7.6.3.1.2, C.7.6.3.1.3; fo-dicom PixelDataFactory.Create, PixelDataConverter
 */
export function renderColour(frame: ColourFrame): Uint8Array {
  const { samples, rows, columns, planarConfiguration, photometricInterpretation } = frame;
  const count = rows * columns;
  if (planarConfiguration === 1 && photometricInterpretation.endsWith('_422')) {
    throw new CodecError('Samples which pixels share cannot stand plane by plane.');
  }
  switch (photometricInterpretation) {
    case 'RGB':
      return Uint8Array.from(byPixel(samples, planarConfiguration, count));
    case 'YBR_FULL':
      return ofTriples(byPixel(samples, planarConfiguration, count));
    case 'YBR_FULL_422':
      return ofPairs(frame, fullRange);
    case 'YBR_PARTIAL_422':
      return ofPairs(frame, partialRange);
    default:
      throw new CodecError('There is no rendering of such colours.');
  }
}

/** The samples pixel by pixel. */
function byPixel(samples: Buffer, planarConfiguration: number, count: number): Uint8Array {
  if (samples.length < count * 3) throw new CodecError('The frame is too short.');
  if (planarConfiguration !== 1) return samples.subarray(0, count * 3);
  const plane = Math.floor(samples.length / 3);
  const interleaved = new Uint8Array(count * 3);
  for (let at = 0; at < count * 3; at += 1) {
    interleaved[at] = samples[(at % 3) * plane + Math.floor(at / 3)] ?? 0;
  }
  return interleaved;
}

function ofTriples(samples: Uint8Array): Uint8Array {
  const rendered = new Uint8ClampedArray(samples.length);
  for (let at = 0; at < samples.length; at += 3) {
    fullRange(rendered, at, samples[at] ?? 0, samples[at + 1] ?? 0, samples[at + 2] ?? 0);
  }
  return new Uint8Array(rendered.buffer);
}

/** Two pixels of a row share one pair of colour differences: Y1 Y2 CB CR. */
function ofPairs({ samples, rows, columns }: ColourFrame, toRgb: ToRgb): Uint8Array {
  const pairs = Math.ceil(columns / 2);
  if (samples.length < rows * pairs * 4) throw new CodecError('The frame is too short.');
  const rendered = new Uint8ClampedArray(rows * columns * 3);
  for (let row = 0, to = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, to += 3) {
      const pair = (row * pairs + (column >> 1)) * 4;
      const luminance = samples[pair + (column & 1)] ?? 0;
      toRgb(rendered, to, luminance, samples[pair + 2] ?? 0, samples[pair + 3] ?? 0);
    }
  }
  return new Uint8Array(rendered.buffer);
}
