import { textOf } from '../archive/extended-query-tags.ts';
import type { JsonAttribute, JsonDataSet } from '../part10/dicom-json.ts';
import { attributeOfKeyword } from '../part10/dictionary.ts';
import { isStringVr } from '../part10/element-values.ts';
import { tagText } from '../validation/warnings.ts';
import { MACROS, MODULES } from './work-item-modules.ts';

/** What a work item lacks, or has and must not have. */
export class WorkItemFault extends Error {
  override readonly name = 'WorkItemFault';
}

type Code = '0' | '1' | '2' | '3' | 'e' | 'x';

interface Requirement {
  tag: string;
  code: Code;
  items: readonly Requirement[];
}

const CACHE = new Map<string, readonly Requirement[]>();

/**
 * Checks a work item which is to be created or updated.
 *
 * @throws {WorkItemFault} for the first fault, with the service's text.
 * @see PS3.4 table CC.2.5-3
 */
export function checkWorkItem(dataSet: JsonDataSet, request: 'add' | 'update'): void {
  for (const requirement of requirementsOf(MODULES.join(' '), request)) {
    checkOne(dataSet, requirement);
    if (requirement.code !== 'x' && itemsOf(dataSet[requirement.tag]).length > 0) {
      checkItems(dataSet, requirement);
    }
  }
}

function checkItems(dataSet: JsonDataSet, { tag, items }: Requirement): void {
  for (const item of itemsOf(dataSet[tag])) {
    for (const requirement of items) {
      checkOne(item, requirement);
      checkItems(item, requirement);
    }
  }
}

function checkOne(dataSet: JsonDataSet, { tag, code }: Requirement): void {
  const attribute = dataSet[tag];
  switch (code) {
    case '0':
      return;
    case 'e':
      if (countOf(attribute) === 0) return;
      throw new WorkItemFault(`The attribute with tag '${tagText(tag)}' must be empty.`);
    case 'x':
      if (!attribute) return;
      throw new WorkItemFault(`The attribute with tag '${tagText(tag)}' cannot be present.`);
    case '2':
      if (attribute) return;
      throw missing(tag);
    case '1':
      if (!attribute) throw missing(tag);
  }
  if (attribute) checkValue(tag, attribute);
}

const missing = (tag: string) =>
  new WorkItemFault(`The required tag '${tagText(tag)}' is missing.`);

function checkValue(tag: string, attribute: JsonAttribute): void {
  if (countOf(attribute) === 0) {
    throw new WorkItemFault(`The value for tag '${tagText(tag)}' is missing.`);
  }
  if (!isStringVr(attribute.vr) || attribute.vr === 'DS' || attribute.vr === 'IS') return;
  if ((attribute.Value ?? []).map(textOf).join('\\').trim() === '') {
    throw new WorkItemFault(`The attribute with tag '${tagText(tag)}' must not be empty.`);
  }
}

/** Requires an attribute with a value. @throws {WorkItemFault} */
export function requireValue(dataSet: JsonDataSet, tag: string): void {
  checkOne(dataSet, { tag, code: '1', items: [] });
}

/** The items of a sequence. */
export function itemsOf(attribute: JsonAttribute | undefined): JsonDataSet[] {
  return attribute?.vr === 'SQ' ? ((attribute.Value ?? []) as JsonDataSet[]) : [];
}

function countOf(attribute: JsonAttribute | undefined): number {
  const values = attribute?.Value ?? [];
  return values.length === 1 && (values[0] === null || values[0] === '') ? 0 : values.length;
}

function requirementsOf(text: string, request: 'add' | 'update'): readonly Requirement[] {
  const key = `${request} ${text}`;
  const known = CACHE.get(key);
  if (known) return known;
  const tokens = text.match(/[@=][A-Za-z]+|[A-Za-z0-9]+(?::[0-9ex]+)?|[()]/g) ?? [];
  const read = parse(tokens, request);
  CACHE.set(key, read);
  return read;
}

/** Takes tokens up to the closing bracket. */
function parse(tokens: string[], request: 'add' | 'update'): Requirement[] {
  const found: Requirement[] = [];
  for (let token = tokens.shift(); token !== undefined && token !== ')'; token = tokens.shift()) {
    if (token.startsWith('@')) {
      found.push(...requirementsOf(MACROS[token.slice(1)] ?? '', request));
      continue;
    }
    const [keyword = '', codes = '3'] = token.split(':');
    const code = (request === 'add' ? codes[0] : codes.at(-1)) as Code;
    const tag = attributeOfKeyword(keyword)?.tag;
    const items = itemRequirements(tokens, request);
    if (tag !== undefined) found.push({ tag, code, items });
  }
  return found;
}

function itemRequirements(tokens: string[], request: 'add' | 'update'): readonly Requirement[] {
  const [next = ''] = tokens;
  if (next === '(') {
    tokens.shift();
    return parse(tokens, request);
  }
  if (!next.startsWith('=')) return [];
  tokens.shift();
  return requirementsOf(MACROS[next.slice(1)] ?? '', request);
}
