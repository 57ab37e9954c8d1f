import type { FetchLike } from '@ohif-azure/core';
import { redactURL } from '@ohif-azure/core';
import { isEntraHost } from '../access-token-kind.ts';
import { AuthError } from '../auth-error.ts';

/** What is used of a provider's metadata. @see OpenID Connect Discovery 1.0, 3 */
export interface ProviderMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
}

/** The longest wait for the provider's metadata, in milliseconds. */
export const DISCOVERY_TIMEOUT_MS = 10_000;

const withoutSlash = (url: string): string => url.replace(/\/$/, '');

function misconfigured(address: string, found: string): AuthError {
  return new AuthError(
    'ERR_AUTH_PROVIDER_CONFIGURATION',
    `The sign-in settings name ${address}, but ${found}. Ask your administrator to check authority and tenant.`
  );
}

/**
 * The issuer must be the authority (OpenID Connect Discovery 1.0, 4.3). Entra ID is the exception: there a tenant has several names, and
 * the issuer of version 1.0 is at another host.
 */
function isIssuerOf(authority: string, issuer: string): boolean {
  return (
    withoutSlash(issuer) === withoutSlash(authority) ||
    (isEntraHost(authority) && isEntraHost(issuer))
  );
}

/** An endpoint must be as safe as the authority: no step down from HTTPS. */
function isEndpoint(value: unknown, authority: string): value is string {
  if (typeof value !== 'string' || !URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'https:' || (protocol === 'http:' && authority.startsWith('http:'));
}

async function fetchMetadata(address: string, fetch: FetchLike): Promise<unknown> {
  let status: number;
  let text: string;
  try {
    const response = await fetch(address, {
      headers: { Accept: 'application/json' },
      credentials: 'omit',
      signal: AbortSignal.timeout(DISCOVERY_TIMEOUT_MS),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw new AuthError(
      'ERR_AUTH_PROVIDER_UNREACHABLE',
      `The sign-in service ${redactURL(address)} cannot be reached. Check the network, then try again.`,
      { cause }
    );
  }
  if (status >= 500 || status === 429 || status === 408) {
    throw new AuthError(
      'ERR_AUTH_PROVIDER_UNREACHABLE',
      `The sign-in service ${redactURL(address)} is not available (status ${status}). Try again later.`
    );
  }
  if (status !== 200) throw misconfigured(redactURL(address), `it answers with status ${status}`);
  try {
    return JSON.parse(text);
  } catch {
    throw misconfigured(redactURL(address), 'its answer is not JSON');
  }
}

/**
 * Reads a provider's metadata.
 * @throws AuthError `ERR_AUTH_PROVIDER_UNREACHABLE`: no answer, 5xx, 429; `ERR_AUTH_PROVIDER_CONFIGURATION`: everything else that is wrong.
 * @see OpenID Connect Discovery 1.0, 4
 */
export async function discoverProvider(
  authority: string,
  fetch: FetchLike
): Promise<ProviderMetadata> {
  const address = `${withoutSlash(authority)}/.well-known/openid-configuration`;
  const metadata = await fetchMetadata(address, fetch);
  const where = redactURL(address);
  if (typeof metadata !== 'object' || metadata === null) {
    throw misconfigured(where, 'its answer is not a JSON object');
  }
  const { issuer, authorization_endpoint, token_endpoint, end_session_endpoint } =
    metadata as Record<string, unknown>;
  if (typeof issuer !== 'string' || !isIssuerOf(authority, issuer)) {
    throw misconfigured(where, 'what answers there is another issuer');
  }
  if (!isEndpoint(authorization_endpoint, authority) || !isEndpoint(token_endpoint, authority)) {
    throw misconfigured(where, 'it names no usable endpoints');
  }
  return {
    issuer,
    authorization_endpoint,
    token_endpoint,
    ...(isEndpoint(end_session_endpoint, authority) ? { end_session_endpoint } : {}),
  };
}
