/** How values become gray: VOI LUT Function, Window Center, Window Width. */
export interface Window {
  kind: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  center: number;
  width: number;
}

const WHITE = 255;

/**
 * From a value to gray, 0 (black) to 255 (white), as the service's renderer computes it.
 *
 * @returns a function whose values may have a fraction.
 * @see PS3.3 C.11.2.1.2, C.11.2.1.3; fo-dicom VOILUT
 */
export function grayOf({ kind, center, width }: Window): (value: number) => number {
  if (kind === 'SIGMOID') {
    return value => WHITE / (1 + Math.exp(-4 * ((value - center) / width)));
  }
  if (width === 1) return value => (value < center - 0.5 ? 0 : WHITE);
  return kind === 'LINEAR_EXACT'
    ? value => inRange(((value - center) / width + 0.5) * WHITE)
    : value => inRange(((value - (center - 0.5)) / (width - 1) + 0.5) * WHITE);
}

const inRange = (gray: number) => Math.min(WHITE, Math.max(0, gray));

/** The window from a first to a last value; a falling one makes falling values rise. [fo-dicom CreateLinearOption] */
export const windowBetween = (first: number, last: number): Window => ({
  kind: 'LINEAR',
  center: (first + last) / 2,
  width: last - first,
});
