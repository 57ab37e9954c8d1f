import type { DataSet } from './data-set.ts';
import { asciiValue, findElement } from './data-set.ts';
import { binaryValues } from './element-values.ts';
import type { Part10Header } from './part10-reader.ts';

/** What the Image Pixel Module says of an instance. @see PS3.3 C.7.6.3 */
export interface ImagePixels {
  rows: number;
  columns: number;
  samplesPerPixel: number;
  photometricInterpretation: string;
  planarConfiguration: number;
  bitsAllocated: number;
  bitsStored: number;
  signed: boolean;
  numberOfFrames: number;
}

/** Reads the Image Pixel Module; absent numbers are 0, except those with an obvious value. */
export function imagePixels(header: Part10Header): ImagePixels {
  const { dataSet, littleEndian } = header;
  const number = (tag: string, otherwise = 0) =>
    unsignedShort(dataSet, tag, littleEndian) ?? otherwise;
  const bitsAllocated = number('00280100');
  return {
    rows: number('00280010'),
    columns: number('00280011'),
    samplesPerPixel: number('00280002', 1),
    photometricInterpretation: asciiValue(dataSet, '00280004'),
    planarConfiguration: number('00280006'),
    bitsAllocated,
    bitsStored: number('00280101', bitsAllocated),
    signed: number('00280103') === 1,
    numberOfFrames: Number(asciiValue(dataSet, '00280008')) || 1,
  };
}

function unsignedShort(dataSet: DataSet, tag: string, littleEndian: boolean): number | undefined {
  const element = findElement(dataSet, tag);
  if (element?.vr !== 'US') return undefined;
  const [value] = binaryValues(element, littleEndian);
  return typeof value === 'number' ? value : undefined;
}

/** Bits of one frame of native pixel data. */
export function frameBits(pixels: ImagePixels): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = pixels;
  // PS3.3 C.7.6.3.1.2: YBR_FULL_422 keeps one pair of colour samples for two pixels.
  const samples = photometricInterpretation === 'YBR_FULL_422' ? 2 : samplesPerPixel;
  return rows * columns * samples * bitsAllocated;
}
