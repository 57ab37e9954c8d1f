import type { IncomingMessage, ServerResponse } from 'node:http';

const METHODS = 'DELETE, GET, OPTIONS, PATCH, POST, PUT';
/** Seconds for which a browser may remember a preflight answer. */
const MAX_AGE_SECONDS = 1440;

/**
 * The headers which let a page of another origin read an answer. The service exposes no headers,
 * so script cannot read `ETag` or `Warning`. [reference 5, CORS]
 *
 * @param origins - the permitted origins; `*` permits all.
 */
export function corsHeaders(
  request: IncomingMessage,
  origins: readonly string[]
): Record<string, string> {
  const { origin } = request.headers;
  if (!origin) return {};
  if (origins.includes('*')) return { 'Access-Control-Allow-Origin': '*' };
  if (!origins.includes(origin)) return { Vary: 'Origin' };
  return { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' };
}

/** Whether a request is a preflight. @see Fetch Standard, CORS-preflight request */
export function isPreflight(request: IncomingMessage): boolean {
  const { headers, method } = request;
  return method === 'OPTIONS' && !!headers.origin && !!headers['access-control-request-method'];
}

/** Answers a preflight; it needs no access token. The origin's headers are set already. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const requested = request.headers['access-control-request-headers'];
  if (response.hasHeader('Access-Control-Allow-Origin')) {
    if (requested) response.setHeader('Access-Control-Allow-Headers', requested);
    response.setHeader('Access-Control-Allow-Methods', METHODS);
    response.setHeader('Access-Control-Max-Age', String(MAX_AGE_SECONDS));
  }
  response.writeHead(204).end();
}
