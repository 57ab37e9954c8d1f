/** What of a decoded image is looked at (Cornerstone3D 5.6, `IImage`). */
export interface DecodedImage {
  imageId?: string;
  rows?: number;
  columns?: number;
  color?: boolean;
  minPixelValue?: number;
  maxPixelValue?: number;
  getPixelData?(): ArrayLike<number> | undefined;
}

/** The decoder gave something that is no image of this size: the viewer fails on it without a word. */
export class UnfitImageError extends Error {
  override readonly name = 'UnfitImageError';
}

/** Samples a pixel that the viewer can draw. */
const COMPONENTS = { grey: [1], colour: [3, 4] } as const;

/** Whether the pixel data are those of an image of these rows and columns. */
export function isUnfit(image: DecodedImage): boolean {
  const { rows, columns, color } = image;
  const length = image.getPixelData?.()?.length;
  if (rows === undefined || columns === undefined || length === undefined) return false;
  // JPEG 2000 that is no JPEG 2000 gives an image of no size.
  if (length === 0) return true;
  const fitting = color ? COMPONENTS.colour : COMPONENTS.grey;
  return !fitting.some(components => components * rows * columns === length);
}

/** Whether all pixels are the same: blank, or what a decoder gives for data it cannot read. */
export function isBlank({ minPixelValue, maxPixelValue }: DecodedImage): boolean {
  return minPixelValue !== undefined && minPixelValue === maxPixelValue;
}
