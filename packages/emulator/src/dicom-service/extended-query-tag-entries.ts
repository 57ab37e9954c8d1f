import type { ExtendedQueryTag } from '../archive/extended-query-tags.ts';
import { badRequest } from '../http/service-error.ts';
import { attributeOfTag, isPrivate } from '../part10/dictionary.ts';
import { minimumRule } from '../validation/minimum-rules.ts';
import { singleTagOf, vrsOf } from './attribute-id.ts';
import { member } from './json-body.ts';
import { SEARCHABLE } from './search-resources.ts';
import type { Level } from './search-resources.ts';

const LEVELS: readonly Level[] = ['instance', 'series', 'study'];
const LEVEL_NAMES = "'Instance', 'Series', 'Study'";
const CORE_TAGS: ReadonlySet<string> = new Set(Object.values(SEARCHABLE).flat());
const ALL_VRS = new Set(
  'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(
    ' '
  )
);

/** VRs of which extended query tags may be. [source ExtendedQueryTagEntryValidator] */
const SUPPORTED_VRS = new Set('AE AS CS DA DT FD FL IS LO PN SH SL SS TM UI UL US'.split(' '));

/** What a request asks for, before it is checked. */
export interface RequestedTag {
  path: string;
  vr?: string;
  privateCreator?: string;
  level: Level;
}

const invalidField = (field: string, reason: string) =>
  badRequest(`The field '${field}' in request body is invalid: ${reason}`);

/**
 * Reads the body of a request to add tags.
 *
 * @throws {ServiceError} 400 naming the last field which is wrong, as the service does.
 */
export function parseRequestedTags(body: unknown): RequestedTag[] {
  if (!Array.isArray(body)) {
    throw invalidField(
      '$',
      'The JSON value could not be converted to a list of extended query tags.'
    );
  }
  const faults: { field: string; reason: string }[] = [];
  const tags = body.map((entry: unknown, index) => parseRequestedTag(entry, index, faults));
  const last = faults.at(-1);
  if (last) throw invalidField(last.field, last.reason);
  return tags;
}

function parseRequestedTag(
  entry: unknown,
  index: number,
  faults: { field: string; reason: string }[]
): RequestedTag {
  const text = (name: string): string | undefined => {
    const value = member(entry, name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw invalidField(`$[${index}].${name}`, 'The JSON value could not be converted to String.');
  };
  const path = text('Path') ?? '';
  const level = levelOf(member(entry, 'Level'), `$[${index}].Level`);
  const missing = (name: string) =>
    faults.push({
      field: `[${index}].${name}`,
      reason: `The Dicom Tag Property ${name} must be specified and must not be null, empty or whitespace.`,
    });
  if (path.trim() === '') missing('Path');
  if (level === undefined) missing('Level');
  const vr = text('VR');
  return { path, vr, privateCreator: text('PrivateCreator'), level: level ?? 'instance' };
}

function levelOf(value: unknown, field: string): Level | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') {
    const type =
      typeof value === 'number' ? 'Number' : Array.isArray(value) ? 'StartArray' : 'Other';
    throw invalidField(field, `Expected token type 'String' but read '${type}' instead.`);
  }
  const level = LEVELS.find(one => one === value.toLowerCase());
  if (level) return level;
  throw invalidField(
    field,
    `Expected value '${value}' to be one of the following values: [${LEVEL_NAMES}]`
  );
}

/**
 * Checks the tags which are to be added, and gives them their normal form.
 *
 * @throws {ServiceError} 400 with the texts of the source's `ExtendedQueryTagEntryValidator`.
 */
export function checkRequestedTags(requested: readonly RequestedTag[]): ExtendedQueryTag[] {
  const paths = new Set<string>();
  const tags = requested.map(one => {
    const tag = checkRequestedTag(one);
    const path = one.path.toUpperCase();
    if (paths.has(path)) {
      throw badRequest(`The extended query tag '${one.path}' has been specified before.`);
    }
    paths.add(path);
    return tag;
  });
  if (tags.length === 0) throw badRequest('The extended query tag(s) is missing.');
  return tags;
}

function checkRequestedTag(requested: RequestedTag): ExtendedQueryTag {
  const { path, level } = requested;
  const tag = tagOfPath(path);
  if (CORE_TAGS.has(tag)) throw badRequest(`The query tag '${path}' is already supported.`);
  checkPrivateCreator(tag, requested);
  const vr = checkedVr(tag, requested);
  const privateCreator = requested.privateCreator?.trim() ? requested.privateCreator : undefined;
  return {
    path: tag,
    vr,
    privateCreator,
    level,
    status: 'adding',
    queryStatus: 'enabled',
    errors: [],
  };
}

/** The tag which a path names. @throws {ServiceError} 400 */
export function tagOfPath(path: string): string {
  const tag = singleTagOf(path);
  if (tag !== undefined) return tag;
  throw badRequest(
    `The extended query tag '${path}' is invalid as it cannot be parsed into a valid Dicom Tag.`
  );
}

function checkPrivateCreator(tag: string, { path, privateCreator }: RequestedTag): void {
  const given = privateCreator !== undefined && privateCreator.trim() !== '';
  if (!isPrivate(tag)) {
    if (given) throw badRequest(`The private creator is not empty for standard tag '${path}'.`);
    return;
  }
  if (isPrivateCreator(tag)) {
    if (given) {
      throw badRequest(
        `The private creator is not empty for private identification code '${path}'.`
      );
    }
    return;
  }
  if (!given) throw badRequest(`The private creator for private tag '${path}' is missing.`);
  if (minimumRule('LO', privateCreator) !== undefined || privateCreator.includes('\\')) {
    throw badRequest(`The private creator for tag '${path}' is not a valid LO attribute.`);
  }
}

const isPrivateCreator = (tag: string) => isPrivate(tag) && /^.{4}00[1-9A-F][0-9A-F]$/.test(tag);

function checkedVr(tag: string, { path, vr: given }: RequestedTag): string {
  const vr = given?.trim() ? given.toUpperCase() : undefined;
  if (vr !== undefined && !ALL_VRS.has(vr)) {
    throw badRequest(`The VR code '${given}' for tag '${path}' is invalid.`);
  }
  const known = isPrivate(tag) ? undefined : attributeOfTag(tag);
  const permitted = isPrivateCreator(tag) ? ['LO'] : known ? vrsOf(known.vr) : undefined;
  if (permitted && vr !== undefined && !permitted.includes(vr)) {
    throw badRequest(
      `The VR code '${given}' is incorrectly specified for '${path}'. The expected VR code for it is '${permitted[0]}'. Retry this request either with the correct VR code or without specifying it.`
    );
  }
  const chosen = vr ?? permitted?.[0];
  if (chosen === undefined) throw badRequest(`The vr for tag '${path}' is missing.`);
  if (!SUPPORTED_VRS.has(chosen)) {
    throw badRequest(`The VR code '${chosen}' specified for tag '${path}' is not supported.`);
  }
  return chosen;
}
