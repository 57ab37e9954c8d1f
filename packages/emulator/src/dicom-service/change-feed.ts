import type { Change } from '../archive/change-feed.ts';
import {
  invalidOption,
  optionText,
  PARAMETER_NAMES,
  parseFlag,
  parsePaging,
} from './query-options.ts';
import { answerEmpty, answerPlainJson, requireForAll } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import { timeText } from './time-text.ts';

const V1_BOUNDS = { defaultLimit: 10, maxLimit: 100 };
const V2_BOUNDS = { defaultLimit: 100, maxLimit: 200 };
const FIRST_TIME = '0001-01-01T00:00:00.0000000+00:00';
const LAST_TIME = '9999-12-31T23:59:59.9999999+00:00';

/**
 * The changes: in v1 by sequence, in v2 those of a time window.
 *
 * @see reference 4, Change feed
 */
export async function getChangeFeed(exchange: Exchange): Promise<void> {
  const { query, version, archive, response } = exchange;
  const { changes } = archive.feed;
  let found: readonly Change[];
  let includeMetadata: boolean;
  if (version === 1) {
    const { offset, limit } = parsePaging(query, V1_BOUNDS, PARAMETER_NAMES);
    includeMetadata = metadataFlag(query);
    // The sequence after which to begin; sequences have no gaps. [source GetChangeFeedV39]
    found = changes.slice(offset, offset + limit);
  } else {
    const { offset, limit } = parsePaging(query, V2_BOUNDS);
    const [startUs, endUs] = parseWindow(query);
    includeMetadata = metadataFlag(query);
    found = changes
      .slice(firstAt(changes, startUs), firstAt(changes, endUs))
      .slice(offset, offset + limit);
  }
  requireForAll(exchange, 'read');
  const entries = found.map(change => entryOf(exchange, change, includeMetadata));
  answerPlainJson(response, 200, entries);
}

/** The newest change; nothing when there is none. */
export async function getLatestChange(exchange: Exchange): Promise<void> {
  const { query, archive, response } = exchange;
  const includeMetadata = metadataFlag(query);
  requireForAll(exchange, 'read');
  const latest = archive.feed.changes.at(-1);
  if (!latest) return answerEmpty(response, 204);
  answerPlainJson(response, 200, entryOf(exchange, latest, includeMetadata));
}

const metadataFlag = (query: URLSearchParams) =>
  parseFlag(query, 'includeMetadata', {
    name: 'includeMetadata',
    property: false,
    otherwise: true,
  });

function entryOf({ archive }: Exchange, change: Change, includeMetadata: boolean) {
  const state = archive.feed.stateOf(change);
  const partition = archive.partitions.get(change.partitionName);
  // The metadata of what is there now, also for an earlier change. [source ChangeFeedService]
  const current = state === 'Deleted' ? undefined : partition?.store.index.get(change);
  return {
    sequence: change.sequence,
    partitionName: change.partitionName,
    studyInstanceUid: change.studyInstanceUID,
    seriesInstanceUid: change.seriesInstanceUID,
    sopInstanceUid: change.sopInstanceUID,
    action: change.action,
    timestamp: timeText(change.timestampUs),
    state,
    metadata: includeMetadata && current ? (JSON.parse(current.metadata) as unknown) : undefined,
  };
}

/** The index of the first change at or after a time. */
function firstAt(changes: readonly Change[], timestampUs: number): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle]?.timestampUs ?? 0) < timestampUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Start (inclusive) and end (exclusive), in microseconds since 1970. @throws {ServiceError} 400 */
function parseWindow(query: URLSearchParams): [startUs: number, endUs: number] {
  const start = parseTime(query, 'StartTime');
  const end = parseTime(query, 'EndTime');
  const [startUs, endUs] = [start?.us ?? -Infinity, end?.us ?? Infinity];
  if (endUs > startUs) return [startUs, endUs];
  throw invalidOption(
    '',
    `The start time '${start?.text ?? FIRST_TIME}' must occur strictly before the end time '${end?.text ?? LAST_TIME}'.`
  );
}

function parseTime(query: URLSearchParams, name: string): { us: number; text: string } | undefined {
  const value = optionText(query, name);
  if (value === undefined || value.trim() === '') return undefined;
  const text = value.trim();
  const [, date, time = '00:00', fraction = '', zone] =
    /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d{1,7})?)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(
      text
    ) ?? [];
  const seconds = Date.parse(`${date}T${time}${(zone ?? 'Z').toUpperCase()}`) / 1000;
  if (date === undefined || Number.isNaN(seconds)) {
    // The service has no words for it. [source MandatoryTimeZoneBinder]
    throw invalidOption(name, '');
  }
  if (zone === undefined) {
    throw invalidOption(name, 'Date and time value must specify a time zone.');
  }
  const digits = fraction.slice(1).padEnd(7, '0');
  const [day = ''] = new Date(seconds * 1000).toISOString().split('.');
  // The change feed counts microseconds: the tenth part of one is rounded up, as `>=` wants it.
  const us = seconds * 1_000_000 + Math.ceil(Number(digits) / 10);
  return { us, text: `${day}.${digits}+00:00` };
}
