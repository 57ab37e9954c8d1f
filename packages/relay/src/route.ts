/** Where a request goes. `path` is for the DICOM service: it begins with `/` and keeps the query string. */
export type Route =
  | { readonly kind: 'health'; readonly probe: 'all' | 'live' | 'ready' }
  | { readonly kind: 'status' | 'metrics' }
  | {
      readonly kind: 'store' | 'read' | 'delete';
      readonly server: string;
      readonly path: string;
    }
  | { readonly kind: 'part'; readonly segments: readonly string[] }
  | {
      readonly kind: 'none';
      readonly status: 400 | 404 | 405;
      readonly text: string;
      /** For 405 (RFC 9110 10.2.1). */
      readonly allow?: string;
    };

/** What the routes depend on. */
export interface RouteTable {
  /** Names of the servers. */
  readonly servers: readonly string[];
  /** First path segments that parts of the relay serve, with their methods. */
  readonly parts: ReadonlyMap<string, readonly string[]>;
}

/** A path of RFC 3986 3.3 without empty segments, perhaps with one slash at the end. */
const PATH = /^(?:\/(?:[\w.~!$&'()*+,;=:@-]|%[0-9a-f]{2})+)+\/?$/i;

const MAX_SHOWN = 64;

const notFound = (text: string): Route => ({ kind: 'none', status: 404, text });
const notAllowed = (allow: string, text: string): Route => ({
  kind: 'none',
  status: 405,
  allow,
  text,
});

const withoutSlash = (path: string): string => (path.endsWith('/') ? path.slice(0, -1) : path);
const isDots = (segment: string): boolean => segment === '.' || segment === '..';

/** The path's segments, decoded; undefined when one could lead out of the service's own path, or cannot be read. */
function segmentsOf(path: string): string[] | undefined {
  if (!PATH.test(path)) return undefined;
  try {
    const encoded = withoutSlash(path).slice(1).split('/');
    // Without an escape they are what they stand for, and PATH has seen to all but the dots.
    if (!path.includes('%')) return encoded.some(isDots) ? undefined : encoded;
    const segments = encoded.map(decodeURIComponent);
    return segments.some(segment => isDots(segment) || /[/\\\p{Cc}]/u.test(segment))
      ? undefined
      : segments;
  } catch {
    return undefined;
  }
}

function serverRoute(method: string, server: string, rest: readonly string[], path: string): Route {
  const isStore = rest[0] === 'studies' && rest.length <= 2;
  if (method === 'POST' && isStore) return { kind: 'store', server, path };
  if (method === 'GET') return { kind: 'read', server, path };
  if (method === 'DELETE') return { kind: 'delete', server, path };
  return notAllowed(
    isStore ? 'GET, POST, DELETE' : 'GET, DELETE',
    'The relay passes GET and DELETE on, and POST to /studies and /studies/{study}.'
  );
}

const PROBES: Readonly<Record<string, 'all' | 'live' | 'ready'>> = {
  health: 'all',
  'health/live': 'live',
  'health/ready': 'ready',
};

/** Routes of the relay itself; undefined: it is none of them. */
function ownRoute(
  method: string,
  segments: readonly string[],
  table: RouteTable
): Route | undefined {
  const [first = ''] = segments;
  const methods = table.parts.get(first);
  if (methods) {
    return ['GET', ...methods].includes(method)
      ? { kind: 'part', segments }
      : notAllowed(['GET', ...methods].join(', '), `/${first} does not take ${method}.`);
  }
  const name = segments.join('/');
  const probe = Object.hasOwn(PROBES, name) ? PROBES[name] : undefined;
  if (!probe && name !== 'status' && name !== 'metrics') return undefined;
  if (method !== 'GET') return notAllowed('GET', `Only GET /${name} is served.`);
  if (probe) return { kind: 'health', probe };
  return { kind: name === 'status' ? 'status' : 'metrics' };
}

/**
 * Finds the route.
 * @param method - as in the request line.
 * @param target - as in the request line, in origin form (RFC 9112 3.2.1).
 */
export function routeOf(method: string, target: string, table: RouteTable): Route {
  const routes = (): string =>
    `The routes are ${['/health', '/status', '/metrics', ...[...table.parts.keys()].map(part => `/${part}`)].join(', ')} and /servers/{server}/...`;
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const segments = segmentsOf(path);
  if (!segments) {
    return path === '/'
      ? notFound(routes())
      : { kind: 'none', status: 400, text: 'The path of the request is not one of DICOMweb.' };
  }
  const own = ownRoute(method, segments, table);
  if (own) return own;
  const [first = '', server = '', ...rest] = segments;
  if (first !== 'servers' || server === '') return notFound(routes());
  if (!table.servers.includes(server)) {
    const shown = JSON.stringify(server.slice(0, MAX_SHOWN));
    const names = table.servers.map(name => `"${name}"`).join(', ');
    return notFound(`There is no server ${shown} here. The servers are: ${names}.`);
  }
  if (rest.length === 0) {
    return notFound(`The routes of the server are /servers/${server}/studies and below.`);
  }
  // Behind /servers/{server}, as it was written.
  const restAt = path.indexOf('/', path.indexOf('/', 1) + 1);
  const query = queryAt < 0 ? '' : target.slice(queryAt);
  return serverRoute(method, server, rest, withoutSlash(path.slice(restAt)) + query);
}
