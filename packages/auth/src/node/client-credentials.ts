import type { AccessTokenSource, TokenSourceOptions } from './access-token-source.ts';
import { cachedAccessTokenSource } from './cached-access-token-source.ts';
import type { ClientAssertionOptions } from './client-assertion.ts';
import { clientAssertionSigner } from './client-assertion.ts';
import { requireHttpURL } from './http-endpoint.ts';
import { issuedFrom } from './token-answer.ts';
import { sendTokenRequest } from './token-request.ts';

/** `client_assertion_type` of RFC 7523 2.2. */
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

interface ClientOptions extends TokenSourceOptions {
  /** For Entra ID: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`. */
  readonly tokenEndpoint: string;
  readonly clientId: string;
  /** For the Azure DICOM service: `https://dicom.healthcareapis.azure.com/.default`. */
  readonly scope: string;
}

/** Options of {@link clientCredentialsSource}. */
export interface ClientCredentialsOptions extends ClientOptions {
  readonly clientSecret: string;
}

/** Options of {@link clientCertificateSource}. */
export interface ClientCertificateOptions
  extends
    ClientOptions,
    Pick<ClientAssertionOptions, 'certificate' | 'privateKey' | 'passphrase' | 'algorithm'> {}

type Credentials = () => Record<string, string> | Promise<Record<string, string>>;

function clientSource(
  options: ClientOptions,
  name: string,
  credentials: Credentials
): AccessTokenSource {
  const { tokenEndpoint: url, clientId, scope, clock, fetch, random, retry } = options;
  requireHttpURL(url, `${name}: "tokenEndpoint"`);
  const issue = async (signal: AbortSignal) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      ...(await credentials()),
      scope,
    };
    return issuedFrom(await sendTokenRequest({ url, form }, { clock, fetch, signal }));
  };
  return cachedAccessTokenSource(issue, clock, { random, retry });
}

/**
 * Access tokens of an application, by its client secret. Kept in memory; renewed five minutes before the end, or after 80 % of a
 * shorter life; one request at a time; sent again after 429 and 5xx (see `DEFAULT_RETRY_POLICY`).
 *
 * Errors: `ERR_AUTH_PROVIDER_UNREACHABLE` (no answer within 30 s, 5xx, 429), `ERR_AUTH_SIGNIN_REFUSED` (the client is refused),
 * `ERR_AUTH_PROVIDER_CONFIGURATION` (everything else), with the number of Entra ID (AADSTS) and what helps where it is known.
 * @throws TypeError when `tokenEndpoint` is not an absolute http(s) URL.
 * @see RFC 6749 4.4; Microsoft Learn, "OAuth 2.0 client credentials flow"
 */
export function clientCredentialsSource(options: ClientCredentialsOptions): AccessTokenSource {
  const { clientSecret } = options;
  return clientSource(options, 'clientCredentialsSource', () => ({ client_secret: clientSecret }));
}

/**
 * Access tokens of an application, by its certificate: like {@link clientCredentialsSource}, but what is sent is an assertion that is
 * signed with the private key and good for five minutes; the key itself never leaves the process.
 * @throws AuthError `ERR_AUTH_PROVIDER_CONFIGURATION` when certificate and private key cannot be read or do not belong together; also
 *   from `accessToken`, when the certificate is not valid yet or no longer.
 * @throws TypeError when `tokenEndpoint` is not an absolute http(s) URL.
 * @see RFC 7523 2.2; OpenID Connect Core 9 `private_key_jwt`; Microsoft Learn, "Application authentication certificate credentials"
 */
export function clientCertificateSource(options: ClientCertificateOptions): AccessTokenSource {
  requireHttpURL(options.tokenEndpoint, 'clientCertificateSource: "tokenEndpoint"');
  const sign = clientAssertionSigner({ ...options, audience: options.tokenEndpoint });
  return clientSource(options, 'clientCertificateSource', async () => ({
    client_assertion_type: JWT_BEARER,
    client_assertion: await sign(),
  }));
}
