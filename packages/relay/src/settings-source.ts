import type { SettingProblem } from '@ohif-azure/core/settings';
import type { Field, FieldGroup, Fields } from './setting-field.ts';
import {
  CALLER_FIELDS,
  DEFAULT_SERVER,
  ORTHANC_FIELDS,
  RELAY_FIELDS,
  SERVER_FIELDS,
  SERVER_NAME_ENV,
  serverName,
} from './settings-manifest.ts';

/** As `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A member of the settings as it was found, before it is checked. */
export type Raw = Record<string, unknown>;

export const isRaw = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings of file and environment together, before they are checked. */
export interface Gathered {
  /** `servers`, `caller`, `orthanc` and the rest, as in the file. */
  readonly raw: Raw;
  /** The name of a setting as an administrator would write it: the variable it came from or would come from, else its path in the file. */
  readonly nameOf: (path: readonly string[], field?: Field) => string;
}

/** Reads the text of a file. */
export type ReadFile = (path: string) => string;

interface Reader {
  readonly env: Environment;
  readonly readFile: ReadFile;
  readonly problems: SettingProblem[];
}

function readSecretFile({ readFile, problems }: Reader, name: string, path: string): string {
  try {
    return readFile(path).replace(/\r?\n$/, '');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    problems.push({
      path: name,
      found: `a file that cannot be read${code ? ` (${code})` : ''}`,
      expected: 'the path of a file that holds the secret',
    });
    return '';
  }
}

/** The variable's value; an empty one counts as absent. A secret may begin or end with a space, nothing else does on purpose. */
function valueOf(reader: Reader, name: string, isSecret = false): string | undefined {
  const { env } = reader;
  const given = env[name] ?? '';
  const value = isSecret ? given : given.trim();
  if (value) return value;
  const file = isSecret ? env[`${name}_FILE`] : undefined;
  return file ? readSecretFile(reader, `${name}_FILE`, file) || undefined : undefined;
}

interface Found {
  readonly name: string;
  readonly value: string;
}

function inEnvironment(reader: Reader, { env, isSecret }: Field): Found | undefined {
  const all = env.flatMap(name => {
    const value = valueOf(reader, name, isSecret);
    return value === undefined ? [] : [{ name, value }];
  });
  const [first, ...others] = all;
  for (const other of others) {
    if (first && other.value !== first.value) {
      reader.problems.push({
        path: other.name,
        found: 'another value',
        expected: `nothing, or the same value as in ${first.name}: both are the same setting`,
      });
    }
  }
  return first;
}

/** Numbers are written in digits there; anything else is left for the schema to complain about. */
const converted = ({ schema }: Field, value: string): unknown =>
  /^-?\d+$/.test(value) && !schema.safeParse(value).success ? Number(value) : value;

/** `{"env": NAME}` or `{"file": PATH}` in place of a secret. */
function resolved(reader: Reader, name: string, value: unknown): unknown {
  if (!isRaw(value) || Object.keys(value).length !== 1) return value;
  const { env, file } = value;
  if (typeof env === 'string') {
    const found = valueOf(reader, env, true);
    if (found !== undefined) return found;
    reader.problems.push({
      path: name,
      found: `the variable ${JSON.stringify(env)}, which is not set`,
      expected: 'the name of an environment variable that is set',
    });
    return '-';
  }
  return typeof file === 'string' ? readSecretFile(reader, name, file) || '-' : value;
}

/**
 * Puts file and environment together. The environment wins; its server is the one of its name (RELAY_SERVER), or one more.
 * @param config - the parsed file; undefined: there is none.
 * @param problems - takes what cannot be read.
 */
export function gather(
  env: Environment,
  config: Raw | undefined,
  readFile: ReadFile,
  problems: SettingProblem[]
): Gathered {
  const reader: Reader = { env, readFile, problems };
  const raw: Raw = structuredClone(config ?? {});
  const origins = new Map<string, string>();

  const object = (parent: Raw, key: string): Raw | undefined => {
    if (parent[key] === undefined) parent[key] = {};
    const value = parent[key];
    return isRaw(value) ? value : undefined;
  };
  const nameOf = (path: readonly string[], field?: Field): string =>
    origins.get(path.join('.')) ?? (config === undefined && field ? field.env[0] : path.join('.'));

  const overlay = ({ path, fields }: FieldGroup, found: ReadonlyMap<string, Found>): void => {
    let target: Raw | undefined = raw;
    for (const key of path) target = target && object(target, key);
    for (const [name, { name: variable, value }] of found) {
      const field = fields[name];
      if (!target || !field) continue;
      target[name] = converted(field, value);
      origins.set([...path, name].join('.'), variable);
    }
  };
  const all = (fields: Fields): Map<string, Found> =>
    new Map(
      Object.entries(fields).flatMap(([name, field]) => {
        const found = inEnvironment(reader, field);
        return found ? [[name, found] as const] : [];
      })
    );

  const nameField: Field = { ...SERVER_FIELDS.serviceUrl, env: [...SERVER_NAME_ENV] };
  const named = inEnvironment(reader, nameField);
  const server = all(SERVER_FIELDS);
  const hasServers = isRaw(raw['servers']) && Object.keys(raw['servers']).length > 0;
  if (server.size > 0 || named || !hasServers) {
    const { success, error } = serverName.safeParse(named?.value ?? DEFAULT_SERVER);
    if (named && !success) {
      const expected = error.issues[0]?.message ?? '';
      problems.push({
        path: named.name,
        found: JSON.stringify(named.value.slice(0, 80)),
        expected,
      });
    }
    // A name that is no good may be one that an object cannot have.
    const name = success ? (named?.value ?? DEFAULT_SERVER) : DEFAULT_SERVER;
    overlay({ path: ['servers', name], fields: SERVER_FIELDS }, server);
  }
  overlay({ path: ['caller'], fields: CALLER_FIELDS }, all(CALLER_FIELDS));
  overlay({ path: [], fields: RELAY_FIELDS }, all(RELAY_FIELDS));
  const orthanc = all(ORTHANC_FIELDS);
  // ORTHANC_URL alone turns the auto-router on: the other two may be there for somebody else.
  if (raw['orthanc'] !== undefined || orthanc.has('url')) {
    overlay({ path: ['orthanc'], fields: ORTHANC_FIELDS }, orthanc);
  }

  const resolveSecrets = (fields: Fields, path: readonly string[], target: unknown): void => {
    if (!isRaw(target)) return;
    for (const [name, field] of Object.entries(fields)) {
      if (!field.isSecret || target[name] === undefined) continue;
      target[name] = resolved(reader, nameOf([...path, name], field), target[name]);
    }
  };
  for (const [name, one] of Object.entries(isRaw(raw['servers']) ? raw['servers'] : {})) {
    resolveSecrets(SERVER_FIELDS, ['servers', name], one);
  }
  resolveSecrets(CALLER_FIELDS, ['caller'], raw['caller']);
  resolveSecrets(RELAY_FIELDS, [], raw);
  resolveSecrets(ORTHANC_FIELDS, ['orthanc'], raw['orthanc']);
  return { raw, nameOf };
}
