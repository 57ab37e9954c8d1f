import { readFileSync } from 'node:fs';
import { isLoopback, type SettingProblem } from '@ohif-azure/core/settings';
import { checkFields, foundIn, problemsOf } from './check-fields.ts';
import { settingsError } from './relay-error.ts';
import {
  DEFAULT_ROUTING,
  type Routing,
  routingSchema,
  serversOf as serversOfRouting,
} from './router/routing-schema.ts';
import type { ServerSettings } from './server-settings.ts';
import { serverSettings } from './server-settings.ts';
import {
  CALLER_FIELDS,
  DEFAULT_KEY_HEADER,
  ORTHANC_FIELDS,
  RELAY_FIELDS,
  SERVER_FIELDS,
  serverName,
} from './settings-manifest.ts';
import type { Environment, Gathered, ReadFile } from './settings-source.ts';
import { gather, isRaw } from './settings-source.ts';

/** What the caller of the relay must present: user name and password, or the key; either is enough where both are set. */
export interface CallerCredentials {
  readonly username?: string;
  readonly password?: string;
  readonly key?: string;
  /** In lower case. Default: {@link DEFAULT_KEY_HEADER}. */
  readonly keyHeader?: string;
}

/** Orthanc's REST API. */
export interface OrthancSettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

/** The relay's settings, checked. */
export interface RelaySettings {
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
  /** Absent: every caller on this machine is served. */
  readonly caller?: CallerCredentials;
  /** At least one, each with a name of its own. */
  readonly servers: readonly ServerSettings[];
  /** Absent (in tests): nothing is kept on disk. */
  readonly dataFolder?: string;
  readonly stopSeconds: number;
  /** Turns the auto-router on. */
  readonly orthanc?: OrthancSettings;
  readonly databaseUrl?: string;
  readonly quietSeconds: number;
  /** Of the auto-router. */
  readonly routing: Routing;
}

/** Options of {@link readRelaySettings}. */
export interface ReadSettingsOptions {
  /** The settings file, parsed; undefined: there is none. */
  readonly config?: unknown;
  /** For secrets and certificates in files. Default: of this machine. */
  readonly readFile?: ReadFile;
}

/** Whether an address to bind can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return isLoopback(host.includes(':') ? `[${host}]` : host.toLowerCase());
}

/** What is wrong with who may call, and with listening so widely; one problem a missing setting. */
export function exposureProblems(host: string, caller: CallerCredentials): SettingProblem[] {
  const { username, password, key } = caller;
  if (username || password) {
    const named = [
      ['RELAY_USERNAME', username],
      ['RELAY_PASSWORD', password],
    ] as const;
    return named
      .filter(([, value]) => !value)
      .map(([path]) => ({
        path,
        found: 'nothing',
        expected: 'both RELAY_USERNAME and RELAY_PASSWORD, or neither',
      }));
  }
  if (key || isLoopbackHost(host)) return [];
  const expected = `a value (or RELAY_KEY), since RELAY_HOST ${JSON.stringify(host)} can be reached from other machines`;
  return ['RELAY_USERNAME', 'RELAY_PASSWORD'].map(path => ({ path, found: 'nothing', expected }));
}

const ownMembers = ['servers', 'caller', 'orthanc', 'routing', '$schema'];

/** The member `routing`; the servers which it names have to be there. */
function routingOf(
  routing: unknown,
  servers: readonly ServerSettings[],
  problems: SettingProblem[]
): Routing {
  if (routing === undefined) return DEFAULT_ROUTING;
  const result = routingSchema.safeParse(routing);
  if (!result.success) {
    const found = problemsOf(result.error.issues, routing, 'routing');
    problems.push(
      ...found.map(each => ({ ...each, expected: each.expected.replace(/^expected /, '') }))
    );
    return DEFAULT_ROUTING;
  }
  const names = servers.map(({ name }) => name);
  for (const name of serversOfRouting(result.data)) {
    if (names.includes(name)) continue;
    const expected = `the name of one of the servers: ${names.join(', ')}`;
    problems.push({ path: 'routing: server', found: JSON.stringify(name), expected });
  }
  return result.data;
}

