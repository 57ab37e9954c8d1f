import type { IncomingMessage, ServerResponse } from 'node:http';
import { createAuthentication } from '../authorization/authenticate.ts';
import { answerPreflight, corsHeaders, isPreflight } from '../http/cors.ts';
import { pathOf } from '../http/request-record.ts';
import {
  badRequest,
  dataStoreFailed,
  INTERNAL_ERROR_TEXT,
  noSuchRoute,
  notEmulated,
  ServiceError,
} from '../http/service-error.ts';
import { drainBriefly } from '../http/request-body.ts';
import { createTestHooks, delay } from '../http/test-hooks.ts';
import { isDiskFailure } from '../storage/disk-failure.ts';
import type { Archive } from '../archive/archive.ts';
import type { CompleteOptions } from './options.ts';
import { originalsOf, requestsOriginals } from './originals.ts';
import { partitionOf } from './partitions.ts';
import { findRoute } from './routes.ts';

/** Headers of every answer. [reference 0.4] */
const BASE_HEADERS: Readonly<Record<string, string>> = {
  'api-supported-versions': '1.0, 2.0',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'SAMEORIGIN',
  'Content-Security-Policy': "frame-src 'self';",
};

/** Answers one request; never rejects. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Makes the service's request handler. In order: test hooks, CORS, the query string check,
 * routing, latency, authentication, the partition, the transaction. [reference 5, "Auth vs 406/400"]
 */
export function createRequestHandler(options: CompleteOptions, archive: Archive): RequestHandler {
  const { auth: level, identity, shareTokenSecret, roleOf, now, profile } = options;
  const authenticate = createAuthentication({ level, identity, shareTokenSecret, roleOf, now });
  const cors = (request: IncomingMessage) => corsHeaders(request, options.corsOrigins);
  const hooks = options.testHooks ? createTestHooks({ corsHeaders: cors }) : undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await hooks?.handle(request, response)) return;
    for (const [name, value] of Object.entries({ ...BASE_HEADERS, ...cors(request) })) {
      response.setHeader(name, value);
    }
    if (isPreflight(request)) return answerPreflight(request, response);
    const path = pathOf(request);
    const queryText = (request.url ?? '').slice(path.length + 1);
    if (/<|%3c/i.test(queryText)) {
      throw badRequest('The query string included invalid characters.');
    }
    if (path === '/health/check') return answerHealth(response);

    if (/^\/v[^/]*\/api\.(json|yaml)$/i.test(path)) throw notEmulated('the OpenAPI description');
    await archive.removeExpired();
    const routing = findRoute(request.method ?? 'GET', path, profile);
    if (routing.kind === 'notFound') throw noSuchRoute();
    if (routing.kind === 'methodNotAllowed') {
      throw new ServiceError(405, '', { Allow: routing.allow });
    }
    const { route, version, parameters } = routing;
    if (options.latencyMs > 0 && !(await delay(options.latencyMs, response))) return;
    route.precheck?.(request);
    const access = await authenticate(request.headers.authorization);
    const partition = await partitionOf(archive.partitions, routing);
    const origin = `http://${request.headers.host ?? 'localhost'}`;
    const versionRoot = `${origin}/${routing.versionSegment}`;
    const dataRoot = archive.partitions.enabled
      ? `${versionRoot}/partitions/${encodeURIComponent(partition.name)}`
      : versionRoot;
    const query = new URLSearchParams(queryText);
    const store = requestsOriginals(request) ? originalsOf(partition.store) : partition.store;
    await route.run({
      request,
      response,
      version,
      parameters,
      query,
      origin,
      versionRoot,
      dataRoot,
      access,
      partition,
      store,
      archive,
      profile,
      maxStoreBytes: options.maxStoreBytes,
    });
  }

  return async (request, response) => {
    try {
      await serve(request, response);
    } catch (error) {
      await answerError(request, response, error);
    }
  };
}

/** The service names its stores; here there is one, the data folder. */
function answerHealth(response: ServerResponse): void {
  const description = 'Successfully connected.';
  const details = [{ name: 'DataFolder', status: 'Healthy', description }];
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ overallStatus: 'Healthy', details }));
}

/** A full or failing disk is 503; everything else that was not foreseen is 500. [reference 0.A] */
function serviceErrorOf(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  return isDiskFailure(error) ? dataStoreFailed() : new ServiceError(500, INTERNAL_ERROR_TEXT);
}

/** Plain text, or nothing. The text of an unexpected error stays here: it may quote a data set. */
async function answerError(
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown
): Promise<void> {
  if (response.headersSent || response.destroyed) {
    // What has been sent cannot be taken back; a cut line tells the client that it is not whole.
    response.destroy();
    return;
  }
  const known = serviceErrorOf(error);
  // Clients which are still sending would not read an answer.
  const read = known.status !== 413 && (await drainBriefly(request));
  for (const [name, value] of Object.entries(known.headers)) response.setHeader(name, value);
  if (!read) response.setHeader('Connection', 'close');
  if (known.message === '') {
    response.writeHead(known.status, { 'Content-Length': '0' }).end();
    return;
  }
  response.writeHead(known.status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(known.message);
}
