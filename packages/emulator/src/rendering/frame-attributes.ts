import { asciiValue, findElement } from '../part10/data-set.ts';
import type { DataSet } from '../part10/data-set.ts';
import type { Part10Header } from '../part10/part10-reader.ts';

const SHARED_FUNCTIONAL_GROUPS = '52009229';
const PER_FRAME_FUNCTIONAL_GROUPS = '52009230';
/** Functional groups which hold what rendering needs: Frame VOI LUT and Pixel Value Transformation. */
const GROUPS = ['00289132', '00289145'];

/** The first value of an attribute, as text, for one frame; `''` when it has none. */
export type FrameAttributes = (tag: string) => string;

/**
 * Attributes of a frame: of the data set, else of the functional groups of the frame, else of those
 * which all frames share.
 *
 * @param index - of the frame, from 0.
 * @see PS3.3 C.7.6.16
 */
export function attributesOfFrame({ dataSet }: Part10Header, index: number): FrameAttributes {
  const ofGroups = (groups: DataSet | undefined) =>
    GROUPS.map(tag => groups && findElement(groups, tag)?.items?.[0]);
  const perFrame = findElement(dataSet, PER_FRAME_FUNCTIONAL_GROUPS)?.items?.[index];
  const shared = findElement(dataSet, SHARED_FUNCTIONAL_GROUPS)?.items?.[0];
  const places = [dataSet, ...ofGroups(perFrame), ...ofGroups(shared)];
  return tag => {
    for (const place of places) {
      const [first = ''] = place ? asciiValue(place, tag).split('\\') : [];
      if (first.trim() !== '') return first.trim();
    }
    return '';
  };
}
