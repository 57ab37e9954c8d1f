import { giveSlab, takeSlab } from './slabs.ts';

it('gives memory out again which was given back, and no other', () => {
  const first = takeSlab(100_000);
  const second = takeSlab(100_000);
  expect(first.length).toBeGreaterThanOrEqual(100_000);
  expect(second).not.toBe(first);
  giveSlab(first);
  expect(takeSlab(200_000)).toBe(first);
  expect(takeSlab(200_000)).not.toBe(second);
});

it('makes what is longer than all of them, and does not keep it', () => {
  const long = takeSlab(5_000_000);
  expect(long.length).toBe(5_000_000);
  giveSlab(long);
  expect(takeSlab(5_000_000)).not.toBe(long);
});

it('keeps no more than 16 MiB', () => {
  const slabs = Array.from({ length: 40 }, () => takeSlab(1_000_000));
  for (const slab of slabs) giveSlab(slab);
  const again = new Set(Array.from({ length: 40 }, () => takeSlab(1_000_000)));
  expect(slabs.filter(slab => again.has(slab)).length).toBeLessThanOrEqual(16);
});
