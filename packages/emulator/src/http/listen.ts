import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EmulatorStartError } from '../emulator-start-error.ts';

const HIGHEST_PORT = 65_535;
/** Connections which may wait to be accepted: a thousand frames are often asked for at once. */
const BACKLOG = 4096;

/** Where a server listens, and what to call it in an error message. */
export interface ListenOptions {
  /** Host name or address to bind. */
  host: string;
  /** TCP port, 0 to 65535; 0 takes any free one. */
  port: number;
  /** The server's name in messages, for example `'DICOM service'`. */
  what: string;
}

/**
 * Starts listening.
 *
 * @returns the port, which matters when 0 was asked for.
 * @throws {EmulatorStartError} ERR_EMULATOR_PORT_IN_USE when another program has the port,
 *   ERR_EMULATOR_OPTION when the host or the port cannot be used at all.
 */
export async function listen(server: Server, options: ListenOptions): Promise<number> {
  const { host, port, what } = options;
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT) {
    throw new EmulatorStartError(
      'ERR_EMULATOR_OPTION',
      `The ${what} cannot listen on port ${port}: expected an integer from 0 to ${HIGHEST_PORT}.`
    );
  }
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => reject(startError(error, options));
    server.once('error', refuse);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}

function startError(error: NodeJS.ErrnoException, options: ListenOptions): EmulatorStartError {
  const { host, port, what } = options;
  if (error.code === 'EADDRINUSE') {
    return new EmulatorStartError(
      'ERR_EMULATOR_PORT_IN_USE',
      `The ${what} cannot listen on ${host}:${port}: the port is in use. Stop the program that uses it, or choose another port (0 takes any free one).`,
      { cause: error }
    );
  }
  return new EmulatorStartError(
    'ERR_EMULATOR_OPTION',
    `The ${what} cannot listen on ${host}:${port} (${error.code ?? error.message}). Choose an address of this machine and a port which this user may open.`,
    { cause: error }
  );
}

const LOOPBACK_NAMES = new Set(['localhost', '::1', '[::1]']);

/** Whether a host name or address to bind is reachable from this machine alone. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAMES.has(host.toLowerCase()) || /^127(\.\d{1,3}){3}$/.test(host);
}

/** The origin under which a server is reached; `127.0.0.1` is written `localhost`. */
export function originOf(host: string, port: number): string {
  const name = host === '127.0.0.1' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
