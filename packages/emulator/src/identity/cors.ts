import type { IncomingMessage } from 'node:http';

const PREFLIGHT_MAX_AGE_SECONDS = 3600;

/**
 * The CORS headers for one request: those of the viewer's origins, and none for all others.
 * @param request - with its `Origin` header.
 * @param origins - the origins the viewer is served from.
 * @see Fetch Standard, "CORS protocol".
 */
export function corsHeaders(
  request: IncomingMessage,
  origins: ReadonlySet<string>
): Record<string, string> {
  const { origin } = request.headers;
  if (origin === undefined || !origins.has(origin)) {
    return { Vary: 'Origin' };
  }
  const headers: Record<string, string> = {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': 'WWW-Authenticate',
  };
  if (request.method !== 'OPTIONS') {
    return headers;
  }
  const asked = request.headers['access-control-request-headers'];
  return {
    ...headers,
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Max-Age': String(PREFLIGHT_MAX_AGE_SECONDS),
    ...(asked === undefined ? undefined : { 'Access-Control-Allow-Headers': asked }),
  };
}
