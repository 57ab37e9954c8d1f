import type { ImagePixels } from '../part10/image-pixels.ts';

/** Samples of three planes or of pixels, of 8 or 16 bits, and how they are to be read. */
type Colours = Pick<
  ImagePixels,
  | 'rows'
  | 'columns'
  | 'bitsAllocated'
  | 'bitsStored'
  | 'photometricInterpretation'
  | 'planarConfiguration'
>;

/**
 * Renders one frame of RGB, YBR_FULL or YBR_FULL_422 samples.
 *
 * @returns three bytes a pixel: red, green, blue.
 * @see PS3.3 C.7.6.3.1.2 (YBR_FULL, YBR_FULL_422), C.7.6.3.1.3 (Planar Configuration)
 */
export function renderColour(samples: Buffer, pixels: Colours): Uint8Array {
  const count = pixels.rows * pixels.columns;
  const { photometricInterpretation } = pixels;
  const luminance = photometricInterpretation.startsWith('YBR_FULL');
  const sample = sampleOf(samples, pixels, count);
  const rendered = new Uint8ClampedArray(count * 3);
  for (let index = 0, to = 0; index < count; index += 1, to += 3) {
    const first = sample(index, 0);
    const second = sample(index, 1);
    const third = sample(index, 2);
    if (luminance) {
      const blue = second - 128;
      const red = third - 128;
      rendered[to] = first + 1.402 * red;
      rendered[to + 1] = first - 0.344136 * blue - 0.714136 * red;
      rendered[to + 2] = first + 1.772 * blue;
    } else {
      rendered[to] = first;
      rendered[to + 1] = second;
      rendered[to + 2] = third;
    }
  }
  return new Uint8Array(rendered.buffer);
}

/** Reads a sample of a pixel as 8 bits. */
function sampleOf(
  samples: Buffer,
  pixels: Colours,
  count: number
): (index: number, plane: number) => number {
  if (pixels.photometricInterpretation === 'YBR_FULL_422') {
    // Two pixels share one pair of colour differences: Y1 Y2 CB CR.
    return (index, plane) => {
      const pair = (index >> 1) * 4;
      return samples[plane === 0 ? pair + (index & 1) : pair + 1 + plane] ?? 0;
    };
  }
  const planar = pixels.planarConfiguration === 1;
  const at = (index: number, plane: number) => (planar ? plane * count + index : index * 3 + plane);
  if (pixels.bitsAllocated === 8) return (index, plane) => samples[at(index, plane)] ?? 0;
  const shift = Math.max(pixels.bitsStored - 8, 0);
  return (index, plane) => samples.readUInt16LE(at(index, plane) * 2) >> shift;
}
