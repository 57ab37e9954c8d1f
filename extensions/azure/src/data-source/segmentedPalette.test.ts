import { expandSegments } from './segmentedPalette.ts';

describe('expandSegments', () => {
  // PS3.3 C.7.9.2: opcode, length, values; 1: to the value in as many steps; 2: as many segments again, from an offset in bytes.
  it.each<[string, number[], boolean, number[]]>([
    ['discrete', [0, 3, 7, 8, 9], true, [7, 8, 9]],
    ['discrete, twice', [0, 1, 7, 0, 2, 8, 9], true, [7, 8, 9]],
    ['linear, up', [0, 1, 0, 1, 4, 8], true, [0, 2, 4, 6, 8]],
    ['linear, down, rounded', [0, 1, 10, 1, 3, 0], true, [10, 7, 3, 0]],
    [
      'indirect, words: at byte 4 as at word 2',
      [0, 1, 0, 1, 2, 4, 2, 1, 6, 0],
      true,
      [0, 2, 4, 4, 4],
    ],
    ['indirect, bytes', [0, 2, 1, 2, 2, 1, 0, 0, 0, 0], false, [1, 2, 1, 2]],
    ['indirect, several segments', [0, 1, 0, 1, 2, 4, 2, 2, 0, 0], true, [0, 2, 4, 0, 2, 4]],
    ['a byte of padding behind the last', [0, 2, 1, 2, 0], false, [1, 2]],
  ])('%s', (_name, words, isWords, entries) => {
    expect([...(expandSegments(words, isWords, entries.length) ?? [])]).toEqual(entries);
  });

  it.each<[string, number[], number]>([
    ['no segments', [], 2],
    ['fewer entries than there must be', [0, 1, 7], 2],
    ['more entries than there may be', [0, 3, 7, 8, 9], 2],
    ['a discrete one that is cut', [0, 2, 7], 2],
    ['a linear one first', [1, 2, 7], 2],
    ['a linear one that is cut', [0, 1, 7, 1, 1], 2],
    ['an indirect one that is cut', [0, 1, 7, 2, 1, 0], 2],
    ['an indirect one that points at itself', [0, 1, 7, 2, 1, 6, 0], 9],
    ['an indirect one that points between words', [0, 1, 7, 2, 1, 1, 0], 9],
    ['an indirect one that points behind the end', [0, 1, 7, 2, 1, 99, 0], 9],
    ['an opcode that is none', [3, 1, 7], 1],
    ['segments of no length without end', [0, 0, 0, 0], 1],
  ])('%s: none', (_name, words, entries) => {
    expect(expandSegments(words, true, entries)).toBeUndefined();
  });
});
