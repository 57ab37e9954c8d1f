import { decode as decodePng } from 'fast-png';
import { openFrames } from '../part10/frames.ts';
import { readPart10Header } from '../part10/part10-reader.ts';
import { renderFrame } from '../rendering/render-frame.ts';
import { buildPart10, instanceElements } from './part10-builder.ts';
import type { BuilderElements, BuilderOptions } from './part10-builder.ts';

/** The service's text for a frame which cannot be rendered, which comes with 406. */
export const REFUSED =
  'An error was encountered when attempting to convert the dicom file into an image';

/** A frame, and its pixels when it is rendered. */
export interface PictureRow {
  title: string;
  /** Where it is written: a class or method of fo-dicom, a clause. */
  source: string;
  elements: BuilderElements;
  expected: number[] | 'refused';
  index: number;
}

/** The columns of {@link PictureRow}, which are short enough to stand side by side. */
export type PictureCells = readonly [
  title: string,
  source: string,
  elements: BuilderElements,
  expected: number[] | 'refused',
  index?: number,
];

/** Rows with a name for each column. */
export const pictureRows = (rows: readonly PictureCells[]): PictureRow[] =>
  rows.map(([title, source, elements, expected, index = 0]) => ({
    title,
    source,
    elements,
    expected,
    index,
  }));

/** The pixels of a frame as a PNG, one or three bytes each. @throws {ServiceError} 406 */
export async function picture(
  elements: BuilderElements,
  options: BuilderOptions = {},
  index = 0
): Promise<number[]> {
  const file = buildPart10(instanceElements(elements), options);
  const header = readPart10Header(file, true);
  const source = {
    read: (into: Buffer, at: number, length: number, from: number) =>
      Promise.resolve({ bytesRead: file.copy(into, at, from, from + length) }),
    stat: () => Promise.resolve({ size: file.length }),
  };
  const frames = await openFrames(source, header);
  const png = await renderFrame(frames, header, { index, type: 'image/png', quality: 100 });
  return [...decodePng(png).data];
}

/** What a row's frame is rendered to: its pixels, or `refused` with 406 and the service's text. */
export async function outcome({
  elements,
  index,
}: Pick<PictureRow, 'elements' | 'index'>): Promise<number[] | 'refused'> {
  try {
    return await picture(elements, {}, index);
  } catch (error) {
    const { status, message } = error as { status?: number; message?: string };
    if (status === 406 && message === REFUSED) return 'refused';
    throw error;
  }
}

/** A row of pixels, of `bits` bits each. */
export const gray = (
  bits: number,
  pixels: number[],
  more: BuilderElements = {}
): BuilderElements => ({
  '00280010': ['US', [1]],
  '00280011': ['US', [pixels.length]],
  '00280100': ['US', [bits]],
  '00280101': ['US', [bits]],
  '00280102': ['US', [bits - 1]],
  '7FE00010': bits === 32 ? ['OW', longs(pixels)] : [bits === 8 ? 'OB' : 'OW', pixels],
  ...more,
});
const longs = (values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, at * 4);
  return bytes;
};
/** A window. */
export const window = (center: string, width: string, kind?: string): BuilderElements => ({
  '00281050': ['DS', center],
  '00281051': ['DS', width],
  ...(kind !== undefined && { '00281056': ['CS', kind] }),
});
/** A row of pixels of three samples. */
export const colour = (
  photometric: string,
  pixels: number[],
  columns: number,
  planar = 0
): BuilderElements => ({
  ...gray(8, pixels),
  '00280002': ['US', [3]],
  '00280004': ['CS', photometric],
  '00280006': ['US', [planar]],
  '00280011': ['US', [columns]],
});
