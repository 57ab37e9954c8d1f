import { TAGS } from './tags.ts';
import type { Keyword } from './tags.ts';

/** One attribute in the DICOM JSON Model. @see PS3.18 F.2.2 */
export interface DicomJsonElement {
  readonly vr?: string;
  readonly Value?: readonly unknown[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}

/** A data set in the DICOM JSON Model: attributes by tag, eight upper-case hexadecimal digits. @see PS3.18 F.2 */
export type DicomJson = Readonly<Record<string, DicomJsonElement>>;

/** A keyword of {@link TAGS}, or a tag as eight upper-case hexadecimal digits (so that a misspelt keyword does not compile). */
export type Attribute = Keyword | Uppercase<string>;

/** Tells whether a parsed value can be a data set. */
export function isDicomJson(value: unknown): value is DicomJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tagOf(attribute: Attribute): string {
  return Object.hasOwn(TAGS, attribute) ? TAGS[attribute as Keyword] : attribute;
}

/**
 * All values of an attribute; none when it is absent, empty or not what the model says. Only the data set's own members are read, so that
 * hostile names (`__proto__`) find nothing.
 */
export function valuesOf(dataset: DicomJson, attribute: Attribute): readonly unknown[] {
  const tag = tagOf(attribute);
  const element: unknown = Object.hasOwn(dataset, tag) ? dataset[tag] : undefined;
  if (typeof element !== 'object' || element === null || !Object.hasOwn(element, 'Value'))
    return [];
  const { Value } = element as DicomJsonElement;
  return Array.isArray(Value) ? Value : [];
}

function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.replace(/[\0 ]+$/, '') || undefined : undefined;
}

/** The first value as text, without padding; undefined when there is none. */
export function stringOf(dataset: DicomJson, attribute: Attribute): string | undefined {
  return asText(valuesOf(dataset, attribute)[0]);
}

/** All values as texts, without padding and without empty ones. */
export function stringsOf(dataset: DicomJson, attribute: Attribute): string[] {
  return valuesOf(dataset, attribute)
    .map(asText)
    .filter(text => text !== undefined);
}

/** The first value as a finite number. Texts count, since IS and DS may be either (PS3.18 F.2.3.1). */
export function numberOf(dataset: DicomJson, attribute: Attribute): number | undefined {
  const value = valuesOf(dataset, attribute)[0];
  if (typeof value !== 'number' && (typeof value !== 'string' || !value.trim())) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** The first value of a PN: the alphabetic group, else the ideographic, else the phonetic one. @see PS3.18 F.2.2, PS3.5 6.2.1 */
export function personNameOf(dataset: DicomJson, attribute: Attribute): string | undefined {
  const value = valuesOf(dataset, attribute)[0];
  if (typeof value !== 'object' || value === null) return asText(value);
  for (const group of ['Alphabetic', 'Ideographic', 'Phonetic']) {
    const text = Object.hasOwn(value, group)
      ? asText((value as Record<string, unknown>)[group])
      : undefined;
    if (text) return text;
  }
  return undefined;
}

/** The items of a sequence, without what is no data set. */
export function itemsOf(dataset: DicomJson, attribute: Attribute): DicomJson[] {
  return valuesOf(dataset, attribute).filter(isDicomJson);
}

/** Parses a body as JSON; undefined when it is none. */
export function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
