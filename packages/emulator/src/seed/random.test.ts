import { blendTiles, createGaussian, createRandom, grainTile, hillTile } from './random.ts';

const mean = (values: ArrayLike<number>) =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('the sources of noise', () => {
  it('repeat themselves for a seed, and differ between seeds', () => {
    const take = (seed: number) => Array.from({ length: 5 }, createRandom(seed));
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
  });

  it('give uniform numbers in [0, 1)', () => {
    const values = Array.from({ length: 20_000 }, createRandom(1));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 1);
  });

  it('give gaussian numbers of mean 0 and deviation 1', () => {
    const values = Array.from({ length: 20_000 }, createGaussian(2));
    expect(mean(values)).toBeCloseTo(0, 1);
    expect(mean(values.map(value => value * value))).toBeCloseTo(1, 1);
  });

  it.each([0, 1, 5])('keep a deviation of 1 after %d passes of the filter', passes => {
    const { data } = grainTile(3, 64, passes);
    expect(mean(data.map(value => value * value))).toBeCloseTo(1, 4);
  });

  it('make hills without a seam at the edge of the tile', () => {
    const { data, size } = hillTile(4, 64, 16);
    for (let row = 0; row < size; row += 1) {
      const seam = Math.abs(data[row * size]! - data[row * size + size - 1]!);
      expect(seam).toBeLessThan(0.25);
    }
  });

  it('blend two tiles by phase', () => {
    const [a, b] = [hillTile(5, 16, 4), hillTile(6, 16, 4)] as const;
    expect(blendTiles(a, b, 0).data).toEqual(a.data);
    expect(blendTiles(a, b, Math.PI / 2).data[7]).toBeCloseTo(b.data[7]!, 5);
  });
});