function serversOf(
  gathered: Gathered,
  readFile: ReadFile,
  problems: SettingProblem[]
): ServerSettings[] {
  const { raw, nameOf } = gathered;
  const servers = raw['servers'];
  if (!isRaw(servers)) {
    problems.push({ path: 'servers', found: foundIn(servers), expected: 'an object by name' });
    return [];
  }
  return Object.entries(servers).map(([name, one]) => {
    const path = ['servers', name];
    const named = serverName.safeParse(name);
    if (!named.success) problems.push(...problemsOf(named.error.issues, name, nameOf(path)));
    const values = checkFields(SERVER_FIELDS, one, path, gathered, problems);
    return serverSettings(name, values, gathered, readFile, problems);
  });
}

/**
 * Reads the relay's settings from the environment and, where there is one, the settings file; the environment wins. An empty variable
 * counts as absent.
 * @param env - for example `process.env`.
 * @throws {RelayError} ERR_RELAY_SETTINGS with all mistakes at once, each by name; also when the relay would listen wider than loopback
 *   without a credential.
 */
export function readRelaySettings(
  env: Environment,
  options: ReadSettingsOptions = {}
): RelaySettings {
  const { config, readFile = path => readFileSync(path, 'utf8') } = options;
  const problems: SettingProblem[] = [];
  if (config !== undefined && !isRaw(config)) {
    throw settingsError([{ path: 'the file', found: foundIn(config), expected: 'a JSON object' }]);
  }
  const gathered = gather(env, config, readFile, problems);
  const { raw } = gathered;
  const servers = serversOf(gathered, readFile, problems);
  const relay = checkFields(RELAY_FIELDS, raw, [], gathered, problems, ownMembers);
  const caller = checkFields(CALLER_FIELDS, raw['caller'], ['caller'], gathered, problems);
  const orthanc =
    raw['orthanc'] === undefined
      ? undefined
      : checkFields(ORTHANC_FIELDS, raw['orthanc'], ['orthanc'], gathered, problems);
  const routing = routingOf(raw['routing'], servers, problems);
  for (const problem of exposureProblems(relay.host, caller)) {
    if (!problems.some(({ path }) => path === problem.path)) problems.push(problem);
  }
  if (problems.length > 0) {
    throw settingsError(
      problems.filter((each, i) => problems.findIndex(({ path }) => path === each.path) === i)
    );
  }
  const { username, password, key, keyHeader = DEFAULT_KEY_HEADER } = caller;
  const { databaseUrl, ...rest } = relay;
  return {
    ...rest,
    servers,
    ...(databaseUrl ? { databaseUrl } : {}),
    ...(username && password ? { caller: { username, password } } : {}),
    ...(key
      ? {
          caller: {
            ...(username && password ? { username, password } : {}),
            key,
            keyHeader: keyHeader.toLowerCase(),
          },
        }
      : {}),
    ...(orthanc ? { orthanc: { ...orthanc, url: orthanc.url.replace(/\/+$/, '') } } : {}),
    routing,
  };
}

/**
 * Reads the settings file (`--config relay.json`) and the environment.
 * @param file - path of a JSON file; undefined: the environment alone.
 * @throws {RelayError} ERR_RELAY_SETTINGS, also when the file cannot be read or is no JSON.
 */
export function loadRelaySettings(
  env: Environment,
  file?: string,
  readFile: ReadFile = path => readFileSync(path, 'utf8')
): RelaySettings {
  if (file === undefined) return readRelaySettings(env, { readFile });
  let config: unknown;
  try {
    config = JSON.parse(readFile(file));
  } catch (cause) {
    // The message of JSON.parse may repeat what stands in the file, a secret too.
    const { code } = cause as NodeJS.ErrnoException;
    const found =
      cause instanceof SyntaxError
        ? 'a text that is no JSON'
        : `a file that cannot be read (${code ?? 'unknown reason'})`;
    throw settingsError([{ path: '--config', found, expected: 'the path of a JSON file' }]);
  }
  return readRelaySettings(env, { config, readFile });
}
