import { framesOfFragments } from './frames.ts';
import { Part10FormatError } from './part10-reader.ts';

/** Fragments of 10, 20 and 30 bytes behind each other, each behind its 8-byte item head. */
const FRAGMENTS = [
  { offset: 108, length: 10 },
  { offset: 126, length: 20 },
  { offset: 154, length: 30 },
];

// Rows: PS3.5 annex A.4, tables A.4-1 and A.4-2.
it.each([
  ['one frame takes all fragments', 1, [], [[10, 20, 30]]],
  ['one frame takes all, with a table', 1, [0], [[10, 20, 30]]],
  ['one fragment a frame, without a table', 3, [], [[10], [20], [30]]],
  ['one fragment a frame, with a table', 3, [0, 18, 46], [[10], [20], [30]]],
  ['two fragments of the first frame', 2, [0, 46], [[10, 20], [30]]],
  ['two fragments of the second frame', 2, [0, 18], [[10], [20, 30]]],
])('%s', (_, numberOfFrames, offsets, lengths) => {
  const frames = framesOfFragments({ fragments: FRAGMENTS }, numberOfFrames, offsets);
  expect(frames.map(frame => frame.map(fragment => fragment.length))).toEqual(lengths);
});

it.each([
  ['frames and fragments differ in number, without a table', 2, []],
  ['a table with an offset beyond the end', 2, [0, 1000]],
])('%s', (_, numberOfFrames, offsets) => {
  expect(() => framesOfFragments({ fragments: FRAGMENTS }, numberOfFrames, offsets)).toThrow(
    Part10FormatError
  );
});
