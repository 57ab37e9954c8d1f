import type { SigninResponse } from 'oidc-client-ts';
import { isEntraLike } from '../access-token-kind.ts';
import { AuthError } from '../auth-error.ts';
import type { Claims } from '../jwt-claims.ts';
import { dateMember, decodeJwt, stringMember, stringsMember } from '../jwt-claims.ts';
import { callbackInvalid } from './sign-in-errors.ts';
import type { SessionAccount } from './session-types.ts';

/** What is kept of a sign-in. Times are milliseconds by this machine's clock. */
export interface SessionRecord {
  readonly version: 1;
  /** Names this sign-in; a copy of the tab has the same. */
  readonly chain: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly idToken?: string;
  readonly scope?: string;
  /** When the access token was received. */
  readonly issuedAt: number;
  /** Absent: the provider did not tell. */
  readonly expiresAt?: number;
  readonly signedInAt: number;
  /** When renewal stops working. */
  readonly endsAt?: number;
  /** The provider has refused to renew it: nothing but a new sign-in helps. */
  readonly isRenewalRefused?: true;
  readonly account: SessionAccount;
}

/**
 * The life of Entra ID's refresh tokens for single-page applications, from the sign-in on; renewing does not lengthen it.
 * @see Microsoft Learn, "Refresh tokens in the Microsoft identity platform"
 */
export const ENTRA_SESSION_MS = 24 * 3_600_000;

/** Around a record, what is needed to make one. */
export interface RecordContext {
  /** The moment of receipt, in milliseconds. */
  readonly now: number;
  readonly clientId: string;
  readonly issuer: string;
  /** For a renewal: what is renewed. */
  readonly previous?: SessionRecord;
  /** For a new sign-in: its name. */
  readonly chain: string;
}

const SUPPORTED = 1;

/** Entra ID's metadata for several tenants have a placeholder for the tenant's id. */
function isIssuedBy(claims: Claims, issuer: string): boolean {
  const tenant = stringMember(claims, 'tid') ?? '';
  return stringMember(claims, 'iss') === issuer.replace('{tenantid}', tenant);
}

/**
 * The checks of OpenID Connect Core 3.1.3.7 (2, 3) and 12.2 that oidc-client-ts leaves to us. The signature is not checked: the ID token
 * comes from the token endpoint itself (3.1.3.7, 6). Neither is the time: this machine's clock may be wrong.
 */
function readIdToken(idToken: string, context: RecordContext): Claims {
  const claims = decodeJwt(idToken)?.claims;
  const isOurs =
    claims &&
    isIssuedBy(claims, context.issuer) &&
    stringsMember(claims, 'aud').includes(context.clientId);
  if (!isOurs) {
    throw new AuthError(
      'ERR_AUTH_PROVIDER_CONFIGURATION',
      'The sign-in service gave an ID token of another issuer or for another application. Ask your administrator to check the sign-in settings.'
    );
  }
  const before = context.previous?.idToken && decodeJwt(context.previous.idToken)?.claims;
  if (before && stringMember(before, 'sub') !== stringMember(claims, 'sub')) {
    throw callbackInvalid();
  }
  return claims;
}

function accountOf(claims: Claims): SessionAccount {
  const [username = ''] = ['preferred_username', 'upn', 'unique_name', 'email']
    .map(name => stringMember(claims, name))
    .filter(name => name !== undefined);
  const subject = stringMember(claims, 'sub') ?? '';
  const tenant = stringMember(claims, 'tid');
  const person = stringMember(claims, 'oid') ?? subject;
  return {
    displayName: (stringMember(claims, 'name') ?? username) || 'Signed-in user',
    username,
    id: tenant === undefined ? subject : `${person}.${tenant}`,
  };
}

/**
 * How long an access token lives from the moment of receipt. `expires_in` is relative (RFC 6749 5.1), so a wrong clock here does no harm;
 * `exp - iat` is as good, but for Entra ID's `iat`, which lies five minutes back: the shorter of the two counts.
 */
function lifeMs(response: SigninResponse): number | undefined {
  const claims = decodeJwt(response.access_token)?.claims ?? {};
  const expires = dateMember(claims, 'exp');
  const issued = dateMember(claims, 'iat');
  const lives = [
    response.expires_in === undefined ? undefined : response.expires_in * 1000,
    expires !== undefined && issued !== undefined ? expires - issued : undefined,
  ].filter(life => life !== undefined && life > 0) as number[];
  return lives.length > 0 ? Math.min(...lives) : undefined;
}

function endOfSession(
  response: SigninResponse,
  claims: Claims,
  { now, previous }: RecordContext
): number | undefined {
  // Entra ID tells the rest of the 24 hours in a member of its own; a renewal never lengthens it.
  const told = Number(
    (response as { refresh_token_expires_in?: unknown }).refresh_token_expires_in
  );
  const toldEnd = told > 0 ? now + told * 1000 : Infinity;
  if (previous) return previous.endsAt && Math.min(previous.endsAt, toldEnd);
  const accessClaims = decodeJwt(response.access_token)?.claims ?? {};
  if (!isEntraLike(claims) && !isEntraLike(accessClaims)) return undefined;
  return Math.min(toldEnd, now + ENTRA_SESSION_MS);
}

/**
 * Makes the record of a sign-in or a renewal from the token endpoint's answer.
 * @throws AuthError `ERR_AUTH_PROVIDER_CONFIGURATION`: no access token, or an ID token of another issuer or application;
 *   `ERR_AUTH_CALLBACK_INVALID`: a renewal gave another person's.
 */
export function recordFrom(response: SigninResponse, context: RecordContext): SessionRecord {
  const { previous, now } = context;
  if (typeof response.access_token !== 'string' || response.access_token === '') {
    throw new AuthError(
      'ERR_AUTH_PROVIDER_CONFIGURATION',
      'The sign-in service gave no access token. Ask your administrator to check the sign-in settings.'
    );
  }
  const idToken = response.id_token ?? previous?.idToken;
  const claims = idToken === undefined ? {} : readIdToken(idToken, context);
  const refreshToken = response.refresh_token ?? previous?.refreshToken;
  const life = lifeMs(response);
  const expiresAt = life === undefined ? undefined : now + life;
  return {
    version: SUPPORTED,
    chain: previous?.chain ?? context.chain,
    accessToken: response.access_token,
    refreshToken,
    idToken,
    scope: response.scope ?? previous?.scope,
    issuedAt: now,
    expiresAt,
    signedInAt: previous?.signedInAt ?? now,
    // Without a refresh token nothing outlives the access token.
    endsAt: refreshToken === undefined ? expiresAt : endOfSession(response, claims, context),
    account: idToken === undefined && previous ? previous.account : accountOf(claims),
  };
}

/** Reads a record back; `undefined` for anything else. */
export function parseRecord(text: string | null): SessionRecord | undefined {
  if (text === null) return undefined;
  try {
    const record = JSON.parse(text) as Partial<SessionRecord> | null;
    const isRecord =
      record?.version === SUPPORTED &&
      typeof record.accessToken === 'string' &&
      typeof record.chain === 'string' &&
      typeof record.issuedAt === 'number' &&
      typeof record.account?.id === 'string';
    return isRecord ? (record as SessionRecord) : undefined;
  } catch {
    return undefined;
  }
}
