import {
  ACCESS_TOKEN_VARIABLE,
  AUTH_CONNECTION_INFO_VARIABLE,
  clientCredentialsSource,
  deviceCodeSource,
  environmentAccessToken,
  managedIdentitySource,
  parseAuthConnectionInfo,
  type AccessTokenSource,
  type DeviceCodePrompt,
} from '@ohif-azure/auth/node';
import { AZURE_DICOM_AUDIENCE, AZURE_DICOM_SCOPE } from '@ohif-azure/core';
import { UsageError } from '../usage-error.ts';

/** Values of `--auth`. */
export const AUTH_KINDS = [
  'none',
  'client-credentials',
  'managed-identity',
  'device-code',
  'token',
] as const;
export type AuthKind = (typeof AUTH_KINDS)[number];

/** Where the access token of a command comes from. */
export interface Credentials {
  readonly kind: AuthKind;
  /** Undefined for `none`. */
  readonly source: AccessTokenSource | undefined;
  /** For messages: `client credentials (OAUTH_CLIENT_ID)`. */
  readonly origin: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const CLIENT_VARIABLES = [
  'OAUTH_CLIENT_ID',
  'OAUTH_CLIENT_SECRET',
  'OAUTH_TOKEN_ENDPOINT',
] as const;
const APPLICATION_SCOPE = `${AZURE_DICOM_AUDIENCE}/.default`;
const USER_SCOPE = `${AZURE_DICOM_SCOPE} offline_access`;

const valueOf = (env: Environment, name: string): string => env[name]?.trim() ?? '';

/** What the environment has; undefined: nothing. The application's own variables come before the Python client's, and before a token. */
function kindOfEnvironment(env: Environment): AuthKind | undefined {
  // A client id alone may be that of a managed identity or of a device code.
  if (valueOf(env, 'OAUTH_CLIENT_SECRET') !== '') return 'client-credentials';
  if (valueOf(env, AUTH_CONNECTION_INFO_VARIABLE) !== '') return 'client-credentials';
  return valueOf(env, ACCESS_TOKEN_VARIABLE) === '' ? undefined : 'token';
}

function require(env: Environment, names: readonly string[], kind: AuthKind): string[] {
  const missing = names.filter(name => valueOf(env, name) === '');
  if (missing.length > 0) {
    throw new UsageError(
      `--auth ${kind} needs ${missing.join(' and ')} in the environment; ${missing.length > 1 ? 'they are' : 'it is'} not set.`
    );
  }
  return names.map(name => valueOf(env, name));
}

/** Mistakes in the settings are the user's to put right; the sources say which one it is. */
function settingsOf<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new UsageError((cause as Error).message, { cause });
  }
}

function clientCredentials(env: Environment): Credentials {
  const isPython =
    CLIENT_VARIABLES.every(name => valueOf(env, name) === '') &&
    valueOf(env, AUTH_CONNECTION_INFO_VARIABLE) !== '';
  if (isPython) {
    const info = settingsOf(() =>
      parseAuthConnectionInfo(env[AUTH_CONNECTION_INFO_VARIABLE] ?? '')
    );
    return {
      kind: 'client-credentials',
      source: settingsOf(() => clientCredentialsSource(info)),
      origin: `client credentials (${AUTH_CONNECTION_INFO_VARIABLE})`,
    };
  }
  const [
    clientId = '',
    ,
    tokenEndpoint = '',
  ] = require(env, CLIENT_VARIABLES, 'client-credentials');
  // A secret may begin or end with a space.
  const clientSecret = env['OAUTH_CLIENT_SECRET'] ?? '';
  const scope = valueOf(env, 'DICOM_SCOPE') || APPLICATION_SCOPE;
  return {
    kind: 'client-credentials',
    source: settingsOf(() =>
      clientCredentialsSource({ tokenEndpoint, clientId, clientSecret, scope })
    ),
    origin: 'client credentials (OAUTH_CLIENT_ID)',
  };
}

function deviceCode(env: Environment, prompt: (prompt: DeviceCodePrompt) => void): Credentials {
  const [clientId = '', tokenEndpoint = ''] = require(env, [
    'OAUTH_CLIENT_ID',
    'OAUTH_TOKEN_ENDPOINT',
  ], 'device-code');
  if (!/\/token\/?$/.test(tokenEndpoint)) {
    throw new UsageError('OAUTH_TOKEN_ENDPOINT: expected an address that ends in /token');
  }
  return {
    kind: 'device-code',
    source: settingsOf(() =>
      deviceCodeSource({
        tokenEndpoint,
        deviceAuthorizationEndpoint: tokenEndpoint.replace(/\/token\/?$/, '/devicecode'),
        clientId,
        scope: valueOf(env, 'DICOM_SCOPE') || USER_SCOPE,
        prompt,
      })
    ),
    origin: 'sign-in with a device code',
  };
}

function managedIdentity(env: Environment): Credentials {
  const resource = valueOf(env, 'DICOM_SCOPE').replace(/\/\.default$/, '') || undefined;
  const clientId = valueOf(env, 'OAUTH_CLIENT_ID') || undefined;
  return {
    kind: 'managed-identity',
    source: settingsOf(() => managedIdentitySource({ resource, clientId })),
    origin: 'managed identity',
  };
}

/** What is needed to find credentials. */
export interface CredentialsRequest {
  /** Value of `--auth`; undefined: what the environment has. */
  readonly auth: AuthKind | undefined;
  readonly env: Environment;
  /** The service is on this machine: without credentials it is asked without. */
  readonly isLoopback: boolean;
  /** Shows the code of a device code sign-in. */
  readonly prompt: (prompt: DeviceCodePrompt) => void;
}

/**
 * Finds the credentials of a command. Nothing is requested yet.
 * @throws {UsageError} naming the variables that are missing or wrong, never a value.
 */
export function readCredentials(request: CredentialsRequest): Credentials {
  const { auth, env, isLoopback, prompt } = request;
  const kind = auth ?? kindOfEnvironment(env) ?? (isLoopback ? 'none' : undefined);
  switch (kind) {
    case 'none':
      return { kind, source: undefined, origin: 'none' };
    case 'client-credentials':
      return clientCredentials(env);
    case 'managed-identity':
      return managedIdentity(env);
    case 'device-code':
      return deviceCode(env, prompt);
    case 'token':
      require(env, [ACCESS_TOKEN_VARIABLE], 'token');
      return {
        kind,
        source: environmentAccessToken({ environment: env }),
        origin: ACCESS_TOKEN_VARIABLE,
      };
    case undefined:
      throw new UsageError(
        'No credentials: set OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET and OAUTH_TOKEN_ENDPOINT, or ' +
          `${AUTH_CONNECTION_INFO_VARIABLE}, or ${ACCESS_TOKEN_VARIABLE}; or choose --auth managed-identity, device-code or none.`
      );
  }
}
