import { AuthError } from '../auth-error.ts';
import { decodeJwt, wordsMember } from '../jwt-claims.ts';
import type { SessionRecord } from './session-record.ts';

const shortOf = (scope: string): string => scope.slice(scope.lastIndexOf('/') + 1);
const isFull = (scope: string): boolean => scope.includes('/');

/** Entra ID writes `https://service/Permission` as `Permission` into `scp`, whose service is that of `aud`. */
function isSame(wanted: string, granted: string): boolean {
  const [one, other] = [wanted.toLowerCase(), granted.toLowerCase()];
  return isFull(one) && isFull(other) ? one === other : shortOf(one) === shortOf(other);
}

/** Which of `wanted` an access token lacks: by its claim `scp` where it has one, else by the `scope` of the answer (RFC 6749 5.1). */
export function missingScopes(
  { accessToken, scope }: Pick<SessionRecord, 'accessToken' | 'scope'>,
  wanted: readonly string[]
): string[] {
  const claimed = wordsMember(decodeJwt(accessToken)?.claims ?? {}, 'scp');
  const granted = claimed.length > 0 ? claimed : (scope?.split(' ') ?? []);
  return wanted.filter(each => !granted.some(one => isSame(each, one)));
}

/** Asked for, and not granted though nothing was refused. */
export function scopesNotGranted(scopes: readonly string[]): AuthError {
  return new AuthError(
    'ERR_AUTH_CONSENT_REQUIRED',
    `You are signed in, but the permission ${scopes.map(shortOf).join(', ')} was not granted. Ask your administrator to grant consent to it (AADSTS65001).`
  );
}
