import { framesOfFragments } from './frames.ts';
import { frameBits } from './image-pixels.ts';
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

// Rows: PS3.3 C.7.6.3.1.2; the odd ones fo-dicom DicomPixelData.UncompressedFrameSize.
it.each([
  ['RGB', 3, 3 * 2 * 3 * 8],
  ['YBR_FULL', 3, 3 * 2 * 3 * 8],
  ['YBR_FULL_422', 4, 4 * 2 * 2 * 8],
  ['YBR_FULL_422', 3, 4 * 2 * 2 * 8],
  ['YBR_PARTIAL_422', 4, 4 * 2 * 2 * 8],
  ['YBR_PARTIAL_420', 4, 4 * 2 * 1.5 * 8],
])('a frame of %s with %i columns and 2 rows', (photometricInterpretation, columns, bits) => {
  const pixels = { rows: 2, columns, samplesPerPixel: 3, bitsAllocated: 8 };
  expect(frameBits({ ...pixels, photometricInterpretation })).toBe(bits);
});
