import { findElement } from '../part10/data-set.ts';
import type { DataElement, DataSet } from '../part10/data-set.ts';
import { binaryValues, isStringVr } from '../part10/element-values.ts';

const SHARED_FUNCTIONAL_GROUPS = '52009229';
const PER_FRAME_FUNCTIONAL_GROUPS = '52009230';

/**
 * The element of a tag in any functional group of a frame, else in any of those which all frames
 * share.
 *
 * @param index - of the frame, from 0.
 * @see PS3.3 C.7.6.16; fo-dicom DicomDataset.FunctionalGroupValues
 */
export function functionalGroupElement(
  dataSet: DataSet,
  index: number,
  tag: string
): DataElement | undefined {
  const perFrame = findElement(dataSet, PER_FRAME_FUNCTIONAL_GROUPS)?.items?.[index] ?? [];
  const shared = findElement(dataSet, SHARED_FUNCTIONAL_GROUPS)?.items?.[0] ?? [];
  for (const groups of [perFrame, shared]) {
    for (const { items } of groups.toReversed()) {
      const found = items?.[0] && findElement(items[0], tag);
      if (found) return found;
    }
  }
  return undefined;
}

/** The values of an element of text, one by one, without padding; none without value. */
export function textsOf(element: DataElement | undefined): string[] {
  if (!element || element.value.length === 0) return [];
  return Buffer.from(element.value)
    .toString('latin1')
    .split('\\')
    .map(value => value.replaceAll('\0', ' ').trim());
}

/** The values of an element of numbers, whether binary, DS or IS; what is no number is NaN. */
export function numbersOf(element: DataElement | undefined, littleEndian: boolean): number[] {
  if (!element) return [];
  return isStringVr(element.vr)
    ? textsOf(element).map(text => (text === '' ? NaN : Number(text)))
    : binaryValues(element, littleEndian).map(Number);
}
