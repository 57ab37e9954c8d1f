import { asciiValue, findElement } from '../part10/data-set.ts';
import type { DataElement, DataSet } from '../part10/data-set.ts';
import type { ImagePixels } from '../part10/image-pixels.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { functionalGroupElement, numbersOf, textsOf } from './frame-attributes.ts';
import { isSigned, readLookupTable } from './lookup-table.ts';
import type { LookupTable } from './lookup-table.ts';
import { CodecError } from './wasm-codecs.ts';
import { windowBetween } from './window.ts';
import type { Window } from './window.ts';

const WINDOW_CENTER = '00281050';
const WINDOW_WIDTH = '00281051';
const RESCALE_INTERCEPT = '00281052';
const RESCALE_SLOPE = '00281053';
const VOI_LUT_FUNCTION = '00281056';
const SMALLEST_IMAGE_PIXEL_VALUE = '00280106';
const LARGEST_IMAGE_PIXEL_VALUE = '00280107';
const PIXEL_PADDING_VALUE = '00280120';
const MODALITY_LUT_SEQUENCE = '00283000';
const VOI_LUT_SEQUENCE = '00283010';

/** XA, XRF and XA biplane: their Modality LUT is not for display. [fo-dicom GrayscaleRenderOptions] */
const WITHOUT_MODALITY_LUT = new Set([
  '1.2.840.10008.5.1.4.1.1.12.1',
  '1.2.840.10008.5.1.4.1.1.12.2',
  '1.2.840.10008.5.1.4.1.1.12.3',
]);

/** What stands between stored values and gray. */
export interface GrayscaleOptions {
  /** From stored values to the values of the window or table. */
  modality: (value: number) => number;
  /** Comes before the window, which is then that of its entries. */
  voiLut?: LookupTable;
  window: Window;
}

/** The least and the greatest stored value of the first frame, without the padding value. */
export interface ValueRange {
  least: number;
  most: number;
}

/**
 * Chooses what stands between stored values and gray, like the service's renderer: a VOI LUT
 * Sequence, else the first window of the data set, else that of the functional groups of the
 * frame, else Smallest and Largest Image Pixel Value, else the range of values in the first frame.
 * A Modality LUT goes before Rescale Slope and Intercept. Presentation LUT Shape has no effect.
 *
 * @param index - of the frame, from 0.
 * @param lowest - the least value that Bits Stored permits.
 * @param highest - the greatest one.
 * @param rangeOfFirstFrame - asked for only when no attribute says more.
 * @throws {CodecError} for tables and attributes which the service's renderer stumbles over.
 * @see PS3.3 C.11.1, C.11.2; fo-dicom GrayscaleRenderOptions.FromDataset, GenericGrayscalePipeline
 */
