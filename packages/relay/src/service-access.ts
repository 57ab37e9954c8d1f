import type { AccessTokenSource } from '@ohif-azure/auth/node';
import { isProjectError } from '@ohif-azure/core';
import { Refusal } from './refusal.ts';

/** What `/status` says of the access token. */
export type AccessState =
  | { readonly state: 'not requested yet' | 'obtained' }
  | { readonly state: 'refused by the DICOM service' }
  | { readonly state: 'failed'; readonly code: string };

/** The access tokens for the DICOM service. */
export interface ServiceAccess {
  /**
   * An access token which the service has not refused yet.
   * @throws {Refusal} 502 when the identity provider gives none.
   * @throws the signal's reason when `signal` is aborted.
   */
  accessToken(signal: AbortSignal): Promise<string>;
  /** The service answered 401 to this one: the next request gets another. */
  refused(accessToken: string): void;
  state(): AccessState;
}

/** Watches which access token the service refuses, so that a renewal is asked for once and not by every request under way. */
export function serviceAccess(source: AccessTokenSource): ServiceAccess {
  let refusedToken: string | undefined;
  let state: AccessState = { state: 'not requested yet' };

  const current = async (signal: AbortSignal): Promise<string> => {
    const held = await source.accessToken({ signal });
    return held === refusedToken ? await source.accessToken({ renew: true, signal }) : held;
  };

  return {
    accessToken: async signal => {
      try {
        const accessToken = await current(signal);
        state = { state: 'obtained' };
        return accessToken;
      } catch (cause) {
        if (signal.aborted) throw cause;
        const code = isProjectError(cause) ? cause.code : 'unknown';
        state = { state: 'failed', code };
        // The texts of AuthError are made for administrators and hold no secret; others are not repeated.
        const why = isProjectError(cause) ? cause.message : 'the reason is not known';
        throw new Refusal(
          502,
          'access-token',
          `Nothing was sent: the relay has no access token for the DICOM service: ${why}`,
          { cause }
        );
      }
    },
    refused: accessToken => {
      refusedToken = accessToken;
      state = { state: 'refused by the DICOM service' };
    },
    state: () => state,
  };
}
