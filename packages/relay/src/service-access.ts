import type { AccessTokenSource } from '@ohif-azure/auth/node';
import { hasCode, isProjectError } from '@ohif-azure/core';
import { Refusal } from './refusal.ts';

/** What `/status` says of the access token. */
export type AccessState =
  | { readonly state: 'not requested yet' | 'not needed' }
  /** `renewed_at`: ISO 8601, UTC. */
  | { readonly state: 'obtained'; readonly renewed_at: string }
  | { readonly state: 'refused by the DICOM service' }
  | { readonly state: 'failed'; readonly code: string };

/** The access tokens for the DICOM service. */
export interface ServiceAccess {
  /**
   * An access token which the service has not refused yet; undefined: the service asks for none.
   * @throws {Refusal} when the identity provider gives none: 403 when it refuses the relay, 503 when it does not answer.
   * @param caller - `signal`: aborted when nobody waits any more.
   * @throws the signal's reason when it is aborted; not where none is asked for.
   */
  accessToken(caller: { readonly signal: AbortSignal }): Promise<string | undefined>;
  /** The service answered 401 to this one: the next request gets another. */
  refused(accessToken: string): void;
  /** The service has taken this one: it answered something else than 401. */
  taken(accessToken: string): void;
  /** The line broke within a request with it: perhaps since the service had refused it. */
  doubted(accessToken: string): void;
  /** Whether {@link taken} was said of it, and neither {@link refused} nor {@link doubted} since. */
  isTaken(accessToken: string): boolean;
  state(): AccessState;
}

/** Options of {@link serviceAccess}. */
export interface ServiceAccessOptions {
  readonly now: () => number;
  readonly onRenewal: (result: 'obtained' | 'failed') => void;
}

const NO_TOKEN = Promise.resolve(undefined);

/** For a service that asks for no access token. */
export const NO_ACCESS_TOKEN: ServiceAccess = {
  accessToken: () => NO_TOKEN,
  refused: () => undefined,
  taken: () => undefined,
  doubted: () => undefined,
  isTaken: () => true,
  state: () => ({ state: 'not needed' }),
};

/** Watches which access token the service refuses, so that a renewal is asked for once and not by every request under way. */
export function serviceAccess(
  source: AccessTokenSource,
  { now, onRenewal }: ServiceAccessOptions
): ServiceAccess {
  let refusedToken: string | undefined;
  let takenToken: string | undefined;
  let last: string | undefined;
  let renewedAt = '';
  let state: AccessState = { state: 'not requested yet' };

  const current = async (signal: AbortSignal): Promise<string> => {
    const held = await source.accessToken({ signal });
    return held === refusedToken ? await source.accessToken({ renew: true, signal }) : held;
  };

  return {
    accessToken: async ({ signal }) => {
      try {
        const accessToken = await current(signal);
        if (accessToken !== last) {
          last = accessToken;
          renewedAt = new Date(now()).toISOString();
          onRenewal('obtained');
        }
        state = { state: 'obtained', renewed_at: renewedAt };
        return accessToken;
      } catch (cause) {
        if (signal.aborted) throw cause;
        onRenewal('failed');
        const code = isProjectError(cause) ? cause.code : 'unknown';
        state = { state: 'failed', code };
        // The texts of AuthError are made for administrators and hold no secret; others are not repeated.
        const why = isProjectError(cause) ? cause.message : 'the reason is not known';
        // Orthanc shows 403 as "Bad credentials", 503 as a matter of the network.
        throw new Refusal(
          hasCode(cause, 'ERR_AUTH_PROVIDER_UNREACHABLE') ? 503 : 403,
          'access-token',
          `Nothing was sent: the relay has no access token for the DICOM service: ${why}`,
          { cause }
        );
      }
    },
    refused: accessToken => {
      refusedToken = accessToken;
      if (takenToken === accessToken) takenToken = undefined;
      state = { state: 'refused by the DICOM service' };
    },
    taken: accessToken => {
      if (accessToken !== refusedToken) takenToken = accessToken;
    },
    doubted: accessToken => {
      if (takenToken === accessToken) takenToken = undefined;
    },
    isTaken: accessToken => accessToken === takenToken,
    state: () => state,
  };
}