export async function grayscaleOptions(
  header: Part10Header,
  pixels: ImagePixels,
  index: number,
  { lowest, highest }: { lowest: number; highest: number },
  rangeOfFirstFrame: (padding: number | undefined) => Promise<ValueRange>
): Promise<GrayscaleOptions> {
  const { dataSet, littleEndian } = header;
  const modalityLut = tableOf(dataSet, MODALITY_LUT_SEQUENCE, littleEndian, () => ({
    signed: pixels.signed,
    checked: false,
  }));
  const voiLut = tableOf(dataSet, VOI_LUT_SEQUENCE, littleEndian, item => ({
    signed: isSigned(item),
    checked: true,
  }));
  const numbers = (tag: string) => numbersOf(findElement(dataSet, tag), littleEndian);
  const onlyNumber = (tag: string, otherwise: number) => {
    const [value = NaN, ...more] = numbers(tag);
    return more.length > 0 || Number.isNaN(value) ? otherwise : value;
  };
  const applies = !WITHOUT_MODALITY_LUT.has(asciiValue(dataSet, '00080016'));
  const finished = (slope: number, intercept: number, window: Window): GrayscaleOptions => ({
    modality:
      modalityLut && applies ? modalityLut.map : (value: number) => value * slope + intercept,
    ...(voiLut && { voiLut }),
    window: voiLut ? windowBetween(voiLut.first, voiLut.last) : window,
  });

  const placed = windowPlace(dataSet, index);
  if (placed) {
    const { center, width } = placed;
    const attribute = (tag: string) =>
      findElement(dataSet, tag) ?? functionalGroupElement(dataSet, index, tag);
    const number = (tag: string, otherwise: number) =>
      single(attribute(tag), element => numbersOf(element, littleEndian)) ?? otherwise;
    const kind = single(attribute(VOI_LUT_FUNCTION), textsOf);
    const window = { kind: functionOf(kind), center, width };
    return finished(number(RESCALE_SLOPE, 1), number(RESCALE_INTERCEPT, 0), window);
  }

  const slope = onlyNumber(RESCALE_SLOPE, 1);
  const intercept = onlyNumber(RESCALE_INTERCEPT, 0);
  const [named, ...others] = textsOf(findElement(dataSet, VOI_LUT_FUNCTION));
  const kind = functionOf(others.length === 0 ? named : undefined);
  const smallest = onlyNumber(SMALLEST_IMAGE_PIXEL_VALUE, NaN);
  const largest = onlyNumber(LARGEST_IMAGE_PIXEL_VALUE, NaN);
  // Stored values, which the renderer takes for rescaled ones.
  if (smallest < largest) {
    return finished(slope, intercept, { ...windowBetween(smallest, largest), kind });
  }
  if (pixels.bitsStored === 1) {
    return finished(slope, intercept, { kind: 'LINEAR', center: 1, width: 1 });
  }
  const { least, most } = await rangeOfFirstFrame(numbers(PIXEL_PADDING_VALUE)[0]);
  const rescaled = (value: number) => {
    const result = value * slope + intercept;
    return modalityLut ? modalityLut.map(result) : result;
  };
  const first = rescaled(least < lowest || least === Infinity ? lowest : least);
  const last = rescaled(most > highest || most === -Infinity ? highest : most);
  const width = Math.max(1, Math.abs(last - first));
  return finished(slope, intercept, { kind, center: (first + last) / 2, width });
}

/** The first window of the data set, else of the frame's functional groups; one narrower than 1 is none. */
function windowPlace(
  dataSet: DataSet,
  index: number
): { center: number; width: number } | undefined {
  const places = [
    (tag: string) => findElement(dataSet, tag),
    (tag: string) => functionalGroupElement(dataSet, index, tag),
  ];
  for (const place of places) {
    const [center = NaN] = numbersOf(place(WINDOW_CENTER), true);
    const [width = NaN] = numbersOf(place(WINDOW_WIDTH), true);
    if (width >= 1 && !Number.isNaN(center)) return { center, width };
  }
  return undefined;
}

/** The one value of an element, which may be absent. @throws {CodecError} when it has none, or several */
function single<T>(
  element: DataElement | undefined,
  read: (element: DataElement) => T[]
): T | undefined {
  if (!element) return undefined;
  const [value, ...more] = read(element);
  if (value === undefined || more.length > 0 || Number.isNaN(value)) {
    throw new CodecError('An attribute for rendering has not exactly one value.');
  }
  return value;
}

function functionOf(named = 'LINEAR'): Window['kind'] {
  const kind = named.toUpperCase();
  return kind === 'SIGMOID' || kind === 'LINEAR_EXACT' ? kind : 'LINEAR';
}

function tableOf(
  dataSet: DataSet,
  tag: string,
  littleEndian: boolean,
  reading: (item: DataSet) => { signed: boolean; checked: boolean }
): LookupTable | undefined {
  const item = findElement(dataSet, tag)?.items?.[0];
  return item && readLookupTable(item, littleEndian, reading(item));
}
