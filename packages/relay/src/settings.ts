import { redact } from '@ohif-azure/core';
import { isLoopback, type SettingProblem } from '@ohif-azure/core/settings';
import { settingsError } from './relay-error.ts';
import { RELAY_SETTINGS, type SettingName, type SettingRow } from './settings-manifest.ts';

/** What the caller of the relay must present. */
export interface CallerCredentials {
  readonly username: string;
  readonly password: string;
}

/** The relay's settings, checked. */
export interface RelaySettings {
  /** Name in the routes, without `/`. */
  readonly serverName: string;
  /** With `/v1` or `/v2` and, where there is one, the partition; without a slash at the end. */
  readonly serviceUrl: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Absent: every caller on this machine is served. */
  readonly caller?: CallerCredentials;
}

const MAX_FOUND = 80;

function foundIn(row: SettingRow, value: string): string {
  if (row.secret) return 'a value that is not shown';
  const shown = redact(value);
  return JSON.stringify(shown.length > MAX_FOUND ? `${shown.slice(0, MAX_FOUND - 1)}…` : shown);
}

/** Whether an address to bind can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return isLoopback(host.includes(':') ? `[${host}]` : host.toLowerCase());
}

/** What is wrong with listening so widely, as one problem a missing setting. */
export function exposureProblems(
  host: string,
  caller: Partial<CallerCredentials>
): SettingProblem[] {
  const why = isLoopbackHost(host)
    ? 'both RELAY_USERNAME and RELAY_PASSWORD, or neither'
    : `a value, since RELAY_HOST ${JSON.stringify(host)} can be reached from other machines`;
  const wanted = !isLoopbackHost(host) || caller.username || caller.password;
  if (!wanted) return [];
  const named = [
    ['RELAY_USERNAME', caller.username],
    ['RELAY_PASSWORD', caller.password],
  ] as const;
  return named
    .filter(([, value]) => !value)
    .map(([path]) => ({ path, found: 'nothing', expected: why }));
}

/**
 * Reads the relay's settings from the environment. An empty variable counts as absent.
 * @param env - for example `process.env`.
 * @throws {RelayError} ERR_RELAY_SETTINGS with all mistakes at once, each by name; also when the relay would listen wider than loopback
 *   without a user name and a password.
 */
export function readRelaySettings(
  env: Readonly<Record<string, string | undefined>>
): RelaySettings {
  const problems: SettingProblem[] = [];
  const values = new Map<SettingName, string>();
  for (const row of RELAY_SETTINGS) {
    const { name, secret, optional, default: fallback, expected, isValid }: SettingRow = row;
    const raw = env[name] ?? '';
    // A secret may begin or end with a space; nothing else does on purpose.
    const value = (secret ? raw : raw.trim()) || fallback;
    if (value === undefined) {
      if (!optional) problems.push({ path: name, found: 'nothing', expected });
    } else {
      // A wrong value is kept, so that what depends on it is not said to be missing.
      values.set(row.name, value);
      if (!isValid(value)) problems.push({ path: name, found: foundIn(row, value), expected });
    }
  }
  const host = values.get('RELAY_HOST') ?? '';
  const [username, password] = [values.get('RELAY_USERNAME'), values.get('RELAY_PASSWORD')];
  if (!problems.some(({ path }) => path === 'RELAY_HOST')) {
    problems.push(...exposureProblems(host, { username, password }));
  }
  if (problems.length > 0) throw settingsError(problems);
  const given = (name: SettingName): string => values.get(name) ?? '';
  return {
    serverName: given('RELAY_SERVER'),
    serviceUrl: given('DICOM_SERVICE_URL').replace(/\/$/, ''),
    tokenEndpoint: given('OAUTH_TOKEN_ENDPOINT'),
    clientId: given('OAUTH_CLIENT_ID'),
    clientSecret: given('OAUTH_CLIENT_SECRET'),
    scope: given('DICOM_SCOPE'),
    host,
    port: Number(given('RELAY_PORT')),
    ...(username && password ? { caller: { username, password } } : {}),
  };
}
