import { contextOf, wholeService } from './client-context.ts';
import type { DicomwebClient } from './client.ts';
import { parseJson } from './dicom-json.ts';
import type { RequestOptions } from './exchange.ts';
import { get, unreadable } from './retrieve.ts';

/** A tag that an administrator of the Azure DICOM service has made searchable. */
export interface ExtendedQueryTag {
  /** Eight hexadecimal digits. */
  readonly path: Uppercase<string>;
  readonly vr: string;
  readonly level: 'Study' | 'Series' | 'Instance';
  /** It can be searched: its index is complete, and queries are enabled. */
  readonly isSearchable: boolean;
}

/** The most of one request. */
const MAX_TAGS = 200;

/**
 * The extended query tags of a service.
 * @throws {RetrieveError} as `retrieveInstance`: NOT_FOUND or REFUSED where the server has no such thing.
 * @see Azure DICOM service, Extended query tags
 */
export async function extendedQueryTags(
  client: DicomwebClient,
  options: RequestOptions = {}
): Promise<ExtendedQueryTag[]> {
  const context = wholeService(contextOf(client));
  const path = `/extendedquerytags?limit=${MAX_TAGS}`;
  const answer = await get(context, undefined, path, 'application/json', options, 'noContent');
  if (answer.status === 204) return [];
  const parsed = parseJson(answer.body);
  if (!Array.isArray(parsed)) throw unreadable(context, path, 'not a JSON array');
  return parsed.map(tagOf).filter(tag => tag !== undefined);
}

function tagOf(value: unknown): ExtendedQueryTag | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  // Versions of the service differ in the case of names and words.
  const entry = new Map(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each]));
  const word = (name: string) => String(entry.get(name) ?? '').toLowerCase();
  const path = word('path').toUpperCase() as Uppercase<string>;
  const level = (['Study', 'Series', 'Instance'] as const).find(
    each => each.toLowerCase() === word('level')
  );
  if (!/^[0-9A-F]{8}$/.test(path) || !level) return undefined;
  const isSearchable = word('status') === 'ready' && word('querystatus') === 'enabled';
  return { path, vr: word('vr').toUpperCase(), level, isSearchable };
}
