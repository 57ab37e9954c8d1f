import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@ohif-azure/core';
import type { Logger } from 'pino';
import { BodyCutError } from './byte-queue.ts';
import { callerCheck } from './caller-check.ts';
import { CallerExchange } from './caller-exchange.ts';
import { storeBodyOf } from './content-type.ts';
import type { FailedBoundaries } from './failed-boundaries.ts';
import type { RelayMetrics } from './metrics.ts';
import { passOn } from './pass-on.ts';
import { Refusal } from './refusal.ts';
import type { PartRoute } from './relay-part.ts';
import { plainText, respond } from './respond.ts';
import type { Route, RouteTable } from './route.ts';
import { routeOf } from './route.ts';
import { serveStore } from './serve-store.ts';
import type { Service } from './service.ts';
import type { CallerCredentials } from './settings.ts';
import type { StatusReporter } from './status.ts';
import type { Exchange } from './store.ts';

/** What the handler needs. */
export interface HandlerOptions {
  readonly caller?: CallerCredentials;
  readonly services: ReadonlyMap<string, Service>;
  readonly partRoutes: readonly PartRoute[];
  readonly reporter: StatusReporter;
  readonly boundaries: FailedBoundaries;
  readonly metrics: RelayMetrics;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The relay is about to stop and takes no new requests. */
  readonly isStopping: () => boolean;
}

/** What one line of the log says. No address, no header, no body. */
export type LogFields = Record<string, unknown>;

/** With a place for all that may follow: an object that grows name by name is a dear one. What stays undefined is not written. */
const fieldsOf = (method: string, route: Route): LogFields => ({
  method,
  route: route.kind,
  server: 'server' in route ? route.server : undefined,
  requestBytes: undefined,
  instances: undefined,
  upstreamRequests: undefined,
  upstreamStatus: undefined,
  stored: undefined,
  alreadyStored: undefined,
  different: undefined,
  notCompared: undefined,
  failed: undefined,
  responseBytes: undefined,
  reason: undefined,
  status: undefined,
  durationMs: undefined,
});

const NO_CREDENTIALS = new Refusal(
  401,
  'no-credentials',
  'The relay needs the user name and the password of RELAY_USERNAME and RELAY_PASSWORD, or the key of RELAY_KEY.',
  { headers: { 'www-authenticate': 'Basic realm="relay", charset="UTF-8"' } }
);

const STOPPING = new Refusal(503, 'stopping', 'Nothing was sent: the relay is about to stop.', {
  headers: { 'retry-after': '30', connection: 'close' },
});

/** Where an unforeseen error comes from, without its message: that may hold anything. */
function placeOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter(line => /^ {4}at /.test(line));
  return { error: error.name, frames: frames.join('\n') };
}

/** The boundary of a request that is not served: who sent it may resubmit the rest of it. */
function boundaryOf({ method, headers }: IncomingMessage): string | undefined {
  const body = method === 'POST' ? storeBodyOf(headers) : undefined;
  return typeof body === 'object' && body.kind === 'multipart' ? body.boundary : undefined;
}

