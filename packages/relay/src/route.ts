/** Where a request goes. `path` is for the DICOM service: it begins with `/` and keeps the query string. */
export type Route =
  | { readonly kind: 'health' | 'status' }
  | { readonly kind: 'store' | 'read' | 'delete'; readonly path: string }
  | {
      readonly kind: 'none';
      readonly status: 400 | 404 | 405;
      readonly text: string;
      /** For 405 (RFC 9110 10.2.1). */
      readonly allow?: string;
    };

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

/** The path's segments, decoded; undefined when one could lead out of the service's own path, or cannot be read. */
function segmentsOf(path: string): string[] | undefined {
  if (!PATH.test(path)) return undefined;
  try {
    const segments = path.replace(/\/$/, '').slice(1).split('/').map(decodeURIComponent);
    return segments.every(segment => !/^\.\.?$|[/\\\p{Cc}]/u.test(segment)) ? segments : undefined;
  } catch {
    return undefined;
  }
}

function serverRoute(method: string, rest: readonly string[], path: string): Route {
  const isStore = rest[0] === 'studies' && rest.length <= 2;
  if (method === 'POST' && isStore) return { kind: 'store', path };
  if (method === 'GET') return { kind: 'read', path };
  if (method === 'DELETE') return { kind: 'delete', path };
  return notAllowed(
    isStore ? 'GET, POST, DELETE' : 'GET, DELETE',
    'The relay passes GET and DELETE on, and POST to /studies and /studies/{study}.'
  );
}

/**
 * Finds the route.
 * @param method - as in the request line.
 * @param target - as in the request line, in origin form (RFC 9112 3.2.1).
 * @param serverName - the one server that is served.
 */
export function routeOf(method: string, target: string, serverName: string): Route {
  const queryAt = target.indexOf('?');
  const path = queryAt < 0 ? target : target.slice(0, queryAt);
  const segments = segmentsOf(path);
  if (!segments) {
    return path === '/'
      ? notFound('The routes are /health, /status and /servers/{server}/...')
      : { kind: 'none', status: 400, text: 'The path of the request is not one of DICOMweb.' };
  }
  const [first = '', server = '', ...rest] = segments;
  if (segments.length === 1 && (first === 'health' || first === 'status')) {
    return method === 'GET' ? { kind: first } : notAllowed('GET', `Only GET /${first} is served.`);
  }
  if (first !== 'servers' || server === '') {
    return notFound('The routes are /health, /status and /servers/{server}/...');
  }
  if (server !== serverName) {
    const shown = JSON.stringify(server.slice(0, MAX_SHOWN));
    return notFound(`There is no server ${shown} here. The server's name is "${serverName}".`);
  }
  if (rest.length === 0) {
    return notFound(`The routes of the server are /servers/${serverName}/studies and below.`);
  }
  const [, , , ...encodedRest] = path.replace(/\/$/, '').split('/');
  const query = queryAt < 0 ? '' : target.slice(queryAt);
  return serverRoute(method, rest, `/${encodedRest.join('/')}${query}`);
}
