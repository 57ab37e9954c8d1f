import type { IncomingMessage } from 'node:http';
import { notEmulated } from '../http/service-error.ts';
import type { ApiVersion } from '../storage/stored-instance.ts';
import { startBulkUpdate } from './bulk-update.ts';
import { getChangeFeed, getLatestChange } from './change-feed.ts';
import { deleteInstances } from './delete.ts';
import type { Exchange } from './exchange.ts';
import { requireForAll } from './exchange.ts';
import { exportInstances } from './export.ts';
import {
  addExtendedQueryTags,
  deleteExtendedQueryTag,
  getExtendedQueryTag,
  getExtendedQueryTagErrors,
  listExtendedQueryTags,
  updateExtendedQueryTag,
} from './extended-query-tags.ts';
import { retrieveFrames } from './frames.ts';
import { consumes } from './json-body.ts';
import { retrieveMetadata } from './metadata.ts';
import { getOperation } from './operations.ts';
import { listPartitions } from './partitions.ts';
import { retrieveRendered } from './rendered.ts';
import { retrieveInstances } from './retrieve.ts';
import { search } from './search.ts';
import type { Level } from './search-resources.ts';
import { checkStoreMediaType, storeInstances } from './store.ts';
import { addWorkItem } from './work-item-add.ts';
import { cancelWorkItem, changeWorkItemState } from './work-item-state.ts';
import { retrieveWorkItem } from './work-item-retrieve.ts';
import { searchWorkItems } from './work-item-search.ts';
import { updateWorkItem } from './work-item-update.ts';

/** A route of the service. */
export interface Route {
  method: string;
  /** Path segments behind the version; `{name}` takes any one segment. */
  pattern: readonly string[];
  /** Only in these versions. */
  versions: readonly ApiVersion[];
  /** `data` is what a partition has for itself; `service` is there once. */
  scope: 'data' | 'service';
  /** Only in this profile. */
  profile?: 'hosted';
  /** The partition which the path names is made when it is not there. */
  makesPartition?: boolean;
  /** What routing checks before authentication. @throws {ServiceError} */
  precheck?: (request: IncomingMessage) => void;
  run(exchange: Exchange): Promise<void>;
}

/** Where a request leads. */
export type Routing =
  | {
      kind: 'route';
      route: Route;
      version: ApiVersion;
      /** The version as it stands in the path: `v2`. */
      versionSegment: string;
      /** The partition which the path names. */
      partitionName?: string;
      parameters: Record<string, string>;
    }
  | { kind: 'methodNotAllowed'; allow: string }
  | { kind: 'notFound' };

const STUDY = '/studies/{study}';
const SERIES = `${STUDY}/series/{series}`;
const INSTANCE = `${SERIES}/instances/{instance}`;
const TAG = '/extendedquerytags/{tag}';
const WORK_ITEM = '/workitems/{workitem}';

const storing = { precheck: checkStoreMediaType, makesPartition: true };
const json = { precheck: consumes('application/json') };
const dicomJson = { precheck: consumes('application/dicom+json') };

