import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, FetchLike } from '@ohif-azure/core';
import { systemClock } from '@ohif-azure/core';
import { destination, pino, type Logger } from 'pino';
import { FailedBoundaries } from './failed-boundaries.ts';
import { relayMetrics } from './metrics.ts';
import { RelayError, settingsError } from './relay-error.ts';
import type { RelayContext, RelayPart, RelayPartFactory } from './relay-part.ts';
import { RELAY_PARTS } from './relay-parts.ts';
import { RequestHandler } from './request-handler.ts';
import { serviceOf, storeServerOf } from './service-server.ts';
import type { Service } from './service.ts';
import { exposureProblems, type RelaySettings } from './settings.ts';
import { statusReporter } from './status.ts';
import { IDLE_TIMEOUT_MS } from './upstream.ts';

const STDERR = 2;

/** Options of {@link startRelay}. */
export interface RelayOptions extends RelaySettings {
  /** Default: JSON lines on stderr. */
  readonly logger?: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** For token endpoints only. Default: the platform's. */
  readonly fetch?: FetchLike;
  /** What runs beside the proxy. Default: all there is. */
  readonly parts?: readonly RelayPartFactory[];
}

/** A relay that listens. */
export interface RunningRelay {
  /** `http://127.0.0.1:8083`, with the address that is bound. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more requests, waits up to `stopSeconds` for those under way, and cuts the rest: a Store request cut here is cut to
   * the DICOM service as well.
   */
  close(): Promise<void>;
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'the port is in use; stop the program that uses it, or set RELAY_PORT'
          : `${cause.code ?? 'unknown reason'}; check RELAY_HOST and RELAY_PORT`;
      reject(
        new RelayError(
          'ERR_RELAY_LISTEN',
          `The relay cannot listen on ${host}, port ${port}: ${why}.`,
          { cause }
        )
      );
    });
    server.listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function stopServer(server: Server, handler: RequestHandler, graceMs: number): Promise<void> {
  const isClosed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  let timer: NodeJS.Timeout | undefined;
  const isLate = new Promise<void>(resolve => {
    timer = setTimeout(() => {
      server.closeAllConnections();
      resolve();
    }, graceMs);
  });
  // Also what the service has as a whole, and whose caller has gone: its outcome is still to be logged.
  await Promise.race([isLate, handler.idle()]);
  server.closeIdleConnections();
  await isClosed;
  clearTimeout(timer);
}

function openBoundaries(
  clock: Clock,
  folder: string | undefined,
  logger: Logger
): FailedBoundaries {
  try {
    return new FailedBoundaries(clock, folder, logger);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const path = 'RELAY_DATA';
    const found = `a folder that cannot be written (${code ?? 'unknown reason'})`;
    throw settingsError([{ path, found, expected: 'the path of a folder for the relay alone' }]);
  }
}

async function makeParts(
  factories: readonly RelayPartFactory[],
  context: RelayContext
): Promise<RelayPart[]> {
  const parts: RelayPart[] = [];
  try {
    for (const make of factories) {
      const part = await make(context);
      if (part) parts.push(part);
    }
    return parts;
  } catch (error) {
    await stopParts(parts);
    throw error;
  }
}

async function stopParts(parts: readonly RelayPart[]): Promise<void> {
  for (const part of [...parts].reverse()) await part.stop();
}

/**
 * Starts the relay: Orthanc's DICOMweb client on one side, DICOM services with access tokens on the other. Nothing is asked of the identity providers or the
 * services before the first request.
 * @param options - see `readRelaySettings`.
 * @throws {RelayError} ERR_RELAY_SETTINGS when it would listen wider than loopback without a credential, or its folder cannot be written;
 *   ERR_RELAY_LISTEN when the address or the port cannot be had.
 * @throws {AuthError} ERR_AUTH_PROVIDER_CONFIGURATION for a certificate that is of no use.
 */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { clock = systemClock, logger = pino(destination({ fd: STDERR, sync: true })) } = options;
  const problems = exposureProblems(options.host, options.caller ?? {});
  if (problems.length > 0) throw settingsError(problems);
  const metrics = relayMetrics();
  const tools = { clock, metrics, fetch: options.fetch };
  const services = options.servers.map(server => serviceOf(server, tools));
  const byName = new Map<string, Service>(services.map(each => [each.settings.name, each]));
  const boundaries = openBoundaries(clock, options.dataFolder, logger);
  const servers = new Map(services.map(each => [each.settings.name, storeServerOf(each)]));
  const context: RelayContext = {
    settings: options,
    servers,
    logger,
    clock,
    registry: metrics.registry,
    fetch: options.fetch,
  };
  const parts = await makeParts(options.parts ?? RELAY_PARTS, context);
  let isStopping = false;
  const handler = new RequestHandler({
    caller: options.caller,
    services: byName,
    partRoutes: parts.flatMap(({ routes = [] }) => routes),
    reporter: statusReporter({
      services,
      parts,
      problems: () => [boundaries.problem],
      now: () => clock.now(),
    }),
    boundaries,
    metrics,
    logger,
    clock,
    isStopping: () => isStopping,
  });
  // Node's default would end a long Store request after five minutes.
  const server = createServer({ requestTimeout: 0 }, handler.listener);
  // The handler says `100 Continue` itself, when it is about to read the body.
  server.on('checkContinue', handler.listener);
  // Somewhat longer than the wait for the service, which can then still be answered with words.
  server.setTimeout(IDLE_TIMEOUT_MS + 30_000);
  const port = await listen(server, options.host, options.port).catch(async (error: unknown) => {
    await stopParts(parts);
    boundaries.close();
    throw error;
  });
  const close = async (): Promise<void> => {
    isStopping = true;
    await Promise.all([stopServer(server, handler, options.stopSeconds * 1000), stopParts(parts)]);
    for (const { upstream } of services) upstream.close();
    boundaries.close();
  };
  try {
    for (const part of parts) await part.start?.();
  } catch (error) {
    await close();
    throw error;
  }
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, port, close };
}
