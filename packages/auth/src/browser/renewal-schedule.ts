import { SESSION_WARNING_MS } from './session-types.ts';

/** An access token is renewed so long before its end, in milliseconds. */
export const RENEW_AHEAD_MS = 60_000;
/** Of a short life, this part before its end. */
export const RENEW_AHEAD_PART_OF_LIFE = 0.2;
/** The first wait after a renewal that failed for a passing reason; doubled each time. */
export const FIRST_RETRY_MS = 5000;
export const LONGEST_RETRY_MS = 60_000;
/** The wait after a renewal that failed for a lasting reason (settings, refusal). */
export const LASTING_RETRY_MS = 300_000;
/** When the page is looked at again, a retry comes forward, but not closer than this to the last one. */
export const CLOSEST_RETRY_MS = 5000;

/** Of a short session, this part before its end it is warned of. */
export const WARN_AHEAD_PART_OF_SESSION = 0.2;

/** When the end of a session is to be told: ten minutes before, or after four fifths of a short one. */
export function warningDueAt(signedInAt: number, endsAt: number): number {
  return endsAt - Math.min(SESSION_WARNING_MS, (endsAt - signedInAt) * WARN_AHEAD_PART_OF_SESSION);
}

/** When an access token is due for renewal: a minute before its end, or after four fifths of a short life. */
export function renewalDueAt(issuedAt: number, expiresAt: number): number {
  const aheadMs = Math.min(RENEW_AHEAD_MS, (expiresAt - issuedAt) * RENEW_AHEAD_PART_OF_LIFE);
  return expiresAt - aheadMs;
}

/** The wait after so many failures in a row. @param failures - 1 or more. */
export function retryDelayMs(failures: number, isTransient: boolean): number {
  if (!isTransient) return LASTING_RETRY_MS;
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
}
