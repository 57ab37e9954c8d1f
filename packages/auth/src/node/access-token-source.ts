import type { Clock, FetchLike } from '@ohif-azure/core';
import type { RetryPolicy } from './back-off.ts';

/** Options of {@link AccessTokenSource.accessToken}. */
export interface AccessTokenOptions {
  /** Get a new one, whatever is at hand: after the service answered 401. Default: false. */
  readonly renew?: boolean;
  /** Ends the wait of this caller; others who wait for the same answer are not disturbed. When nobody waits any more, the request ends too. */
  readonly signal?: AbortSignal;
}

/** Where requests get their access token from, each time anew. */
export interface AccessTokenSource {
  /**
   * An access token that is valid for some time yet.
   * @throws AuthError `ERR_AUTH_PROVIDER_UNREACHABLE` (transient), `ERR_AUTH_PROVIDER_CONFIGURATION`, `ERR_AUTH_SIGNIN_REFUSED`;
   *   where a user signs in, also `ERR_AUTH_SIGNIN_TIMEOUT`; where nothing renews it, `ERR_AUTH_SIGNIN_REQUIRED`.
   * @throws the signal's reason when `signal` is aborted.
   */
  accessToken(options?: AccessTokenOptions): Promise<string>;
}

/** An access token as a token endpoint issues it. */
export interface IssuedAccessToken {
  readonly value: string;
  /** From the moment of receipt; `undefined`: the answer did not say (RFC 6749 5.1 only recommends it). */
  readonly lifeMs: number | undefined;
}

/** What every source takes that asks somebody for access tokens. */
export interface TokenSourceOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Default: the platform's. */
  readonly fetch?: FetchLike;
  /** 0 to below 1, for the waits. Default: `Math.random`. */
  readonly random?: () => number;
  /** Waits after 429 and 5xx. Default: `DEFAULT_RETRY_POLICY` (managed identity has its own). */
  readonly retry?: Partial<RetryPolicy>;
}

/** What can stand in an Authorization header (RFC 6750 2.1). */
export function isAccessTokenText(value: string): boolean {
  return /^[A-Za-z0-9._~+/-]+=*$/.test(value);
}

/**
 * An access token that was given once and is not renewed.
 * @throws TypeError when `value` cannot stand in a header (RFC 6750 2.1).
 */
export function staticAccessToken(value: string): AccessTokenSource {
  if (!isAccessTokenText(value)) {
    throw new TypeError(
      'staticAccessToken: expected an access token without spaces or line breaks'
    );
  }
  return {
    accessToken: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      return value;
    },
  };
}
