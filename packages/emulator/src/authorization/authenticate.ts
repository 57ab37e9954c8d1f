import type { JWTPayload } from 'jose';
import { ServiceError } from '../http/service-error.ts';
import { FULL_ACCESS, roleAccess, shareAccess } from './access.ts';
import type { Access, Role } from './access.ts';
import { AccessTokenRefused, createAccessTokenCheck, DEFAULT_AUDIENCE } from './access-token.ts';
import type { IdentitySettings } from './access-token.ts';
import { checkShareToken, looksLikeShareToken } from './share-token.ts';

/** The delegated permission of the service's application registration. */
const DELEGATED_SCOPE = 'Dicom.ReadWrite';

/** Claim which the default of `roleOf` reads; no identity provider of Microsoft issues it. */
const EMULATOR_ROLE_CLAIM = 'xms_emulator_role';

/** How requests are authenticated. */
export interface AuthenticationSettings {
  level: 'none' | 'claims' | 'signature';
  /** Needed unless the level is `none`. */
  identity?: IdentitySettings;
  shareTokenSecret?: string;
  roleOf?: (claims: Record<string, unknown>) => Role | undefined;
  now: () => number;
}

/**
 * Finds out what the bearer of an `Authorization` header may do.
 *
 * @throws {ServiceError} 401 with `WWW-Authenticate` when the credential is missing or refused.
 */
export type Authenticate = (authorization: string | undefined) => Promise<Access>;

/** Makes the authentication of a service. @see reference 5 */
export function createAuthentication(settings: AuthenticationSettings): Authenticate {
  const { level, identity, shareTokenSecret, roleOf = defaultRoleOf, now } = settings;
  const check =
    level !== 'none' && identity ? createAccessTokenCheck(level, identity, now) : undefined;
  const challenge = challengeOf(identity);

  return async authorization => {
    const [, credential] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    try {
      if (credential && shareTokenSecret !== undefined && looksLikeShareToken(credential)) {
        return shareAccess(await checkShareToken(credential, shareTokenSecret, now()));
      }
      if (!check) return FULL_ACCESS;
      if (!credential) throw unauthorized(challenge);
      const claims = await check(credential);
      return hasPermission(claims) ? roleAccess(roleOf(claims)) : roleAccess(undefined);
    } catch (error) {
      if (error instanceof AccessTokenRefused) throw unauthorized(challenge, error);
      throw error;
    }
  };
}

/**
 * A delegated access token must carry the service's scope; one of an application carries none
 * and names the application. Roles are another matter: they go by object id.
 */
function hasPermission(claims: JWTPayload): boolean {
  if (claims.scp !== undefined) return String(claims.scp).split(' ').includes(DELEGATED_SCOPE);
  return claims.appid !== undefined || claims.azp !== undefined;
}

function defaultRoleOf(claims: Record<string, unknown>): Role | undefined {
  const role = claims[EMULATOR_ROLE_CLAIM];
  return role === 'owner' || role === 'reader' ? role : undefined;
}

function challengeOf(identity: IdentitySettings | undefined): string {
  const audience = identity?.audience ?? DEFAULT_AUDIENCE;
  const authority = identity?.authority ?? identity?.issuers[0] ?? '';
  return `Bearer authorization_uri="${authority}", resource_id="${audience}", realm="${audience}"`;
}

function unauthorized(challenge: string, refused?: AccessTokenRefused): ServiceError {
  let header = challenge;
  if (refused) header += ', error="invalid_token"';
  if (refused?.description) header += `, error_description="${headerSafe(refused.description)}"`;
  return new ServiceError(401, '', { 'WWW-Authenticate': header });
}

/** Claims are the caller's words: only printable ASCII without quotes may go into a header. */
function headerSafe(text: string): string {
  return text.replace(/[^ !#-[\]-~]/g, '?');
}
