import { compactVerify, createRemoteJWKSet, decodeJwt, decodeProtectedHeader } from 'jose';
import type { JWTPayload, ProtectedHeaderParameters } from 'jose';

/** ASP.NET's default tolerance for clocks which differ. */
const CLOCK_SKEW_SECONDS = 300;

/** The only algorithm with which access tokens are signed. */
const ALGORITHM = 'RS256';

const INVALID_SIGNATURE = 'The signature is invalid';

/** The audience of access tokens for any DICOM service in the Azure cloud. */
export const DEFAULT_AUDIENCE = 'https://dicom.healthcareapis.azure.com';

/** Who issues access tokens, and for whom. */
export interface IdentitySettings {
  /** Accepted `iss` values, exact. */
  issuers: string[];
  /** Where the signing keys are published. Fetched when the first signature is checked. */
  jwksUri: string;
  /** Accepted `aud`, with or without a trailing slash. Default {@link DEFAULT_AUDIENCE}. */
  audience?: string;
  /** Names the authority in `WWW-Authenticate`. Default: the first issuer. */
  authority?: string;
}

/** An access token was refused. `description` is the text for `error_description`, if there is one. */
export class AccessTokenRefused extends Error {
  override readonly name = 'AccessTokenRefused';
  readonly description: string | undefined;

  constructor(description?: string) {
    super(description ?? 'The access token is malformed.');
    this.description = description;
  }
}

/** Gives the claims of an access token. @throws {AccessTokenRefused} */
export type AccessTokenCheck = (accessToken: string) => Promise<JWTPayload>;

/**
 * Makes the check of access tokens.
 *
 * - `claims`: audience and lifetime are checked; neither signature nor issuer.
 * - `signature`: RS256 signature with a published key, issuer, audience and lifetime.
 *
 * The texts are those of ASP.NET's bearer handler. [reference 5, "401 with a bad token"]
 *
 * @param now - milliseconds since 1970.
 */
export function createAccessTokenCheck(
  level: 'claims' | 'signature',
  identity: IdentitySettings,
  now: () => number
): AccessTokenCheck {
  const audience = withoutSlash(identity.audience ?? DEFAULT_AUDIENCE);
  const keys = level === 'signature' ? createRemoteJWKSet(new URL(identity.jwksUri)) : undefined;

  return async accessToken => {
    const claims = decode(accessToken);
    if (keys) await verifySignature(accessToken, keys);
    checkLifetime(claims, now());
    const audiences = [claims.aud ?? ''].flat();
    if (!audiences.some(one => withoutSlash(one) === audience)) {
      throw new AccessTokenRefused(`The audience '${audiences.join(', ')}' is invalid`);
    }
    if (keys && !identity.issuers.includes(claims.iss ?? '')) {
      throw new AccessTokenRefused(`The issuer '${claims.iss ?? '(null)'}' is invalid`);
    }
    return claims;
  };
}

function decode(accessToken: string): JWTPayload {
  try {
    return decodeJwt(accessToken);
  } catch {
    throw new AccessTokenRefused();
  }
}

/** @see RFC 7515 section 5.2; RFC 8725 sections 3.1 and 3.2: the key decides on the algorithm, not the header */
async function verifySignature(
  accessToken: string,
  keys: ReturnType<typeof createRemoteJWKSet>
): Promise<void> {
  const header = headerOf(accessToken);
  if (accessToken.endsWith('.')) throw new AccessTokenRefused(INVALID_SIGNATURE);
  const key = await keyOf(keys, header);
  try {
    await compactVerify(accessToken, key, { algorithms: [ALGORITHM] });
  } catch {
    throw new AccessTokenRefused(INVALID_SIGNATURE);
  }
}

function headerOf(accessToken: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(accessToken);
  } catch {
    throw new AccessTokenRefused();
  }
}

/** The published key of a header's `kid`; keys in the header itself count for nothing. */
async function keyOf(
  keys: ReturnType<typeof createRemoteJWKSet>,
  { kid }: ProtectedHeaderParameters
): ReturnType<typeof keys> {
  try {
    return await keys({ alg: ALGORITHM, kid });
  } catch {
    throw new AccessTokenRefused('The signature key was not found');
  }
}

function checkLifetime(claims: JWTPayload, nowMs: number): void {
  const nowSeconds = nowMs / 1000;
  if (claims.exp === undefined) throw new AccessTokenRefused('The token has no expiration');
  if (claims.exp <= nowSeconds - CLOCK_SKEW_SECONDS) {
    throw new AccessTokenRefused(`The token expired at '${dateText(claims.exp)}'`);
  }
  if (claims.nbf !== undefined && claims.nbf > nowSeconds + CLOCK_SKEW_SECONDS) {
    throw new AccessTokenRefused(`The token is not valid before '${dateText(claims.nbf)}'`);
  }
}

/** `MM/dd/yyyy HH:mm:ss` in UTC. */
function dateText(seconds: number): string {
  const [, year, month, day, time] =
    /^(\d+)-(\d\d)-(\d\d)T([\d:]{8})/.exec(new Date(seconds * 1000).toISOString()) ?? [];
  return `${month}/${day}/${year} ${time}`;
}

const withoutSlash = (text: string) => text.replace(/\/$/, '');
