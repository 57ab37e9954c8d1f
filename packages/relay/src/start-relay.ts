import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { clientCredentialsSource } from '@ohif-azure/auth/node';
import type { Clock, FetchLike } from '@ohif-azure/core';
import { systemClock } from '@ohif-azure/core';
import { destination, pino, type Logger } from 'pino';
import { RelayError, settingsError } from './relay-error.ts';
import { requestHandler } from './request-handler.ts';
import { serviceAccess } from './service-access.ts';
import { exposureProblems, type RelaySettings } from './settings.ts';
import { statusReporter } from './status.ts';
import { IDLE_TIMEOUT_MS, upstreamOf } from './upstream.ts';

/** Requests under way get so long to end when the relay stops, in milliseconds; then their lines are cut. */
export const CLOSE_GRACE_MS = 10_000;

const STDERR = 2;

/** Options of {@link startRelay}. */
export interface RelayOptions extends RelaySettings {
  /** Default: JSON lines on stderr. */
  readonly logger?: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** For the token endpoint only. Default: the platform's. */
  readonly fetch?: FetchLike;
}

/** A relay that listens. */
export interface RunningRelay {
  /** `http://127.0.0.1:8083`, with the address that is bound. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes no more requests, waits up to {@link CLOSE_GRACE_MS} for those under way, and cuts the rest: a Store request cut here is cut to
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

async function close(server: Server): Promise<void> {
  const isClosed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await isClosed;
  clearTimeout(timer);
}

/**
 * Starts the relay: Orthanc's DICOMweb client on one side, the DICOM service with the access token of client credentials on the other. Nothing is
 * asked of the identity provider or of the service before the first request.
 * @param options - see `readRelaySettings`.
 * @throws {RelayError} ERR_RELAY_SETTINGS when it would listen wider than loopback without a user name and a password;
 *   ERR_RELAY_LISTEN when the address or the port cannot be had.
 */
export async function startRelay(options: RelayOptions): Promise<RunningRelay> {
  const { clock = systemClock, logger = pino(destination({ fd: STDERR, sync: true })) } = options;
  const problems = exposureProblems(options.host, options.caller ?? {});
  if (problems.length > 0) throw settingsError(problems);
  const access = serviceAccess(clientCredentialsSource(options));
  const handler = requestHandler({
    settings: options,
    service: { access, upstream: upstreamOf(options.serviceUrl) },
    status: statusReporter(options, access.state, () => clock.now()),
    logger,
    clock,
  });
  // Node's default would end a long Store request after five minutes.
  const server = createServer({ requestTimeout: 0 }, handler);
  // The handler says `100 Continue` itself, when it is about to read the body.
  server.on('checkContinue', handler);
  // Somewhat longer than the wait for the service, which can then still be answered with words.
  server.setTimeout(IDLE_TIMEOUT_MS + 30_000);
  const port = await listen(server, options.host, options.port);
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return { url: `http://${host}:${port}`, port, close: () => close(server) };
}
