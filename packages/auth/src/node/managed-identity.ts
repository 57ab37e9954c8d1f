import { AZURE_DICOM_AUDIENCE } from '@ohif-azure/core';
import { AuthError } from '../auth-error.ts';
import type { AccessTokenSource, TokenSourceOptions } from './access-token-source.ts';
import type { RetryPolicy } from './back-off.ts';
import { DEFAULT_RETRY_POLICY } from './back-off.ts';
import { cachedAccessTokenSource } from './cached-access-token-source.ts';
import { requireHttpURL } from './http-endpoint.ts';
import { issuedFrom } from './token-answer.ts';
import type { TokenRequest } from './token-request.ts';
import { sendTokenRequest } from './token-request.ts';

/** Where the identity of the machine or the app is asked for access tokens. */
export interface ManagedIdentityEndpoint {
  readonly url: string;
  /** App Service, Functions and Container Apps: the value of `IDENTITY_HEADER`, a secret. Absent: a virtual machine (IMDS). */
  readonly identityHeader?: string;
}

/** Azure Instance Metadata Service, the same address on every virtual machine. */
export const IMDS_ENDPOINT = 'http://169.254.169.254/metadata/identity/oauth2/token';
const IMDS_VERSION = '2018-02-01';
const APP_VERSION = '2019-08-01';

/** The longest wait for the answer, in milliseconds: the endpoint is near, and outside Azure nobody is at its address. */
export const MANAGED_IDENTITY_TIMEOUT_MS = 10_000;

/** "Safe to retry after waiting for at least 1 second"; after 410 it is there again "within 70 seconds" (Learn, "how-to-use-vm-token"). */
export const MANAGED_IDENTITY_RETRY_POLICY: RetryPolicy = {
  ...DEFAULT_RETRY_POLICY,
  maxRetries: 7,
  maxTotalMs: 90_000,
  minDelayMs: 1_000,
  baseDelayMs: 2_000,
};
/** "404: IMDS endpoint is updating. 410: IMDS is going through updates." The usual back-off would give up too soon after 410. */
const IMDS_UPDATING: ReadonlyMap<number, number | undefined> = new Map([
  [404, undefined],
  [410, 10_000],
]);

/** Options of {@link managedIdentitySource}. */
export interface ManagedIdentityOptions extends TokenSourceOptions {
  /** Audience of the access token. Default: the Azure DICOM service's. */
  readonly resource?: string;
  /** Client id of a user-assigned identity. Default: the system-assigned one. */
  readonly clientId?: string;
  /** Default: {@link managedIdentityEndpoint} of this process. */
  readonly endpoint?: ManagedIdentityEndpoint;
}

/**
 * The endpoint the platform offers: `IDENTITY_ENDPOINT` with `IDENTITY_HEADER`, else {@link IMDS_ENDPOINT}. Nothing is asked.
 * @param environment - as `process.env`.
 * @throws AuthError `ERR_AUTH_PROVIDER_CONFIGURATION` for Azure Arc and Service Fabric, whose protocols are others.
 * @see Microsoft Learn, "Managed identities in Azure Container Apps", "REST endpoint reference"
 */
export function managedIdentityEndpoint(
  environment: Readonly<Record<string, string | undefined>>
): ManagedIdentityEndpoint {
  const url = environment['IDENTITY_ENDPOINT'];
  const identityHeader = environment['IDENTITY_HEADER'];
  if (!url) return { url: IMDS_ENDPOINT };
  if (!identityHeader || environment['IDENTITY_SERVER_THUMBPRINT']) {
    throw new AuthError(
      'ERR_AUTH_PROVIDER_CONFIGURATION',
      'Managed identity of Azure Arc and of Service Fabric is not supported; use client credentials'
    );
  }
  return { url, identityHeader };
}

function requestTo(
  endpoint: ManagedIdentityEndpoint,
  options: ManagedIdentityOptions
): TokenRequest {
  const { resource = AZURE_DICOM_AUDIENCE, clientId } = options;
  const { identityHeader } = endpoint;
  requireHttpURL(endpoint.url, 'managedIdentitySource: "endpoint.url"');
  if (identityHeader !== undefined && !/^[\x21-\x7e]+$/.test(identityHeader)) {
    throw new TypeError(
      'managedIdentitySource: expected "endpoint.identityHeader" without spaces or line breaks'
    );
  }
  const url = new URL(endpoint.url);
  url.searchParams.set('api-version', identityHeader === undefined ? IMDS_VERSION : APP_VERSION);
  url.searchParams.set('resource', resource);
  if (clientId) url.searchParams.set('client_id', clientId);
  const which = clientId ? 'this client id' : 'a system-assigned identity';
  return {
    url: url.href,
    headers:
      identityHeader === undefined ? { Metadata: 'true' } : { 'X-IDENTITY-HEADER': identityHeader },
    hint: `check that ${which} is assigned to this machine or app, and the resource`,
    whenSilent: 'no managed identity answered; this works on Azure only',
    laterStatuses: identityHeader === undefined ? IMDS_UPDATING : undefined,
  };
}

/**
 * Access tokens of the machine or app this runs on: no secret is kept anywhere. Virtual machines and scale sets (IMDS), App Service,
 * Functions and Container Apps. Kept and renewed like those of `clientCredentialsSource`; waits between repetitions follow
 * {@link MANAGED_IDENTITY_RETRY_POLICY}. After `renew` the platform may give the same one again: it keeps its own.
 *
 * The endpoint receives one GET with `api-version`, `resource` and `client_id`, and `Metadata` or `X-IDENTITY-HEADER`. It must not be
 * behind a proxy.
 *
 * Errors: `ERR_AUTH_PROVIDER_UNREACHABLE` (no answer within 10 s, 404 and 410 of IMDS, 429, 5xx), `ERR_AUTH_SIGNIN_REFUSED`,
 * `ERR_AUTH_PROVIDER_CONFIGURATION` (no such identity or resource; not a platform that is supported).
 * @throws TypeError when `endpoint` is not an absolute http(s) URL, or its header cannot be sent.
 * @see Microsoft Learn, "How to use managed identities on a virtual machine to acquire an access token"
 */
export function managedIdentitySource(options: ManagedIdentityOptions = {}): AccessTokenSource {
  const { clock, fetch, random } = options;
  const request = requestTo(options.endpoint ?? managedIdentityEndpoint(process.env), options);
  const issue = async (signal: AbortSignal) => {
    const tools = { clock, fetch, signal, timeoutMs: MANAGED_IDENTITY_TIMEOUT_MS };
    return issuedFrom(await sendTokenRequest(request, tools));
  };
  const retry = { ...MANAGED_IDENTITY_RETRY_POLICY, ...options.retry };
  return cachedAccessTokenSource(issue, clock, { random, retry });
}
