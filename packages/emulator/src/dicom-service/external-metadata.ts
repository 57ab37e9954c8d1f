import type { ExtendedQueryTag } from '../archive/extended-query-tags.ts';
import { badRequest } from '../http/service-error.ts';
import type { JsonAttribute, JsonDataSet, JsonValue } from '../part10/dicom-json.ts';
import { isPrivate } from '../part10/dictionary.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { minimumRule } from '../validation/minimum-rules.ts';
import { VALUE_RULES } from '../validation/value-rules.ts';
import type { Exchange } from './exchange.ts';
import type { PartOutcome } from './store-part.ts';

/*
 * Additional attributes of a study, in headers of Store. Only the hosted service has them, in v2;
 * its document gives the headers and what they do, but neither status nor text of its errors: those
 * here are ours. [docs azure-docs, articles/healthcare-apis/dicom/external-metadata.md, 2024-12-30]
 */

const HEADER = /^msdicom-meta-([a-z]{2})-([0-9a-z]+)$/i;
const REQUEST = 'msdicom-request-meta';
const PRIVATE_CREATOR = 'Microsoft';
const VRS = 'AE AS CS DA DT FD FL IS LO PN SH SL SS TM UI UL US'.split(' ');
const NUMBERS: Readonly<Record<string, RegExp>> = {
  FD: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
  FL: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
  SL: /^[+-]?\d+$/,
  SS: /^[+-]?\d+$/,
  UL: /^\d+$/,
  US: /^\d+$/,
};

const isThere = ({ profile, version }: Exchange) => profile === 'hosted' && version === 2;

/**
 * The attributes which a Store request gives its studies, by tag. Empty ones do not count.
 *
 * @throws {ServiceError} 400 when one of them is wrong: the request fails as a whole.
 */
export function externalAttributesOf(exchange: Exchange): JsonDataSet {
  const attributes: JsonDataSet = {};
  if (!isThere(exchange)) return attributes;
  for (const [name, lines = []] of Object.entries(exchange.request.headersDistinct)) {
    const [, vr = '', path = ''] = HEADER.exec(name) ?? [];
    if (path === '') continue;
    const [value, ...others] = lines.map(line => line.trim());
    const tag = path.toUpperCase();
    if (others.length > 0 || attributes[tag]) {
      throw badRequest(`The external metadata ${tag} is given more than once.`);
    }
    checkTag(exchange, tag, vr.toUpperCase());
    if (value) attributes[tag] = attributeOf(tag, vr.toUpperCase(), value);
  }
  return attributes;
}

function checkTag({ archive }: Exchange, tag: string, vr: string): void {
  if (!/^[0-9A-F]{8}$/.test(tag) || !isPrivate(tag)) {
    throw badRequest(`The external metadata ${tag} is not the tag of a private attribute.`);
  }
  if (!VRS.includes(vr)) {
    throw badRequest(`The VR ${vr} of the external metadata ${tag} is not supported.`);
  }
  const known = archive.external.vrs.get(tag);
  if (known !== undefined && known !== vr) {
    throw badRequest(`The VR of the external metadata ${tag} is ${known}, and not ${vr}.`);
  }
}

function attributeOf(tag: string, vr: string, value: string): JsonAttribute {
  const numeric = NUMBERS[vr];
  const fault = numeric
    ? numeric.test(value)
      ? undefined
      : 'value is not a number'
    : (VALUE_RULES[vr]?.(value) ?? minimumRule(vr, value));
  if (fault !== undefined) {
    throw badRequest(`The value of the external metadata ${tag} is not a valid ${vr}: ${fault}`);
  }
  return { vr, Value: [numeric || vr === 'IS' ? Number(value) : textValue(vr, value)] };
}

function textValue(vr: string, value: string): JsonValue {
  if (vr !== 'PN') return value;
  const [Alphabetic, Ideographic, Phonetic] = value.split('=');
  return {
    ...(Alphabetic && { Alphabetic }),
    ...(Ideographic && { Ideographic }),
    ...(Phonetic && { Phonetic }),
  };
}

/** Gives the studies of which something was stored their attributes. */
export async function applyExternalAttributes(
  { archive, partition }: Exchange,
  outcomes: readonly PartOutcome[],
  attributes: JsonDataSet
): Promise<void> {
  if (Object.keys(attributes).length === 0) return;
  const stored = outcomes.filter(outcome => outcome.failureReason === undefined);
  const studies = stored.map(outcome => outcome.instance?.studyInstanceUID ?? '');
  if (studies.length > 0) await archive.external.set(partition.name, new Set(studies), attributes);
}

/** Whether a request asks for the additional attributes too. */
export function requestsExternal(exchange: Exchange): boolean {
  const [first] = exchange.request.headersDistinct[REQUEST] ?? [];
  return isThere(exchange) && first?.toLowerCase() === 'true';
}

/** The metadata of an instance with the additional attributes of its study and their private creators. */
export function withExternal(metadata: string, external: JsonDataSet): string {
  const all: JsonDataSet = { ...(JSON.parse(metadata) as JsonDataSet), ...external };
  for (const tag of Object.keys(external)) {
    // (gggg,00bb) reserves a block; elements below 0100 are in none.
    if (tag.slice(4, 6) === '00') continue;
    const creator = `${tag.slice(0, 4)}00${tag.slice(4, 6)}`;
    all[creator] = { vr: 'LO', Value: [PRIVATE_CREATOR] };
  }
  return JSON.stringify(
    Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)))
  );
}

/** Tags of additional attributes; told from extended query tags by their identity. */
const EXTERNAL_TAGS = new WeakSet<ExtendedQueryTag>();

/**
 * What a search can filter by beyond the service's own attributes: the extended query tags which are
 * ready and, before them, the additional attributes when the request asks for those.
 */
export function searchableTags(exchange: Exchange): ExtendedQueryTag[] {
  const { tags, external } = exchange.archive;
  const ready = tags.list().filter(tag => tag.status === 'ready');
  if (!requestsExternal(exchange)) return ready;
  const additional = [...external.vrs].map(([path, vr]): ExtendedQueryTag => {
    const own = { path, vr, level: 'study', status: 'ready', queryStatus: 'enabled' } as const;
    return { ...own, errors: [] };
  });
  for (const tag of additional) EXTERNAL_TAGS.add(tag);
  return [...additional, ...ready];
}

/** The value of one of {@link searchableTags} for a study, a series or an instance. */
export function searchableValue(
  { archive, partition }: Exchange,
  tag: ExtendedQueryTag,
  instances: readonly StoredInstance[]
): JsonAttribute | undefined {
  if (!EXTERNAL_TAGS.has(tag)) return archive.tags.valueOf(tag, partition.name, instances);
  const studyInstanceUID = instances[0]?.studyInstanceUID ?? '';
  return archive.external.of(partition.name, studyInstanceUID)?.[tag.path];
}

/** The additional attributes among those which a search returns, when the request asks for them. */
export function externalResult(
  exchange: Exchange,
  studyInstanceUID: string,
  tags: ReadonlySet<string>
): JsonDataSet {
  if (!requestsExternal(exchange)) return {};
  const { archive, partition } = exchange;
  const own = Object.entries(archive.external.of(partition.name, studyInstanceUID) ?? {});
  return Object.fromEntries(own.filter(([tag]) => tags.has(tag)));
}
