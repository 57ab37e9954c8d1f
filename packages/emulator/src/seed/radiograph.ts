import { glyphRows } from './glyphs.ts';
import { max } from './maths.ts';
import { smoothstep } from './phantom.ts';
import { HALF, SIZE } from './radiograph-projection.ts';
import type { Projection } from './radiograph-projection.ts';

const GRAIN_MASK = HALF * HALF - 1;

/** From mm of water to grey: evened out over large areas, as a radiograph is processed, with grain. */
export function develop(
  { water, wide }: Projection,
  grain: Float32Array,
  lateral: boolean
): Uint16Array<ArrayBuffer> {
  const stored = new Uint16Array(SIZE * SIZE);
  const thickest = lateral ? 320 : 225;
  for (let i = 0; i < stored.length; i += 1) {
    const row = i >> 10;
    const column = i & (SIZE - 1);
    const value = water.data[i] ?? 0;
    const mean = wide[(row >> 1) * HALF + (column >> 1)] ?? 0;
    const level = (value - 0.5 * mean) / (0.5 * thickest);
    // Two readings of one tile, out of step, so that the grain does not repeat within the image.
    const grains =
      (grain[(row * 331 + column) & GRAIN_MASK] ?? 0) +
      (grain[(column * 517 + row) & GRAIN_MASK] ?? 0);
    const grey = value <= 1 ? 110 : 220 + 3600 * smoothstep(-0.45, 1.5, level);
    const noisy = grey + (8 + 18 * max(0, level)) * grains;
    stored[i] = noisy <= 0 ? 0 : noisy >= 4095 ? 4095 : noisy + 0.5;
  }
  stampMarker(stored, 'L', lateral ? 60 : 950, 60);
  return stored;
}

/** The lead letter that tells the side. */
function stampMarker(stored: Uint16Array, letter: string, left: number, top: number): void {
  const scale = 6;
  glyphRows(letter).forEach((bits, row) => {
    for (let column = 0; column < 5; column += 1) {
      if ((bits & (16 >> column)) === 0) continue;
      for (let y = 0; y < scale; y += 1) {
        const start = (top + row * scale + y) * SIZE + left + column * scale;
        stored.fill(4000, start, start + scale);
      }
    }
  });
}