/** Handles all requests, with and without `Expect: 100-continue`. Never throws; {@link idle} resolves when none is under way. */
export class RequestHandler {
  readonly #options: HandlerOptions;
  readonly #isCaller: (headers: IncomingMessage['headers']) => boolean;
  readonly #table: RouteTable;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: HandlerOptions) {
    this.#options = options;
    this.#isCaller = options.caller ? callerCheck(options.caller) : () => true;
    this.#table = {
      servers: [...options.services.keys()],
      parts: new Map(options.partRoutes.map(({ segment, methods = [] }) => [segment, methods])),
    };
  }

  readonly listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { inFlight } = this.#options.metrics;
    inFlight.inc();
    const handled = this.#handle(request, response).finally(() => {
      this.#underWay.delete(handled);
      inFlight.dec();
    });
    this.#underWay.add(handled);
  };

  /** Also of those whose caller has gone, but whose body the service has. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, logger, metrics } = this.#options;
    const startedAt = clock.now();
    const { method = '', url = '' } = request;
    const route = routeOf(method, url, this.#table);
    const log = fieldsOf(method, route);
    const caller = new CallerExchange(request, response, 'path' in route ? route.path : '');
    // A caller that goes away is seen by the line above; unheard, these would end the process.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    try {
      await this.#serve(route, caller, log);
    } catch (error) {
      await this.#answerFailure(error, caller, log);
    }
    if (caller.isGone) log['reason'] ??= 'caller-gone';
    const sent = response.headersSent ? response.statusCode : undefined;
    const durationMs = clock.now() - startedAt;
    if ('server' in route) {
      const service = this.#options.services.get(route.server);
      service?.metrics.request(route.kind, caller.isGone ? 0 : (sent ?? 0), durationMs / 1000);
    }
    if (typeof log['reason'] === 'string') metrics.refused(log['reason']);
    log['status'] = sent;
    log['durationMs'] = durationMs;
    logger.info(log, 'request');
  }

  async #serve(route: Route, caller: Exchange, log: LogFields): Promise<void> {
    const { request } = caller;
    const { services, boundaries, logger, clock, isStopping } = this.#options;
    if (route.kind === 'health') {
      log['responseBytes'] = await this.#answerHealth(route.probe, caller);
      return;
    }
    const isKnown = this.#isCaller(request.headers);
    const part = route.kind === 'part' ? this.#partOf(route.segments) : undefined;
    if (!isKnown && !part?.isOpen) {
      this.#noteStranger(request);
      throw NO_CREDENTIALS;
    }
    if (part && route.kind === 'part') {
      await this.#servePart(part, route.segments, caller, isKnown);
      return;
    }
    if (isStopping()) {
      this.#noteStranger(request);
      throw STOPPING;
    }
    if (route.kind === 'none') {
      this.#noteStranger(request);
      const headers = route.allow ? { allow: route.allow } : undefined;
      throw new Refusal(route.status, 'bad-request', route.text, { headers });
    }
    const service = 'server' in route ? services.get(route.server) : undefined;
    if (!service) {
      log['responseBytes'] = await this.#answerOwn(route.kind === 'metrics', caller);
    } else if (route.kind === 'store') {
      await serveStore({ service, boundaries, logger, clock }, caller, log);
    } else {
      const { upstreamStatus, bytes, isCut } = await passOn(service, caller);
      Object.assign(log, { upstreamStatus, responseBytes: bytes });
      service.metrics.bytes('toCaller', bytes);
      if (isCut) log['reason'] = 'answer-cut';
    }
  }

  #noteStranger(request: IncomingMessage): void {
    const boundary = boundaryOf(request);
    if (boundary !== undefined) this.#options.boundaries.refuseStranger(boundary);
  }

  #partOf([first]: readonly string[]): PartRoute | undefined {
    return this.#options.partRoutes.find(({ segment }) => segment === first);
  }

  async #servePart(
    part: PartRoute,
    segments: readonly string[],
    { request, response, signal }: Exchange,
    isKnown: boolean
  ): Promise<void> {
    const { url = '' } = request;
    const queryAt = url.indexOf('?');
    const query = new URLSearchParams(queryAt < 0 ? '' : url.slice(queryAt));
    const isSignedIn = isKnown && this.#options.caller !== undefined;
    await part.handle({ request, response, segments, query, isSignedIn, signal });
  }

  async #answerHealth(
    probe: 'all' | 'live' | 'ready',
    { request, response }: Exchange
  ): Promise<number> {
    const problems = this.#options.isStopping()
      ? ['the relay is about to stop']
      : this.#options.reporter.problems();
    const isReady = problems.length === 0;
    // What is wrong is for those who may see /status.
    const shown = this.#isCaller(request.headers) ? { problems } : {};
    const body =
      probe === 'live'
        ? { status: 'live' }
        : { status: isReady ? 'ok' : 'not ready', live: true, ready: isReady, ...shown };
    const status = probe === 'ready' && !isReady ? 503 : 200;
    return await respond(request, response, json(status, body));
  }

  async #answerOwn(isMetrics: boolean, { request, response }: Exchange): Promise<number> {
    const { reporter, metrics } = this.#options;
    if (!isMetrics) return await respond(request, response, json(200, reporter.status()));
    const headers = { 'content-type': metrics.registry.contentType };
    const body = await metrics.registry.metrics();
    return await respond(request, response, { status: 200, headers, body });
  }

  async #answerFailure(error: unknown, caller: Exchange, log: LogFields): Promise<void> {
    const { request, response, isGone } = caller;
    if (isGone || error instanceof BodyCutError) {
      log['reason'] = 'caller-gone';
      response.destroy();
      return;
    }
    const isKnown = error instanceof Refusal;
    log['reason'] = isKnown ? error.reason : 'internal-error';
    if (!isKnown) this.#options.logger.error(placeOf(error), 'a mistake of the relay');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const answer = isKnown
      ? plainText(error.status, error.message, error.headers)
      : plainText(500, 'The relay failed by a mistake of its own.');
    log['responseBytes'] = await respond(request, response, answer);
  }
}

const json = (status: number, body: unknown) => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify(body),
});
