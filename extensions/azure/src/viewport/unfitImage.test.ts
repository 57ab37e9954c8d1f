import { isBlank, isUnfit } from './unfitImage.ts';

const image = (length: number, color = false) => ({
  rows: 2,
  columns: 3,
  color,
  getPixelData: () => new Uint8Array(length),
});

it.each<[string, Parameters<typeof isUnfit>[0], boolean]>([
  ['grey', image(6), false],
  ['RGB', image(18, true), false],
  ['RGBA', image(24, true), false],
  ['YBR_FULL_422 left as it came', image(12, true), true],
  ['grey with too little', image(5), true],
  ['no size at all', { rows: 0, columns: 0, getPixelData: () => [] }, true],
  ['not known', {}, false],
])('%s', (_name, decoded, expected) => {
  expect(isUnfit(decoded)).toBe(expected);
});

it.each<[string, Parameters<typeof isBlank>[0], boolean]>([
  ['all the same', { minPixelValue: 7, maxPixelValue: 7 }, true],
  ['not the same', { minPixelValue: 7, maxPixelValue: 8 }, false],
  ['not known', {}, false],
])('blank: %s', (_name, decoded, expected) => {
  expect(isBlank(decoded)).toBe(expected);
});
