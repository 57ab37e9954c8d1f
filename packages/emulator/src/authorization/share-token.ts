import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import { AccessTokenRefused } from './access-token.ts';

/**
 * Whether a bearer credential is signed with a shared secret, as Orthanc's share tokens are.
 * Access tokens of the Microsoft identity platform are not.
 */
export function looksLikeShareToken(credential: string): boolean {
  try {
    return decodeProtectedHeader(credential).alg === 'HS256';
  } catch {
    return false;
  }
}

/**
 * Checks a share token.
 *
 * @param nowMs - milliseconds since 1970, compared with `expiration_date`.
 * @returns the Study Instance UIDs which it opens.
 * @throws {AccessTokenRefused} when the signature is wrong, it expired, or it is no share token.
 * @see reference orthanc 5.1
 */
export async function checkShareToken(
  shareToken: string,
  secret: string,
  nowMs: number
): Promise<Set<string>> {
  const claims = await verified(shareToken, secret);
  const { resources, type, expiration_date: expirationDate } = claims;
  if (!Array.isArray(resources) || typeof type !== 'string') throw new AccessTokenRefused();
  if (expirationDate !== null && expirationDate !== undefined) {
    const expires = Date.parse(String(expirationDate));
    // A date which cannot be read opens nothing.
    if (!(expires > nowMs)) throw new AccessTokenRefused('The token expired');
  }
  return new Set(resources.map(studyOf).filter(uid => uid !== undefined));
}

async function verified(shareToken: string, secret: string): Promise<Record<string, unknown>> {
  try {
    const key = new TextEncoder().encode(secret);
    const { payload } = await compactVerify(shareToken, key, { algorithms: ['HS256'] });
    const claims: unknown = JSON.parse(new TextDecoder().decode(payload));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      throw new AccessTokenRefused('The signature is invalid');
    }
    throw new AccessTokenRefused();
  }
}

function studyOf(resource: unknown): string | undefined {
  const uid = (resource as { dicom_uid?: unknown } | null)?.dicom_uid;
  return typeof uid === 'string' && uid !== '' ? uid : undefined;
}
