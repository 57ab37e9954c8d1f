import type { IncomingMessage } from 'node:http';
import { notEmulated } from '../http/service-error.ts';
import type { ApiVersion } from '../storage/stored-instance.ts';
import { deleteInstances } from './delete.ts';
import type { Exchange } from './exchange.ts';
import { retrieveFrames, retrieveRendered } from './frames.ts';
import { retrieveMetadata } from './metadata.ts';
import { retrieveInstances } from './retrieve.ts';
import { search } from './search.ts';
import type { Level } from './search-resources.ts';
import { checkStoreMediaType, storeInstances } from './store.ts';

/** A route of the service. */
export interface Route {
  method: string;
  /** Path segments behind the version; `{name}` takes any one segment, `*` the rest. */
  pattern: readonly string[];
  /** Only in these versions. */
  versions: readonly ApiVersion[];
  /** What routing checks before authentication. @throws {ServiceError} */
  precheck?: (request: IncomingMessage) => void;
  run(exchange: Exchange): Promise<void>;
}

/** Where a request leads. */
export type Routing =
  | { kind: 'route'; route: Route; version: ApiVersion; parameters: Record<string, string> }
  | { kind: 'methodNotAllowed'; allow: string }
  | { kind: 'notFound' };

const STUDY = '/studies/{study}';
const SERIES = `${STUDY}/series/{series}`;
const INSTANCE = `${SERIES}/instances/{instance}`;

const ROUTES: readonly Route[] = [
  { ...route('POST', '/studies', storeInstances), precheck: checkStoreMediaType },
  { ...route('POST', STUDY, storeInstances), precheck: checkStoreMediaType },
  searchRoute('/studies', 'study', ['study']),
  searchRoute('/series', 'series', ['study', 'series']),
  searchRoute('/instances', 'instance', ['study', 'series', 'instance']),
  searchRoute(`${STUDY}/series`, 'series', ['series']),
  searchRoute(`${STUDY}/instances`, 'instance', ['series', 'instance']),
  searchRoute(`${SERIES}/instances`, 'instance', ['instance']),
  ...[STUDY, SERIES, INSTANCE].flatMap(path => [
    route('GET', path, retrieveInstances),
    route('GET', `${path}/metadata`, retrieveMetadata),
    route('DELETE', path, deleteInstances),
  ]),
  route('GET', `${INSTANCE}/rendered`, retrieveRendered),
  route('GET', `${INSTANCE}/frames/{frames}`, retrieveFrames),
  route('GET', `${INSTANCE}/frames/{frames}/rendered`, retrieveRendered),
  ...missing('the upsert with PUT', ['PUT'], ['/studies', STUDY]),
  ...missing('the change feed', ['GET'], ['/changefeed', '/changefeed/latest']),
  ...missing(
    'extended query tags',
    ['GET', 'POST', 'PATCH', 'DELETE'],
    ['/extendedquerytags', '/extendedquerytags/*']
  ),
  ...missing('data partitions', ['GET', 'POST', 'PUT', 'DELETE'], ['/partitions', '/partitions/*']),
  ...missing('export', ['POST'], ['/export']),
  ...missing('operations', ['GET'], ['/operations/{operation}']),
  ...missing('worklist services (UPS-RS)', ['GET', 'POST', 'PUT'], ['/workitems', '/workitems/*']),
];

/** Only v2 has it: in v1 the path is that of Store with a study called `$bulkUpdate`. */
const BULK_UPDATE: Route = {
  ...route('POST', '/studies/$bulkUpdate', async () => {
    throw notEmulated('bulk update');
  }),
  versions: [2],
};

const ALL_ROUTES = [BULK_UPDATE, ...ROUTES];

/** Finds the route of a request. @param path - without the query. */
export function findRoute(method: string, path: string): Routing {
  const [, first = '', ...segments] = path.replace(/\/$/, '').split('/');
  const [, digit] = /^v([12])(?:\.0)?$/.exec(first) ?? [];
  if (digit === undefined) return { kind: 'notFound' };
  const version: ApiVersion = digit === '1' ? 1 : 2;
  const allowed = new Set<string>();
  for (const one of ALL_ROUTES) {
    const parameters = one.versions.includes(version) && match(one.pattern, segments);
    if (!parameters) continue;
    if (one.method === method) return { kind: 'route', route: one, version, parameters };
    allowed.add(one.method);
  }
  if (allowed.size === 0) return { kind: 'notFound' };
  return { kind: 'methodNotAllowed', allow: [...allowed].join(', ') };
}

function match(
  pattern: readonly string[],
  segments: readonly string[]
): Record<string, string> | undefined {
  const open = pattern.at(-1) === '*';
  if (open ? segments.length < pattern.length : segments.length !== pattern.length) {
    return undefined;
  }
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = decoded(segments[index] ?? '');
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (name !== undefined) {
      if (segment === '') return undefined;
      parameters[name] = segment;
    } else if (part !== '*' && part.toLowerCase() !== segment.toLowerCase()) {
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

function route(method: string, path: string, run: Route['run']): Route {
  return { method, pattern: path.slice(1).split('/'), versions: [1, 2], run };
}

function searchRoute(path: string, result: Level, levels: readonly Level[]): Route {
  return route('GET', path, exchange => search(exchange, { result, levels }));
}

function missing(feature: string, methods: readonly string[], paths: readonly string[]): Route[] {
  const refuse: Route['run'] = async ({ access, request }) => {
    // A share token opens nothing but search and retrieve.
    if (access.studies) access.require('write');
    request.resume();
    throw notEmulated(feature);
  };
  return methods.flatMap(method => paths.map(path => route(method, path, refuse)));
}
