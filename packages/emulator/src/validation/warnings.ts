import type { TextDecoding } from '../part10/character-set.ts';
import { decodingOf } from '../part10/dicom-json.ts';
import type { DataElement, DataSet } from '../part10/data-set.ts';
import { attributeOfTag } from '../part10/dictionary.ts';
import { rawStrings } from '../part10/element-values.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { VALUE_RULES } from './value-rules.ts';

/** The attributes which an instance must have; they are never dropped. [reference 1.5] */
export const REQUIRED_TAGS = ['0020000D', '0020000E', '00080018', '00080016', '00100020'] as const;

/** An element which the v2 validation warns of. */
export interface ValidationWarning {
  element: DataElement;
  message: string;
}

/**
 * Validates all elements at any depth, as v2 does.
 *
 * @returns one warning per invalid element, those of sequence items included.
 */
export function validationWarnings(header: Part10Header): ValidationWarning[] {
  const warnings: ValidationWarning[] = [];
  collect(header.dataSet, decodingOf(header.dataSet), warnings);
  return warnings;
}

/** The elements which v2 leaves out of metadata and index: the invalid ones which are not required. */
export function invalidElements(header: Part10Header): Set<DataElement> {
  const required = new Set<string>(REQUIRED_TAGS);
  return new Set(
    validationWarnings(header)
      .map(warning => warning.element)
      .filter(element => !required.has(element.tag))
  );
}

function collect(dataSet: DataSet, decode: TextDecoding, warnings: ValidationWarning[]): void {
  for (const element of dataSet) {
    for (const item of element.items ?? []) collect(item, decodingOf(item, decode), warnings);
    const message = warningOf(element, decode);
    if (message) warnings.push({ element, message });
  }
}

function warningOf(element: DataElement, decode: TextDecoding): string | undefined {
  const values = rawStrings(element, decode);
  if (element.tag === '00100020' && values.every(value => value.trim() === '')) {
    return `The required tag '${tagText(element.tag)}' is missing.`;
  }
  const rule = VALUE_RULES[element.vr];
  if (!rule) return undefined;
  // Trailing NUL and spaces are padding and no fault. [reference 1.5]
  const unpadded = values.map(value => value.replace(/\0+$/, '').replace(/ +$/, ''));
  if (values.length > highestMultiplicity(element.tag)) {
    return `Content "${unpadded.join('\\')}" does not validate VR ${element.vr}: number of values exceeds the value multiplicity ${attributeOfTag(element.tag)?.vm}`;
  }
  for (const value of unpadded) {
    const fault = value === '' ? undefined : rule(value);
    if (fault) return `Content "${value}" does not validate VR ${element.vr}: ${fault}`;
  }
  return undefined;
}

function highestMultiplicity(tag: string): number {
  const vm = attributeOfTag(tag)?.vm ?? '1-n';
  const highest = /(\d*n|\d+)$/.exec(vm)?.[1] ?? 'n';
  return highest.endsWith('n') ? Infinity : Number(highest);
}

/** A tag as messages write it: `(0020,000d)`. */
export function tagText(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`.toLowerCase();
}
