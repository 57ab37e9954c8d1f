import { deep, grow, lobes, skull } from './brain-anatomy.ts';
import type { Item, Lobe, Tissue } from './brain-anatomy.ts';
import { abs, max, min, sqrt } from './maths.ts';
import { createPlane, paint, secondReading, smoothstep } from './phantom.ts';
import type { Plane, Warp } from './phantom.ts';
import { blendTiles, grainTile, hillTile } from './random.ts';
import type { Tile } from './random.ts';

/** How bright each tissue is in a series. */
export type Weighting = Readonly<Record<Tissue, number>>;

/** Signal of the tissues in a T1 and a T2 weighted spin echo, in stored units. */
export const WEIGHTINGS = {
  t1: {
    air: 0,
    bone: 45,
    csf: 150,
    eye: 140,
    fat: 900,
    grey: 430,
    lesion: 330,
    marrow: 480,
    muscle: 330,
    nuclei: 465,
    skin: 380,
    white: 600,
  },
  t2: {
    air: 0,
    bone: 40,
    csf: 930,
    eye: 960,
    fat: 620,
    grey: 520,
    lesion: 820,
    marrow: 330,
    muscle: 190,
    nuclei: 430,
    skin: 330,
    white: 350,
  },
} as const satisfies Record<string, Weighting>;

/**
 * A head in patient coordinates (mm; x to the left, y to the back, z to the head).
 *
 * @param size - rows and columns of each slice, a power of two.
 * @param pixelMm - distance of pixel centres in mm.
 * @returns a function from height and weighting to the slice's signal, row by row.
 */
export function createBrain(size: number, pixelMm: number) {
  const hills = [41, 42].map(seed => hillTile(seed, size, 64));
  const folds = [45, 46, 47, 48].map((seed, i) => grainTile(seed, size, i < 2 ? 18 : 40));
  const mix = (tiles: readonly Tile[], at: number, phase: number) =>
    blendTiles(tiles[at] as Tile, tiles[at + 1] as Tile, phase);

  return (z: number, weighting: Weighting): Float32Array => {
    const plane = createPlane(size, size, pixelMm, 0);
    const bends = mix(hills, 0, z / 40);
    const draw = ({ tissue, section, soft, warp: amount = 2 }: Item) => {
      const bend: Warp | undefined = amount > 0 ? { field: bends, coarse: 0, amount } : undefined;
      paint(plane, section, weighting[tissue], soft, bend);
    };
    skull(z).forEach(draw);
    const folding = { z, bends, folds: mix(folds, 0, z / 14), reach: mix(folds, 2, z / 30) };
    for (const lobe of lobes(z)) paintCortex(plane, lobe, weighting, folding);
    deep(z).forEach(draw);
    shade(plane, bends);
    return plane.data;
  };
}

interface Folding {
  readonly z: number;
  readonly bends: Tile;
  /** A furrow runs wherever this field crosses zero. */
  readonly folds: Tile;
  /** Makes some furrows deeper than others. */
  readonly reach: Tile;
}

/** Fluid around the brain, then the grey ribbon that follows every furrow, then white matter. */
function paintCortex(plane: Plane, lobe: Lobe, weighting: Weighting, folding: Folding): void {
  const { columns, spacing, x0, y0, data } = plane;
  const bends = folding.bends.data;
  paint(plane, grow(lobe, 1), weighting.csf, 1.5, { field: folding.bends, coarse: 0, amount: 2 });
  const cos = Math.cos(lobe.angle ?? 0);
  const sin = Math.sin(lobe.angle ?? 0);
  const least = min(lobe.a, lobe.b);
  const span = Math.ceil((max(lobe.a, lobe.b) + 4) / spacing);
  const middleRow = Math.round((lobe.y - y0) / spacing);
  const middleColumn = Math.round((lobe.x - x0) / spacing);
  for (let row = middleRow - span; row <= middleRow + span; row += 1) {
    for (let column = middleColumn - span; column <= middleColumn + span; column += 1) {
      const i = row * columns + column;
      const x = x0 + column * spacing;
      const px = x - lobe.x + 2 * (bends[i] ?? 0);
      const bendY = bends[secondReading(i, bends.length)] ?? 0;
      const py = y0 + row * spacing - lobe.y + 2 * bendY;
      const u = (px * cos + py * sin) / lobe.a;
      const v = (py * cos - px * sin) / lobe.b;
      const g = u * u + v * v;
      if (g > 1.1) continue;
      let depth = (1 - sqrt(g)) * least;
      let furrow = furrowDistance(folding, lobe, i, depth, spacing);
      if (lobe.split === true) {
        const middle = abs(x + 3 * bendY * smoothstep(60, 0, abs(py)));
        // The corpus callosum joins the halves in the middle third.
        const joined = 9 * smoothstep(38, 28, abs(py)) * smoothstep(30, 22, folding.z);
        furrow = min(furrow, middle + joined);
        depth = min(depth, middle + 0.7 + joined);
      }
      const inFluid = 1 - smoothstep(-0.2, 1.1, min(depth, furrow));
      const inGrey = 1 - smoothstep(2.9, 4.6, min(depth, furrow + 0.4));
      const tissue = weighting.white + (weighting.grey - weighting.white) * inGrey;
      const value = tissue + (weighting.csf - tissue) * inFluid * 0.75;
      data[i] = (data[i] ?? 0) + (value - (data[i] ?? 0)) * smoothstep(-0.8, 0.6, depth);
    }
  }
}

/** Distance to the nearest furrow in mm: the field over its slope; grows past the furrow's floor. */
function furrowDistance(folding: Folding, lobe: Lobe, i: number, depth: number, spacing: number) {
  const { data, size } = folding.folds;
  const here = data[i] ?? 0;
  const reach = lobe.depth * (0.75 + 0.3 * (folding.reach.data[i] ?? 0));
  const past = max(0, depth - reach) * 0.8;
  if (lobe.cerebellum === true) {
    const leaf = abs(Math.sin(depth * 0.95 + 0.9 * here + 2.2 * (folding.reach.data[i] ?? 0)));
    return leaf * 3 + past;
  }
  const across = (data[i + 1] ?? 0) - here;
  const down = (data[i + size] ?? 0) - here;
  const slope = sqrt(across * across + down * down) / spacing;
  return abs(here) / (slope + 0.06) + past;
}

/** The receiver coil is a little stronger at the surface, and on one side. */
function shade(plane: Plane, hills: Tile): void {
  const { columns, rows, spacing, x0, y0, data } = plane;
  for (let row = 0; row < rows; row += 1) {
    const y = y0 + row * spacing;
    for (let column = 0; column < columns; column += 1) {
      const x = x0 + column * spacing;
      const i = row * columns + column;
      data[i] =
        (data[i] ?? 0) * (0.93 + (x * x + y * y) * 1.1e-5 + x * 3e-4) + 7 * (hills.data[i] ?? 0);
    }
  }
}
