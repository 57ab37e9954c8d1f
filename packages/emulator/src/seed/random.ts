import { floor, imul, sqrt } from './maths.ts';

/**
 * A repeatable source of numbers (mulberry32): the same seed always gives the same sequence.
 *
 * @param seed - any 32-bit integer.
 * @returns a function that gives the next number in [0, 1).
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Numbers of mean 0 and standard deviation 1 (sum of four uniform ones: bounded by 3.5). */
export function createGaussian(seed: number): () => number {
  const random = createRandom(seed);
  return () => (random() + random() + random() + random() - 2) * sqrt(3);
}

/** A square of numbers that repeats in both directions; `size` is a power of two. */
export interface Tile {
  readonly size: number;
  readonly data: Float32Array;
}

/**
 * Noise with a grain of a few pixels, as a reconstruction filter leaves it: mean 0, deviation 1.
 *
 * @param seed - any 32-bit integer.
 * @param size - side in pixels, a power of two.
 * @param passes - how often a 3 x 3 mean is applied (0: white noise).
 */
export function grainTile(seed: number, size: number, passes: number): Tile {
  const gaussian = createGaussian(seed);
  let data = Float32Array.from({ length: size * size }, gaussian);
  for (let pass = 0; pass < passes; pass += 1)
    data = meanOfThree(meanOfThree(data, size, 1), size, size);
  let squares = 0;
  for (const value of data) squares += value * value;
  const scale = 1 / sqrt(squares / data.length);
  for (let i = 0; i < data.length; i += 1) data[i] = (data[i] ?? 0) * scale;
  return { size, data };
}

function meanOfThree(
  source: Float32Array,
  size: number,
  stride: number
): Float32Array<ArrayBuffer> {
  const result = new Float32Array(source.length);
  const mask = source.length - 1;
  for (let i = 0; i < source.length; i += 1) {
    result[i] =
      ((source[(i - stride) & mask] ?? 0) + (source[i] ?? 0) + (source[(i + stride) & mask] ?? 0)) /
      3;
  }
  return result;
}

/**
 * Smooth hills and valleys between -1 and 1.
 *
 * @param seed - any 32-bit integer.
 * @param size - side in pixels, a power of two.
 * @param wavelength - distance between lattice points in pixels; divides `size`.
 */
export function hillTile(seed: number, size: number, wavelength: number): Tile {
  const random = createRandom(seed);
  const cells = size / wavelength;
  const lattice = Float32Array.from({ length: cells * cells }, () => random() * 2 - 1);
  const data = new Float32Array(size * size);
  const at = (column: number, row: number) =>
    lattice[(row % cells) * cells + (column % cells)] ?? 0;
  for (let y = 0; y < size; y += 1) {
    const row = floor(y / wavelength);
    const v = ease(y / wavelength - row);
    for (let x = 0; x < size; x += 1) {
      const column = floor(x / wavelength);
      const u = ease(x / wavelength - column);
      const top = at(column, row) * (1 - u) + at(column + 1, row) * u;
      const bottom = at(column, row + 1) * (1 - u) + at(column + 1, row + 1) * u;
      data[y * size + x] = top * (1 - v) + bottom * v;
    }
  }
  return { size, data };
}

const ease = (t: number) => t * t * t * (t * (t * 6 - 15) + 10);

/** `Math.cos(phase) * first + Math.sin(phase) * second`: a field that changes gently from slice to slice. */
export function blendTiles(first: Tile, second: Tile, phase: number): Tile {
  const c = Math.cos(phase);
  const s = Math.sin(phase);
  const data = new Float32Array(first.data.length);
  for (let i = 0; i < data.length; i += 1) {
    data[i] = c * (first.data[i] ?? 0) + s * (second.data[i] ?? 0);
  }
  return { size: first.size, data };
}
