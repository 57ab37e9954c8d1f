import { readFileSync } from 'node:fs';
import { redactURL } from '@ohif-azure/core';
import type { AccessState } from './service-access.ts';
import type { RelaySettings } from './settings.ts';

/** Version of the shape of `/status`. */
const API_VERSION = '2.0';

/** This package's version; the file stands one level above both `src` and `dist`. */
function packageVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** What `GET /status` answers. The members up to `servers_configured` are those that monitors of Orthanc's OAuth plugin read. */
export interface RelayStatus {
  readonly plugin_version: string;
  readonly api_version: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: {
    /** `degraded`: the last access token could not be had, or the service refused it. */
    readonly status: 'healthy' | 'degraded';
    readonly token_managers: number;
    readonly servers_configured: number;
    readonly servers: readonly {
      readonly name: string;
      readonly url: string;
      readonly access_token: AccessState;
    }[];
  };
}

/**
 * A function that gives the status of the moment. It asks nobody: what it says of the access token is what the last request met.
 * @returns never a secret.
 */
export function statusReporter(
  { serverName, serviceUrl }: RelaySettings,
  accessState: () => AccessState,
  now: () => number
): () => RelayStatus {
  const version = packageVersion();
  return () => {
    const access = accessState();
    const isHealthy = access.state === 'obtained' || access.state === 'not requested yet';
    return {
      plugin_version: version,
      api_version: API_VERSION,
      timestamp: new Date(now()).toISOString(),
      data: {
        status: isHealthy ? 'healthy' : 'degraded',
        token_managers: 1,
        servers_configured: 1,
        servers: [{ name: serverName, url: redactURL(serviceUrl), access_token: access }],
      },
    };
  };
}
