import { contextOf, wholeService } from './client-context.ts';
import type { DicomwebClient } from './client.ts';
import type { DicomJson } from './dicom-json.ts';
import { isDicomJson, parseJson } from './dicom-json.ts';
import type { ExchangeContext, RequestOptions } from './exchange.ts';
import { get, unreadable } from './retrieve.ts';

/** A change of an instance, as the Azure DICOM service tells it. */
export interface ChangeFeedEntry {
  /** Grows with each change. */
  readonly sequence: number;
  readonly partitionName: string | undefined;
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly sopInstanceUID: string;
  readonly action: 'Create' | 'Delete' | 'Update';
  /** As the service writes it, ISO 8601. */
  readonly timestamp: string;
  /** `Current`: the instance is as this change left it; `Replaced`: a later change did more; `Deleted`. */
  readonly state: 'Current' | 'Replaced' | 'Deleted';
  /** When it was asked for, and the instance is current. */
  readonly metadata: DicomJson | undefined;
}

/** What of the change feed to read. */
export interface ChangeFeedParameters extends RequestOptions {
  /** From this time on; only with version 2. ISO 8601 with a time zone. */
  readonly startTime?: string;
  /** Before this time; only with version 2. */
  readonly endTime?: string;
  /** Only changes after this one; with version 1 the service does that, with version 2 they are read and left out. */
  readonly afterSequence?: number;
  /** Entries of one request. Default: the most, 200 with version 2, 100 with version 1. */
  readonly limit?: number;
  /** Default: false, which is faster. (The service's own default is true.) */
  readonly includeMetadata?: boolean;
}

function entryOf(value: unknown): ChangeFeedEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const raw = value as Record<string, unknown>;
  const text = (name: string): string => (typeof raw[name] === 'string' ? raw[name] : '');
  if (typeof raw.sequence !== 'number' || !text('studyInstanceUid')) return undefined;
  return {
    sequence: raw.sequence,
    partitionName: text('partitionName') || undefined,
    studyInstanceUID: text('studyInstanceUid'),
    seriesInstanceUID: text('seriesInstanceUid'),
    sopInstanceUID: text('sopInstanceUid'),
    action: capitalized(text('action')) as ChangeFeedEntry['action'],
    timestamp: text('timestamp'),
    state: capitalized(text('state')) as ChangeFeedEntry['state'],
    metadata: isDicomJson(raw.metadata) ? raw.metadata : undefined,
  };
}

/** Versions of the service differ in the case of these words. */
function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

async function readPage(
  context: ExchangeContext,
  query: URLSearchParams,
  options: RequestOptions
): Promise<ChangeFeedEntry[]> {
  const path = `/changefeed?${query.toString()}`;
  const { body } = await get(context, undefined, path, 'application/json', options);
  const parsed = parseJson(body);
  if (!Array.isArray(parsed)) throw unreadable(context, path, 'not a JSON array');
  return parsed.map(entryOf).filter(entry => entry !== undefined);
}

/**
 * The changes of a service, oldest first, page after page to the end of what there is now.
 * @throws {RetrieveError} as `retrieveInstance`. REFUSED with 400: a time without time zone, say.
 * @throws TypeError when `startTime` or `endTime` is given for version 1, or `limit` is out of its bounds.
 * @see Azure DICOM service, Change feed
 */
export async function* changeFeed(
  client: DicomwebClient,
  parameters: ChangeFeedParameters = {}
): AsyncGenerator<ChangeFeedEntry, void> {
  const context = wholeService(contextOf(client));
  const isFirstVersion = /\/v1(\.0(-prerelease)?)?$/.test(context.serviceUrl);
  const { startTime, endTime, afterSequence, includeMetadata = false } = parameters;
  const most = isFirstVersion ? 100 : 200;
  const { limit = most } = parameters;
  if (!Number.isInteger(limit) || limit < 1 || limit > most) {
    throw new TypeError(`limit: expected an integer from 1 to ${most}`);
  }
  if (isFirstVersion && (startTime !== undefined || endTime !== undefined)) {
    throw new TypeError('startTime, endTime: expected only with version 2 of the service');
  }
  // Version 1 counts by sequence, version 2 by rows.
  for (let offset = isFirstVersion ? (afterSequence ?? 0) : 0; ;) {
    const query = new URLSearchParams({ offset: String(offset), limit: String(limit) });
    query.set('includeMetadata', String(includeMetadata));
    if (startTime !== undefined) query.set('startTime', startTime);
    if (endTime !== undefined) query.set('endTime', endTime);
    const page = await readPage(context, query, parameters);
    for (const entry of page) {
      if (afterSequence === undefined || entry.sequence > afterSequence) yield entry;
    }
    const last = page.at(-1);
    if (!last || page.length < limit) return;
    offset = isFirstVersion ? last.sequence : offset + page.length;
  }
}

/**
 * The latest change of a service.
 * @returns undefined when there was none yet.
 * @throws as {@link changeFeed}.
 */
export async function latestChange(
  client: DicomwebClient,
  options: RequestOptions & { readonly includeMetadata?: boolean } = {}
): Promise<ChangeFeedEntry | undefined> {
  const context = wholeService(contextOf(client));
  const path = `/changefeed/latest?includeMetadata=${options.includeMetadata ?? false}`;
  const answer = await get(context, undefined, path, 'application/json', options, 'noContent');
  if (answer.status === 204) return undefined;
  const entry = entryOf(parseJson(answer.body));
  if (!entry) throw unreadable(context, path, 'not an entry of the change feed');
  return entry;
}
