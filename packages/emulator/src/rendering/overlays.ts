import { findElement } from '../part10/data-set.ts';
import type { DataElement } from '../part10/data-set.ts';
import { swapped } from '../part10/explicit-little-endian.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { numbersOf, textsOf } from './frame-attributes.ts';
import { CodecError } from './wasm-codecs.ts';

const OVERLAY_ROWS = /^60[0-9A-F]{2}0010$/;

/** A plane to draw over a picture. */
export interface Overlay {
  rows: number;
  columns: number;
  /** The row and column of the picture in which it begins, from 0; may be negative. */
  top: number;
  left: number;
  isSet(index: number): boolean;
}

/**
 * The graphics overlays of a frame, as the service's renderer chooses them: their first plane, in
 * the frames from Image Frame Origin on, and none which is too short; ROI is left out. A plane
 * without data lies in unused bits of the first frame's samples.
 *
 * @param index - of the frame, from 0.
 * @param firstFrame - the samples of the first frame, little endian.
 * @throws {CodecError} for an Overlay Type other than G and R, and a plane outside the samples.
 * @see PS3.3 C.9.2; fo-dicom DicomImage.RenderImage, DicomOverlayData
 */
export async function overlaysOfFrame(
  header: Part10Header,
  pixels: ImagePixels,
  index: number,
  firstFrame: () => Promise<Buffer>
): Promise<Overlay[]> {
  const { dataSet, littleEndian } = header;
  const overlays: Overlay[] = [];
  for (const { tag, vr } of dataSet) {
    if (!OVERLAY_ROWS.test(tag) || vr !== 'US') continue;
    const element = (number: string) => findElement(dataSet, tag.slice(0, 4) + number);
    const first = (number: string, otherwise: number) =>
      numbersOf(element(number), littleEndian)[0] ?? otherwise;
    const [type = ''] = textsOf(element('0040'));
    const [rows, columns] = [first('0010', 0), first('0011', 0)];
    if (type === '' || rows === 0 || columns === 0) continue;
    if (!/^[GR]/.test(type)) throw new CodecError('The Overlay Type is unknown.');
    const [top = 1, left = 1] = numbersOf(element('0050'), littleEndian);
    const plane = { rows, columns, top: top - 1, left: left - 1 };
    const data = element('3000');
    const isSet = data
      ? bitOf(wordsOf(data, littleEndian), rows * columns)
      : embedded(await firstFrame(), pixels, plane, first('0102', 0));
    const origin = first('0051', 1);
    const shown = index + 1 >= origin && index + 1 < origin + first('0015', 1);
    if (isSet && shown && type.startsWith('G')) overlays.push({ ...plane, isSet });
  }
  return overlays;
}

/** The bytes of words of 16 bits, little endian. */
const wordsOf = ({ value, vr }: DataElement, littleEndian: boolean) =>
  littleEndian || vr !== 'OW' ? Buffer.from(value) : swapped(Buffer.from(value), 2);

function bitOf(bytes: Buffer, count: number): Overlay['isSet'] | undefined {
  if (bytes.length * 8 < count) return undefined;
  return index => (((bytes[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
}

/** A plane in one bit of the samples; bits which belong to the image are no overlay. */
function embedded(
  samples: Buffer,
  pixels: ImagePixels,
  { rows, columns, top, left }: Omit<Overlay, 'isSet'>,
  bit: number
): Overlay['isSet'] | undefined {
  const { bitsAllocated, bitsStored, highBit } = pixels;
  if (bit <= highBit && bit > highBit - bitsStored) return undefined;
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw new CodecError('There is no overlay in samples of such a number of bits.');
  }
  const bytes = bitsAllocated / 8;
  const from = (index: number) =>
    (Math.floor(index / columns) + Math.max(top, 0)) * pixels.columns +
    (index % columns) +
    Math.max(left, 0);
  if ((from(rows * columns - 1) + 1) * bytes > samples.length) {
    throw new CodecError('The overlay lies outside the samples.');
  }
  return index => {
    const at = from(index) * bytes;
    return (((bytes === 1 ? samples.readUInt8(at) : samples.readUInt16LE(at)) >> bit) & 1) === 1;
  };
}

/**
 * Draws overlays in magenta: red and blue full, green as it was. What stands to the right of the
 * picture or below it is cut off; what would stand to its left goes on in the row above.
 *
 * @param rendered - three bytes a pixel, changed in place.
 * @see fo-dicom OverlayGraphic.Render, DicomImage.OverlayColor
 */
export function drawOverlays(
  rendered: Uint8Array,
  { rows: height, columns: width }: Pick<ImagePixels, 'rows' | 'columns'>,
  overlays: readonly Overlay[]
): void {
  for (const { rows, columns, top, left, isSet } of overlays) {
    for (let row = 0; row < rows && top + row < height; row += 1) {
      for (let column = 0; column < columns && left + column < width; column += 1) {
        const at = ((top + row) * width + left + column) * 3;
        if (at >= 0 && isSet(row * columns + column)) rendered[at] = rendered[at + 2] = 255;
      }
    }
  }
}
