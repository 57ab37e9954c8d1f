import { textDecoding } from './character-set.ts';
import type { TextDecoding } from './character-set.ts';
import { BULK_VRS, findElement, latin1Of, withoutPadding, withoutTrailing } from './data-set.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { binaryValues, isStringVr, rawStrings } from './element-values.ts';
import type { Part10Header } from './part10-reader.ts';

/** One attribute of the DICOM JSON model. @see PS3.18 annex F */
export interface JsonAttribute {
  vr: string;
  Value?: JsonValue[];
}

/** A data set of the DICOM JSON model, keyed by tag. */
export interface JsonDataSet {
  [tag: string]: JsonAttribute;
}

/** One value of the DICOM JSON model; `null` is an empty one between others. */
export type JsonValue = string | number | null | PersonName | JsonDataSet;

/** The component groups of a PN value. */
export interface PersonName {
  Alphabetic?: string;
  Ideographic?: string;
  Phonetic?: string;
}

/**
 * The metadata of an instance as the service keeps it: without group lengths, without bulk VRs
 * (neither InlineBinary nor BulkDataURI), at every depth.
 *
 * @param dropped - elements to leave out, as the v2 validation does with invalid ones.
 */
export function toDicomJson(header: Part10Header, dropped: ReadonlySet<DataElement>): JsonDataSet {
  const { dataSet, littleEndian } = header;
  return itemToDicomJson(dataSet, decodingOf(dataSet), littleEndian, dropped);
}

/** The text decoding which a data set declares; items without their own inherit `inherited`. */
export function decodingOf(dataSet: DataSet, inherited?: TextDecoding): TextDecoding {
  const element = findElement(dataSet, '00080005');
  if (!element && inherited) return inherited;
  return textDecoding(element ? latin1Of(element).split('\\').map(withoutPadding) : []);
}

/** Like {@link toDicomJson}, for the item of a sequence. @param decode - the text decoding which holds in it. */
export function itemToDicomJson(
  dataSet: DataSet,
  decode: TextDecoding,
  littleEndian: boolean,
  dropped: ReadonlySet<DataElement>
): JsonDataSet {
  const json: JsonDataSet = {};
  for (const element of dataSet) {
    if (element.tag.endsWith('0000') || BULK_VRS.has(element.vr) || dropped.has(element)) continue;
    const attribute: JsonAttribute = { vr: element.vr };
    const values = element.items
      ? element.items.map(item =>
          itemToDicomJson(item, decodingOf(item, decode), littleEndian, dropped)
        )
      : valuesOf(element, decode, littleEndian);
    if (values.some(value => value !== null)) attribute.Value = values;
    json[element.tag] = attribute;
  }
  return json;
}

/** The values of an element which is no sequence. */
export function valuesOf(
  element: DataElement,
  decode: TextDecoding,
  littleEndian: boolean
): JsonValue[] {
  if (!isStringVr(element.vr)) return binaryValues(element, littleEndian);
  const values = rawStrings(element, decode);
  return values.map((raw, index) => {
    // Only what the VR pads with goes, and only at the end: a NUL in other VRs stays. [reference 1.5]
    const padding = element.vr === 'UI' ? '\0' : ' ';
    const value = index === values.length - 1 ? withoutTrailing(raw, padding) : raw;
    if (value === '') return null;
    if (element.vr === 'PN') return personName(value);
    if (element.vr === 'DS' || element.vr === 'IS') return numberOrString(value);
    return value;
  });
}

function personName(value: string): PersonName | null {
  const [alphabetic, ideographic, phonetic] = value.split('=');
  const name: PersonName = {};
  if (alphabetic) name.Alphabetic = alphabetic;
  if (ideographic) name.Ideographic = ideographic;
  if (phonetic) name.Phonetic = phonetic;
  return Object.keys(name).length > 0 ? name : null;
}

function numberOrString(value: string): number | string {
  const trimmed = value.trim();
  const number = Number(trimmed);
  return trimmed !== '' && Number.isFinite(number) ? number : value;
}