const ROUTES: readonly Route[] = [
  // Before Store in a study, whose pattern it matches too.
  { ...data('POST', '/studies/$bulkUpdate', startBulkUpdate), ...json },
  { ...data('POST', '/studies', storeInstances), ...storing },
  { ...data('POST', STUDY, storeInstances), ...storing },
  { ...data('PUT', '/studies', storeInstances), ...storing, profile: 'hosted' },
  { ...data('PUT', STUDY, storeInstances), ...storing, profile: 'hosted' },
  searchRoute('/studies', 'study', ['study']),
  searchRoute('/series', 'series', ['study', 'series']),
  searchRoute('/instances', 'instance', ['study', 'series', 'instance']),
  searchRoute(`${STUDY}/series`, 'series', ['series']),
  searchRoute(`${STUDY}/instances`, 'instance', ['series', 'instance']),
  searchRoute(`${SERIES}/instances`, 'instance', ['instance']),
  ...[STUDY, SERIES, INSTANCE].flatMap(path => [
    data('GET', path, retrieveInstances),
    data('GET', `${path}/metadata`, retrieveMetadata),
    data('DELETE', path, deleteInstances),
  ]),
  data('GET', `${INSTANCE}/rendered`, retrieveRendered),
  data('GET', `${INSTANCE}/frames/{frames}`, retrieveFrames),
  data('GET', `${INSTANCE}/frames/{frames}/rendered`, retrieveRendered),
  { ...data('POST', '/export', exportInstances), ...json },
  { ...data('POST', '/workitems', addWorkItem), ...dicomJson, makesPartition: true },
  data('GET', '/workitems', searchWorkItems),
  data('GET', WORK_ITEM, retrieveWorkItem),
  { ...data('POST', WORK_ITEM, updateWorkItem), ...dicomJson },
  { ...data('PUT', `${WORK_ITEM}/state`, changeWorkItemState), ...dicomJson },
  { ...data('POST', `${WORK_ITEM}/cancelrequest`, cancelWorkItem), ...dicomJson },
  ...missing(
    'subscriptions to work items',
    ['POST', 'DELETE'],
    [`${WORK_ITEM}/subscribers/{aetitle}`, `${WORK_ITEM}/subscribers/{aetitle}/suspend`]
  ),
  service('GET', '/changefeed', getChangeFeed),
  service('GET', '/changefeed/latest', getLatestChange),
  { ...service('POST', '/extendedquerytags', addExtendedQueryTags), ...json },
  service('GET', '/extendedquerytags', listExtendedQueryTags),
  service('GET', TAG, getExtendedQueryTag),
  service('DELETE', TAG, deleteExtendedQueryTag),
  service('PATCH', TAG, updateExtendedQueryTag),
  service('GET', `${TAG}/errors`, getExtendedQueryTagErrors),
  service('GET', '/operations/{operation}', getOperation),
  service('GET', '/partitions', listPartitions),
];

/**
 * Finds the route of a request.
 *
 * @param path - without the query.
 */
export function findRoute(
  method: string,
  path: string,
  profile: 'hosted' | 'open-source'
): Routing {
  const [, first = '', ...all] = path.replace(/\/$/, '').split('/');
  const [, digit] = /^v([12])(?:\.0)?$/.exec(first === 'v1.0-prerelease' ? 'v1' : first) ?? [];
  if (digit === undefined) return { kind: 'notFound' };
  const version: ApiVersion = digit === '1' ? 1 : 2;
  const prefixed = all.length > 2 && all[0]?.toLowerCase() === 'partitions';
  const partitionName = prefixed ? decoded(all[1] ?? '') : undefined;
  const segments = prefixed ? all.slice(2) : all;
  const allowed = new Set<string>();
  for (const route of ROUTES) {
    if (prefixed && route.scope === 'service') continue;
    if (!route.versions.includes(version) || (route.profile ?? profile) !== profile) continue;
    const parameters = match(route.pattern, segments);
    if (!parameters) continue;
    if (route.method === method) {
      return { kind: 'route', route, version, versionSegment: first, partitionName, parameters };
    }
    allowed.add(route.method);
  }
  if (allowed.size === 0) return { kind: 'notFound' };
  return { kind: 'methodNotAllowed', allow: [...allowed].join(', ') };
}

function match(
  pattern: readonly string[],
  segments: readonly string[]
): Record<string, string> | undefined {
  if (segments.length !== pattern.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = decoded(segments[index] ?? '');
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (name !== undefined) {
      if (segment === '') return undefined;
      parameters[name] = segment;
    } else if (part.toLowerCase() !== segment.toLowerCase()) {
      return undefined;
    }
  }
  return parameters;
}

/** What cannot be decoded is taken as it stands, and is no UID then. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function data(method: string, path: string, run: Route['run']): Route {
  return { method, pattern: path.slice(1).split('/'), versions: [1, 2], scope: 'data', run };
}

function service(method: string, path: string, run: Route['run']): Route {
  return { ...data(method, path, run), scope: 'service' };
}

function searchRoute(path: string, result: Level, levels: readonly Level[]): Route {
  return data('GET', path, exchange => search(exchange, { result, levels }));
}

function missing(feature: string, methods: readonly string[], paths: readonly string[]): Route[] {
  const refuse: Route['run'] = async exchange => {
    requireForAll(exchange, 'read');
    exchange.request.resume();
    throw notEmulated(feature);
  };
  return methods.flatMap(method => paths.map(path => data(method, path, refuse)));
}
