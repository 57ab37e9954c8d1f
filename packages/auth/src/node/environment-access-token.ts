import type { Clock } from '@ohif-azure/core';
import { systemClock } from '@ohif-azure/core';
import { AuthError } from '../auth-error.ts';
import { CLOCK_SKEW_MS } from '../describe-token.ts';
import { dateMember, decodeJwt } from '../jwt-claims.ts';
import type { AccessTokenSource } from './access-token-source.ts';
import { isAccessTokenText } from './access-token-source.ts';

/** The variable the access token is read from. */
export const ACCESS_TOKEN_VARIABLE = 'DICOM_ACCESS_TOKEN';

/** Options of {@link environmentAccessToken}. */
export interface EnvironmentAccessTokenOptions {
  /** Default: `process.env`. Read anew each time. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * The access token in `DICOM_ACCESS_TOKEN`. Nothing renews it: an access token that says when it ends is not given out after that
 * (five minutes of clock skew allowed).
 *
 * Errors, from `accessToken`: `ERR_AUTH_PROVIDER_CONFIGURATION` (not set, or not fit for a header), `ERR_AUTH_SIGNIN_REQUIRED` (ended).
 */
export function environmentAccessToken(
  options: EnvironmentAccessTokenOptions = {}
): AccessTokenSource {
  const { environment = process.env, clock = systemClock } = options;
  return {
    accessToken: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      const value = environment[ACCESS_TOKEN_VARIABLE]?.trim() ?? '';
      if (!isAccessTokenText(value)) {
        const found = value === '' ? 'is not set' : 'holds other characters than those of one';
        throw new AuthError(
          'ERR_AUTH_PROVIDER_CONFIGURATION',
          `${ACCESS_TOKEN_VARIABLE}: expected an access token, without "Bearer"; it ${found}`
        );
      }
      const endsAt = dateMember(decodeJwt(value)?.claims ?? {}, 'exp');
      if (endsAt !== undefined && clock.now() >= endsAt + CLOCK_SKEW_MS) {
        throw new AuthError(
          'ERR_AUTH_SIGNIN_REQUIRED',
          `${ACCESS_TOKEN_VARIABLE}: the access token ended at ${new Date(endsAt).toISOString()}; get a new one`
        );
      }
      return value;
    },
  };
}
