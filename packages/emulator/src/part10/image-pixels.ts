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
  /** The place of a sample's highest bit, from 0. */
  highBit: number;
  signed: boolean;
  numberOfFrames: number;
}

/** Reads the Image Pixel Module; absent numbers are 0, except those with an obvious value. */
export function imagePixels(header: Part10Header): ImagePixels {
  const { dataSet, littleEndian } = header;
  const number = (tag: string, otherwise = 0) =>
    unsignedShort(dataSet, tag, littleEndian) ?? otherwise;
  const bitsAllocated = number('00280100');
  const bitsStored = number('00280101', bitsAllocated);
  return {
    rows: number('00280010'),
    columns: number('00280011'),
    samplesPerPixel: number('00280002', 1),
    photometricInterpretation: asciiValue(dataSet, '00280004'),
    planarConfiguration: number('00280006'),
    bitsAllocated,
    bitsStored,
    highBit: number('00280102', bitsStored - 1),
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

/**
 * Bits of one frame of native pixel data.
 *
 * @see PS3.3 C.7.6.3.1.2: YBR_FULL_422 and YBR_PARTIAL_422 keep one pair of colour samples for two
 *   pixels of a row, YBR_PARTIAL_420 for four pixels of two rows. The service pads rows of an odd
 *   number of pixels to whole pairs. [fo-dicom DicomPixelData.UncompressedFrameSize]
 */
export function frameBits(
  pixels: Pick<
    ImagePixels,
    'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated' | 'photometricInterpretation'
  >
): number {
  const { rows, columns, samplesPerPixel, bitsAllocated, photometricInterpretation } = pixels;
  switch (photometricInterpretation) {
    case 'YBR_FULL_422':
    case 'YBR_PARTIAL_422':
      return rows * (columns + (columns % 2)) * 2 * bitsAllocated;
    case 'YBR_PARTIAL_420':
      return Math.ceil(rows * columns * 1.5) * bitsAllocated;
    default:
      return rows * columns * samplesPerPixel * bitsAllocated;
  }
}
