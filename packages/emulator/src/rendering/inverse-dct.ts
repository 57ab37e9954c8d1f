/** The side of a block of samples. */
export const BLOCK_SIDE = 8;
const BLOCK = BLOCK_SIDE * BLOCK_SIDE;

/** By frequency, then place: half the cosine, and less for frequency 0. */
const COSINES = Float64Array.from({ length: BLOCK }, (_, index) => {
  const [frequency, place] = [index >> 3, index & 7];
  const scale = frequency === 0 ? Math.SQRT1_2 / 2 : 0.5;
  return scale * Math.cos(((2 * place + 1) * frequency * Math.PI) / 16);
});

const columns = new Float64Array(BLOCK);

/**
 * The inverse discrete cosine transform of a block of 8 x 8 coefficients, in place.
 *
 * @see ITU-T T.81 A.3.3
 */
export function inverseDct(block: Float64Array): void {
  columns.fill(0);
  for (let at = 0; at < BLOCK; at += 1) {
    const coefficient = block[at] ?? 0;
    if (coefficient === 0) continue;
    const [row, column] = [at >> 3, at & 7];
    for (let y = 0; y < BLOCK_SIDE; y += 1) {
      columns[y * 8 + column] =
        (columns[y * 8 + column] ?? 0) + coefficient * (COSINES[row * 8 + y] ?? 0);
    }
  }
  for (let y = 0; y < BLOCK; y += BLOCK_SIDE) {
    for (let x = 0; x < BLOCK_SIDE; x += 1) {
      let sum = 0;
      for (let frequency = 0; frequency < BLOCK_SIDE; frequency += 1) {
        sum += (columns[y + frequency] ?? 0) * (COSINES[frequency * 8 + x] ?? 0);
      }
      block[y + x] = sum;
    }
  }
}
