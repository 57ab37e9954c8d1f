import type { TextDecoding } from '../part10/character-set.ts';
import { decodingOf } from '../part10/dicom-json.ts';
import { BULK_VRS, NUMBER_BYTES, withoutTrailing } from '../part10/data-set.ts';
import type { DataElement } from '../part10/data-set.ts';
import { attributeOfTag } from '../part10/dictionary.ts';
import { isStringVr, rawStrings } from '../part10/element-values.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { VALUE_RULES } from './value-rules.ts';

/** The attributes which an instance must have. [reference 1.5] */
export const REQUIRED_TAGS = ['0020000D', '0020000E', '00080018', '00080016', '00100020'] as const;

/** An element which the v2 validation warns of. */
export interface ValidationWarning {
  element: DataElement;
  message: string;
}

/** The UIDs which stay in the metadata whatever they hold. [source StoreDatasetValidator] */
const KEPT_TAGS: ReadonlySet<string> = new Set(['0020000D', '0020000E', '00080018']);

/**
 * Validates all elements at any depth, as v2 does: those of the data set itself first, then those
 * of sequence items, the last item first.
 *
 * @returns one warning per invalid element.
 */
export function validationWarnings(header: Part10Header): readonly ValidationWarning[] {
  const known = KNOWN.get(header);
  if (known) return known;
  const warnings = collectWarnings(header);
  KNOWN.set(header, warnings);
  return warnings;
}

/** Store asks twice: for its answer, and for what to leave out of the metadata. */
const KNOWN = new WeakMap<Part10Header, readonly ValidationWarning[]>();

function collectWarnings(header: Part10Header): ValidationWarning[] {
  const warnings: ValidationWarning[] = [];
  const stack = [{ dataSet: header.dataSet, decode: decodingOf(header.dataSet) }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { dataSet, decode } = next;
    for (const element of dataSet) {
      if (element.items) {
        for (const item of element.items) {
          stack.push({ dataSet: item, decode: decodingOf(item, decode) });
        }
        continue;
      }
      const message = warningOf(element, decode);
      if (message) warnings.push({ element, message });
    }
  }
  return warnings;
}

/**
 * The elements which v2 leaves out of metadata and index: those of the data set itself whose tag
 * has a warning, be it of an element in a sequence. Invalid elements in sequences stay.
 * [source StoreService.DropInvalidMetadata]
 */
export function invalidElements(header: Part10Header): Set<DataElement> {
  const warnings = validationWarnings(header);
  if (warnings.length === 0) return new Set();
  const tags = new Set(warnings.map(warning => warning.element.tag));
  return new Set(
    header.dataSet.filter(element => tags.has(element.tag) && !KEPT_TAGS.has(element.tag))
  );
}

function warningOf(element: DataElement, decode: TextDecoding): string | undefined {
  const { tag, vr } = element;
  if (!isStringVr(vr)) return multiplicityFault(element, numberCount(element));
  const values = rawStrings(element, decode);
  if (tag === '00100020' && values.every(value => value.trim() === '')) {
    return `The required tag '${tagText(tag)}' is missing.`;
  }
  // Trailing NUL and spaces are padding and no fault. [reference 1.5]
  const unpadded = values.map(value => withoutTrailing(withoutTrailing(value, '\0'), ' '));
  const rule = VALUE_RULES[vr];
  if (rule) {
    for (const value of unpadded) {
      const fault = value === '' ? undefined : rule(value);
      if (fault) return `Content "${value}" does not validate VR ${vr}: ${fault}`;
    }
  }
  const filled = unpadded.some(value => value !== '');
  return multiplicityFault(element, filled ? unpadded.length : 0);
}

/** How many numbers a binary element has; blobs count as one. */
function numberCount({ vr, value }: DataElement): number {
  if (BULK_VRS.has(vr)) return Math.min(value.length, 1);
  const size = vr === 'AT' ? 4 : (NUMBER_BYTES[vr] ?? 1);
  return Math.floor(value.length / size);
}

function multiplicityFault({ tag, vr }: DataElement, count: number): string | undefined {
  const attribute = count === 0 ? undefined : attributeOfTag(tag);
  const bounds = attribute && boundsOf(attribute.vm);
  if (!attribute || !bounds) return undefined;
  if (count >= bounds.least && count <= bounds.most) return undefined;
  const content = `${tagText(tag)} ${vr} ${nameOf(attribute.keyword)}`;
  return `Content "${content}" does not validate VR ${vr}: Number of items ${count} does not match ValueMultiplicity ${attribute.vm}`;
}

/** What PS3.6 allows by its value multiplicities, of which there are few. */
const BOUNDS = new Map<string, { least: number; most: number } | undefined>();

function boundsOf(vm: string): { least: number; most: number } | undefined {
  if (!BOUNDS.has(vm)) BOUNDS.set(vm, parseBounds(vm));
  return BOUNDS.get(vm);
}

function parseBounds(vm: string): { least: number; most: number } | undefined {
  const [, least, most = least] = /^(\d+)(?:-(\d*n|\d+))?$/.exec(vm) ?? [];
  if (least === undefined || most === undefined) return undefined;
  return { least: Number(least), most: most.endsWith('n') ? Infinity : Number(most) };
}

/** The name of an attribute as its keyword tells it: `StudyDescription` is `Study Description`. */
function nameOf(keyword: string): string {
  return keyword.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
}

/** A tag as messages write it: `(0020,000d)`. */
export function tagText(tag: string): string {
  return `(${tag.slice(0, 4)},${tag.slice(4)})`.toLowerCase();
}
