import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@ohif-azure/core';
import type { Logger } from 'pino';
import { basicCredentialsCheck } from './basic-credentials.ts';
import { passOn } from './pass-on.ts';
import { Refusal } from './refusal.ts';
import { plainText, respond } from './respond.ts';
import type { Route } from './route.ts';
import { routeOf } from './route.ts';
import type { Sending } from './send-body.ts';
import type { RelaySettings } from './settings.ts';
import type { RelayStatus } from './status.ts';
import type { Exchange, Service } from './store.ts';
import { store } from './store.ts';

/** What the handler needs besides the service. */
export interface HandlerOptions {
  readonly settings: RelaySettings;
  readonly service: Service;
  readonly status: () => RelayStatus;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** What one line of the log says. No address, no header, no body. */
type LogFields = Record<string, string | number | boolean | undefined>;

const NO_CREDENTIALS = new Refusal(
  401,
  'no-credentials',
  'The relay needs the user name and the password of RELAY_USERNAME and RELAY_PASSWORD.',
  { headers: { 'www-authenticate': 'Basic realm="relay", charset="UTF-8"' } }
);

/** Where an unforeseen error comes from, without its message: that may hold anything. */
function placeOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = (error.stack ?? '').split('\n').filter(line => /^ {4}at /.test(line));
  return { error: error.name, frames: frames.join('\n') };
}

/** A handler of all requests, with and without `Expect: 100-continue`. It never throws. */
export function requestHandler({
  settings,
  service,
  status,
  logger,
  clock,
}: HandlerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const isCaller = settings.caller ? basicCredentialsCheck(settings.caller) : () => true;

  const serve = async (route: Route, caller: Exchange, log: LogFields): Promise<void> => {
    const { request, response } = caller;
    if (route.kind === 'health') {
      log.responseBytes = await respond(request, response, plainText(200, 'ok'));
      return;
    }
    if (!isCaller(request.headers.authorization)) throw NO_CREDENTIALS;
    if (route.kind === 'none') {
      const headers = route.allow ? { allow: route.allow } : undefined;
      throw new Refusal(route.status, 'bad-request', route.text, { headers });
    }
    if (route.kind === 'status') {
      const body = JSON.stringify(status());
      const headers = { 'content-type': 'application/json' };
      log.responseBytes = await respond(request, response, { status: 200, headers, body });
      return;
    }
    if (route.kind === 'store') {
      let sending: Sending | undefined;
      try {
        const result = await store(service, caller, started => (sending = started));
        Object.assign(log, { upstreamStatus: result.upstreamStatus, ...result.counts });
        log.responseBytes = await respond(request, response, result.answer);
      } finally {
        log.requestBytes = sending?.bytes();
      }
      return;
    }
    const { upstreamStatus, bytes, isCut } = await passOn(service, caller);
    Object.assign(log, { upstreamStatus, responseBytes: bytes });
    if (isCut) log.reason = 'answer-cut';
  };

  const answerFailure = async (error: unknown, caller: Exchange, log: LogFields): Promise<void> => {
    const { request, response, signal } = caller;
    if (signal.aborted) {
      log.reason = 'caller-gone';
      response.destroy();
      return;
    }
    const isKnown = error instanceof Refusal;
    log.reason = isKnown ? error.reason : 'internal-error';
    if (!isKnown) logger.error(placeOf(error), 'a mistake of the relay');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const answer = isKnown
      ? plainText(error.status, error.message, error.headers)
      : plainText(500, 'The relay failed by a mistake of its own.');
    log.responseBytes = await respond(request, response, answer);
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const startedAt = clock.now();
    const { method = '', url = '' } = request;
    const route = routeOf(method, url, settings.serverName);
    const log: LogFields = { method, route: route.kind };
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    // A caller that goes away is seen by the line above; unheard, these would end the process.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const path = 'path' in route ? route.path : '';
    const caller: Exchange = { request, response, path, signal: gone.signal };
    try {
      await serve(route, caller, log);
    } catch (error) {
      await answerFailure(error, caller, log);
    }
    const sent = response.headersSent ? response.statusCode : undefined;
    logger.info({ ...log, status: sent, durationMs: clock.now() - startedAt }, 'request');
  };

  return (request, response) => void handle(request, response);
}
