import { bytes, count, duration } from './plural.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_940, '9.9 kB'],
  [10_000, '10 kB'],
  [999_499, '999 kB'],
  [999_600, '1.0 MB'],
  [2_147_483_647, '2.1 GB'],
])('%i bytes are %s', (number, text) => expect(bytes(number)).toBe(text));

it.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [60_000, '1 min'],
  [250_000, '4 min 10 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [200_000_000, '2 days'],
  [-5, '0 s'],
])('%i ms are %s', (ms, text) => expect(duration(ms)).toBe(text));

it.each([
  [1, '1 study'],
  [2, '2 studies'],
  [1200, '1,200 studies'],
])('%i: %s', (number, text) => expect(count(number, 'study', 'studies')).toBe(text));
