import { isLoopback, type SettingProblem } from '@ohif-azure/core/settings';
import type { Values } from './setting-field.ts';
import { SERVER_FIELDS } from './settings-manifest.ts';
import type { Gathered, ReadFile } from './settings-source.ts';

/** What access tokens are had for. */
export type Credential =
  | {
      readonly kind: 'secret';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope: string;
    }
  | {
      readonly kind: 'certificate';
      readonly tokenEndpoint: string;
      readonly clientId: string;
      /** PEM. */
      readonly certificate: string;
      /** PEM. */
      readonly privateKey: string;
      readonly passphrase?: string;
      readonly scope: string;
    }
  | {
      readonly kind: 'managed-identity';
      /** Of a user-assigned identity. */
      readonly clientId?: string;
      /** Audience of the access token. */
      readonly resource: string;
    }
  /** No access token: a service on this machine that asks for none. */
  | { readonly kind: 'none' };

/** One DICOM service, checked. */
export interface ServerSettings {
  /** Name in the routes, without `/`. */
  readonly name: string;
  /** With `/v1` or `/v2` and, where there is one, the partition; without a slash at the end. */
  readonly serviceUrl: string;
  readonly credential: Credential;
  readonly verifyDuplicates: 'none' | 'size' | 'hash';
  readonly implicitVR: 'pass' | 'transcode';
  readonly maxRequestBytes: number;
  readonly retrySeconds: number;
}

/** As checked one by one; what was wrong has its default, or is empty. */
export type ServerValues = Values<typeof SERVER_FIELDS>;
type FieldName = keyof typeof SERVER_FIELDS;

/** What the parts of one check share. */
interface Check {
  readonly values: ServerValues;
  readonly readFile: ReadFile;
  readonly complain: (field: FieldName, found: string, expected?: string) => void;
}

function tokenEndpointOf({ values, complain }: Check): string {
  const { tokenEndpoint, tenantId } = values;
  if (tokenEndpoint && tenantId) {
    complain('tenantId', 'a tenant beside a token endpoint', 'one of the two');
  }
  if (tokenEndpoint) return tokenEndpoint;
  if (tenantId) return `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
  complain('tokenEndpoint', 'nothing');
  return '';
}

function required(check: Check, field: 'clientId' | 'clientSecret' | 'certificateFile'): string {
  const value = check.values[field];
  if (value === undefined) check.complain(field, 'nothing');
  return value ?? '';
}

function pemOf(check: Check, field: 'certificateFile' | 'privateKeyFile', path: string): string {
  if (path === '') return '';
  try {
    return check.readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    check.complain(field, `a file that cannot be read${code ? ` (${code})` : ''}`);
    return '';
  }
}

function credentialOf(check: Check): Credential {
  const { values, complain } = check;
  const { credential: kind, scope, clientId, serviceUrl } = values;
  switch (kind) {
    case 'none':
      if (URL.canParse(serviceUrl) && !isLoopback(new URL(serviceUrl).hostname)) {
        complain(
          'credential',
          '"none" for a service elsewhere',
          '"secret", "certificate" or "managed-identity"'
        );
      }
      return { kind };
    case 'managed-identity':
      return {
        kind,
        ...(clientId ? { clientId } : {}),
        resource: scope.replace(/\/\.default$/, ''),
      };
    case 'secret':
      return {
        kind,
        clientId: required(check, 'clientId'),
        clientSecret: required(check, 'clientSecret'),
        tokenEndpoint: tokenEndpointOf(check),
        scope,
      };
    case 'certificate': {
      const certificateFile = required(check, 'certificateFile');
      const { privateKeyFile = certificateFile, privateKeyPassphrase: passphrase } = values;
      return {
        kind,
        clientId: required(check, 'clientId'),
        tokenEndpoint: tokenEndpointOf(check),
        certificate: pemOf(check, 'certificateFile', certificateFile),
        privateKey:
          privateKeyFile === certificateFile
            ? pemOf(check, 'certificateFile', certificateFile)
            : pemOf(check, 'privateKeyFile', privateKeyFile),
        ...(passphrase ? { passphrase } : {}),
        scope,
      };
    }
  }
}

const EXPECTED: Partial<Record<FieldName, string>> = {
  clientId: 'the client id of the application that stores',
  clientSecret: "the value of the application's client secret",
  tokenEndpoint: 'an https:// URL (http:// only on this machine) without query string',
  certificateFile: 'the path of a PEM file with the certificate',
  privateKeyFile: 'the path of a PEM file with the private key',
};

/**
 * What only shows when the settings of one server are seen together: what its kind of credential needs.
 * @param values - as {@link ServerValues}.
 * @param problems - takes what is wrong.
 */
export function serverSettings(
  name: string,
  values: ServerValues,
  { nameOf }: Gathered,
  readFile: ReadFile,
  problems: SettingProblem[]
): ServerSettings {
  const complain: Check['complain'] = (field, found, expected = EXPECTED[field] ?? 'a value') => {
    const path = nameOf(['servers', name, field], SERVER_FIELDS[field]);
    if (!problems.some(problem => problem.path === path)) problems.push({ path, found, expected });
  };
  const { serviceUrl, verifyDuplicates, implicitVR, maxRequestBytes, retrySeconds } = values;
  return {
    name,
    serviceUrl: serviceUrl.replace(/\/$/, ''),
    credential: credentialOf({ values, readFile, complain }),
    verifyDuplicates,
    implicitVR,
    maxRequestBytes,
    retrySeconds,
  };
}
