import { UsageError } from './usage-error.ts';

/**
 * What the DICOM service has to know of an OpenID provider.
 *
 * @throws {UsageError} naming the address when it does not answer with a discovery document
 * @see OpenID Connect Discovery 1.0, section 4
 */
export async function discoverProvider(
  authority: string
): Promise<{ issuers: string[]; jwksUri: string; authority: string }> {
  const address = `${authority.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(address);
    const { issuer, jwks_uri: jwksUri } = (await response.json()) as Record<string, unknown>;
    if (typeof issuer === 'string' && typeof jwksUri === 'string') {
      return { issuers: [issuer], jwksUri, authority };
    }
  } catch (cause) {
    throw new UsageError(`--authority: ${address} gives no discovery document.`, { cause });
  }
  throw new UsageError(`--authority: ${address} has no issuer or no jwks_uri.`);
}
