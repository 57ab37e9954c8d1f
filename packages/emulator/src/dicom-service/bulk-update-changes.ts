import { textOf } from '../archive/extended-query-tags.ts';
import type { TextChange } from '../part10/change-elements.ts';
import type { JsonDataSet } from '../part10/dicom-json.ts';
import { attributeOfTag } from '../part10/dictionary.ts';
import { VALUE_RULES } from '../validation/value-rules.ts';
import { tagText } from '../validation/warnings.ts';

/** The attributes which a bulk update may change. [source UpdateTags] */
const CHANGEABLE: ReadonlySet<string> = new Set(
  [
    '00080050 00080090 00081030 00100010 00100020 00100021 00100022 00100030 00100032 00100040',
    '00100200 00101000 00101001 00101005 00101010 00101020 00101030 00101040 00101060 00101080',
    '00101081 00101090 00102150 00102152 00102154 00102160 00102180 001021F0 00102201 00102292',
    '00102295 00102297 00102298 00102299 00104000 00403001',
  ].flatMap(line => line.split(' '))
);

/** What is wrong with a data set of changes: `DICOM100: (gggg,eeee) - ...` for each attribute. */
export function faultsOf(dataSet: JsonDataSet): string[] {
  return Object.keys(dataSet).flatMap(tag => {
    const fault = CHANGEABLE.has(tag.toUpperCase())
      ? valueFault(tag, dataSet)
      : 'Updating the tag is not supported';
    return fault === undefined ? [] : [`DICOM100: ${tagText(tag)} - ${fault}`];
  });
}

/** The changes which a data set asks for. */
export function changesOf(dataSet: JsonDataSet): TextChange[] {
  return Object.keys(dataSet).map(tag => ({
    tag: tag.toUpperCase(),
    vr: vrOf(tag, dataSet),
    text: valuesOf(tag, dataSet).join('\\'),
  }));
}

function valueFault(tag: string, dataSet: JsonDataSet): string | undefined {
  const vr = vrOf(tag, dataSet);
  const rule = VALUE_RULES[vr];
  for (const value of rule ? valuesOf(tag, dataSet) : []) {
    const fault = value === '' ? undefined : rule?.(value);
    if (fault) return `Content "${value}" does not validate VR ${vr}: ${fault}`;
  }
  return undefined;
}

const valuesOf = (tag: string, dataSet: JsonDataSet) => (dataSet[tag]?.Value ?? []).map(textOf);

const vrOf = (tag: string, dataSet: JsonDataSet) =>
  dataSet[tag]?.vr ?? attributeOfTag(tag.toUpperCase())?.vr ?? 'LO';
