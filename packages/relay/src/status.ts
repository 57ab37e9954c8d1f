import { readFileSync } from 'node:fs';
import { redactURL } from '@ohif-azure/core';
import type { InstanceOutcomeLabel } from './metrics.ts';
import type { RelayPart } from './relay-part.ts';
import type { AccessState } from './service-access.ts';
import type { Service } from './service.ts';

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
    /** `degraded`: the last access token could not be had, or the service refused it; or a part of the relay cannot do its work. */
    readonly status: 'healthy' | 'degraded';
    readonly token_managers: number;
    readonly servers_configured: number;
    readonly servers: readonly {
      readonly name: string;
      readonly url: string;
      readonly credential: string;
      readonly access_token: AccessState;
      /** SOP Instances of Stores since the start, as `relay_instances_total`. */
      readonly instances: Readonly<Record<InstanceOutcomeLabel, number>>;
    }[];
    /** What is wrong, in words; empty when all is well. */
    readonly problems: readonly string[];
    /** Of the parts of the relay, by name. */
    readonly [part: string]: unknown;
  };
}

/** What the reporter looks at. */
export interface StatusSources {
  readonly services: readonly Service[];
  readonly parts: readonly RelayPart[];
  /** Of the relay itself; undefined entries: no problem. */
  readonly problems: () => readonly (string | undefined)[];
  readonly now: () => number;
}

/** Tells how the relay is. */
export interface StatusReporter {
  status(): RelayStatus;
  /** Why the relay cannot do its work now; empty: it can. */
  problems(): string[];
}

const IS_WELL = new Set<AccessState['state']>(['obtained', 'not requested yet', 'not needed']);

/**
 * What `/status` and `/health` answer. They ask nobody: what they say of an access token is what the last request met.
 * @returns never a secret.
 */
export function statusReporter({ services, parts, problems, now }: StatusSources): StatusReporter {
  const version = packageVersion();
  const all = (): string[] => {
    const ofTokens = services.map(({ settings: { name }, access }) => {
      const { state } = access.state();
      return IS_WELL.has(state) ? undefined : `${name}: access token ${state}`;
    });
    const ofParts = parts.map(part => {
      const why = part.notReady?.();
      return why === undefined ? undefined : `${part.name}: ${why}`;
    });
    return [...problems(), ...ofTokens, ...ofParts].filter(text => text !== undefined);
  };
  return {
    problems: all,
    status: () => {
      const wrong = all();
      return {
        plugin_version: version,
        api_version: API_VERSION,
        timestamp: new Date(now()).toISOString(),
        data: {
          ...Object.fromEntries(parts.map(part => [part.name, part.status?.() ?? {}])),
          status: wrong.length === 0 ? 'healthy' : 'degraded',
          token_managers: services.filter(({ settings }) => settings.credential.kind !== 'none')
            .length,
          servers_configured: services.length,
          servers: services.map(({ settings, access, metrics }) => ({
            name: settings.name,
            url: redactURL(settings.serviceUrl),
            credential: settings.credential.kind,
            access_token: access.state(),
            instances: { ...metrics.counted },
          })),
          problems: wrong,
        },
      };
    },
  };
}
