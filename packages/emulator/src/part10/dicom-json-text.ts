import type { TextDecoding } from './character-set.ts';
import { BULK_VRS } from './data-set.ts';
import type { DataElement, DataSet } from './data-set.ts';
import { decodingOf, itemToDicomJson, toDicomJson, valuesOf } from './dicom-json.ts';
import type { JsonDataSet, JsonValue } from './dicom-json.ts';
import type { Part10Header } from './part10-reader.ts';

/** What holds for all elements of a header. */
interface Context {
  littleEndian: boolean;
  dropped: ReadonlySet<DataElement>;
}

/**
 * The metadata of an instance as text: what `JSON.stringify` makes of {@link toDicomJson}, but for
 * the order of the attributes, which is that of the file. It takes less than half the time, which
 * counts when an index of 100,000 instances is made.
 *
 * @param dropped - elements to leave out.
 */
export function dicomJsonText(header: Part10Header, dropped: ReadonlySet<DataElement>): string {
  const { dataSet, littleEndian } = header;
  return textOf(dataSet, decodingOf(dataSet), { littleEndian, dropped });
}

/** Some attributes of the data set itself; only those with a value. */
export function dicomJsonAttributes(
  header: Part10Header,
  tags: ReadonlySet<string>,
  dropped: ReadonlySet<DataElement>
): JsonDataSet {
  const wanted = header.dataSet.filter(element => tags.has(element.tag));
  const declared = header.dataSet.filter(({ tag }) => tag === '00080005');
  const json = toDicomJson({ ...header, dataSet: [...declared, ...wanted] }, dropped);
  const attributes: JsonDataSet = {};
  for (const { tag } of wanted) {
    const attribute = json[tag];
    if (attribute?.Value) attributes[tag] = attribute;
  }
  return attributes;
}

function textOf(dataSet: DataSet, decode: TextDecoding, context: Context): string {
  const { littleEndian, dropped } = context;
  let text = '';
  let last = '';
  for (const element of dataSet) {
    const { tag, vr, items } = element;
    // A tag which comes twice, against PS3.5 section 7.1, must not come twice in an object.
    if (tag <= last) return JSON.stringify(itemToDicomJson(dataSet, decode, littleEndian, dropped));
    last = tag;
    if (tag.endsWith('0000') || BULK_VRS.has(vr) || dropped.has(element)) continue;
    const values = items
      ? items.map(item => textOf(item, decodingOf(item, decode), context)).join(',')
      : valuesText(valuesOf(element, decode, littleEndian));
    text += `${text === '' ? '' : ','}"${tag}":{"vr":"${vr}"`;
    text += values === '' ? '}' : `,"Value":[${values}]}`;
  }
  return `{${text}}`;
}

/** `''` when none of the values says anything. */
function valuesText(values: readonly JsonValue[]): string {
  if (values.length === 1) return values[0] === null ? '' : valueText(values[0] ?? null);
  return values.every(value => value === null) ? '' : values.map(valueText).join(',');
}

function valueText(value: JsonValue): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

/** Text which JSON quotes as it stands: printable ASCII without quotation mark and backslash. */
const PLAIN = /^[ !#-[\]-~]*$/;
