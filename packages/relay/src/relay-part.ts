import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock, FetchLike } from '@ohif-azure/core';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { RelaySettings } from './settings.ts';
import type { StoreServer } from './store-server.ts';

/** One request for a part of the relay. The caller's credentials have been checked, where the relay has any. */
export interface PartRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The path's segments, decoded, the first one (`queue`) included. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** The relay has credentials and the caller has presented them. False: it listens on loopback without any, or `isOpen` let the request in. */
  readonly isSignedIn: boolean;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
}

/** A first path segment that a part serves, such as `queue` for `/queue` and all below it. */
export interface PartRoute {
  readonly segment: string;
  /** Serve requests without the relay's credentials, too; {@link PartRequest.isSignedIn} tells. Default: false. */
  readonly isOpen?: boolean;
  /** Methods besides GET. Default: none; others are answered 405. */
  readonly methods?: readonly string[];
  /**
   * Answers the request. An error that it throws is answered 500 and logged without its message; a `Refusal` is answered as it says.
   */
  handle(request: PartRequest): void | Promise<void>;
}

/** What runs beside the proxy in one relay: the auto-router. */
export interface RelayPart {
  /** Its member in `data` of `GET /status`. */
  readonly name: string;
  readonly routes?: readonly PartRoute[];
  /** For `GET /status`; without secrets and patient data. Called for each request: it has to be quick. */
  status?(): unknown;
  /** Why the part cannot do its work now, in words; undefined: it can. For `GET /health/ready`. */
  notReady?(): string | undefined;
  /** Called once, after the relay has begun to listen. */
  start?(): void | Promise<void>;
  /** Ends what runs, in order; resolves when nothing runs any more. Called once, also when `start` was not. */
  stop(): Promise<void>;
}

/** What a part is made of. */
export interface RelayContext {
  readonly settings: RelaySettings;
  /** By name; every server of the settings. */
  readonly servers: ReadonlyMap<string, StoreServer>;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Of `GET /metrics`: a part registers its own metrics here, with the prefix `relay_`. */
  readonly registry: Registry;
  readonly fetch?: FetchLike;
}

/**
 * Makes a part, before the relay listens: opens its files and connections, begins nothing yet.
 * @returns undefined when the settings do not ask for it.
 * @throws {RelayError} when it cannot work at all; the relay does not start then.
 */
export type RelayPartFactory = (context: RelayContext) => Promise<RelayPart | undefined>;
