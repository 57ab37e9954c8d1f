import type { ImagePixels } from '../part10/image-pixels.ts';

/**
 * Renders one frame of RGB or YBR_FULL samples of 8 bits.
 *
 * @returns three bytes a pixel: red, green, blue.
 * @see PS3.3 C.7.6.3.1.2 (YBR_FULL), C.7.6.3.1.3 (Planar Configuration)
 */
export function renderColour(samples: Uint8Array, pixels: ImagePixels): Uint8Array {
  const count = pixels.rows * pixels.columns;
  const planar = pixels.planarConfiguration === 1;
  const luminance = pixels.photometricInterpretation === 'YBR_FULL';
  const rendered = new Uint8ClampedArray(count * 3);
  for (let index = 0; index < count; index += 1) {
    const sample = (plane: number) =>
      samples[planar ? plane * count + index : index * 3 + plane] ?? 0;
    const [first, second, third] = [sample(0), sample(1), sample(2)];
    if (luminance) {
      const [blue, red] = [second - 128, third - 128];
      rendered[index * 3] = first + 1.402 * red;
      rendered[index * 3 + 1] = first - 0.344136 * blue - 0.714136 * red;
      rendered[index * 3 + 2] = first + 1.772 * blue;
    } else {
      rendered.set([first, second, third], index * 3);
    }
  }
  return new Uint8Array(rendered.buffer);
}
