import type { AuthorizationSource } from './exchange.ts';

/** A source of access tokens, as `@ohif-azure/auth` has them. */
export interface AccessTokens {
  /** @param options - `renew`: get a new one, whatever is at hand (the service answered 401). */
  accessToken(options?: {
    readonly renew?: boolean;
    readonly signal?: AbortSignal;
  }): Promise<string>;
}

/** Gives each request `Bearer` and the access token that the source has at that time. @see RFC 6750 2.1 */
export function bearerAuthorization(source: AccessTokens): AuthorizationSource {
  return async ({ renew, signal }) => `Bearer ${await source.accessToken({ renew, signal })}`;
}
