import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider';
import { accountBySubject, RELAY_OID } from './accounts.ts';
import { scopeClaim } from './scopes.ts';

/** A JWT before it is signed, as the library's customizer gets it. */
interface UnsignedToken {
  header?: Record<string, unknown>;
  payload: Record<string, unknown>;
}

/**
 * Gives an access token the claims of Entra ID: `scp` in short form in place of `scope`, `appid` and `azp` in place of
 * `client_id`, `oid` and `tid`. Differences from Entra ID: its access tokens for the DICOM service are of version 1.0
 * (issuer `https://sts.windows.net/<tenant>/`); ours have the issuer of the discovery document, hence `ver` 2.0,
 * and both names of the application id.
 * @see Microsoft identity platform documentation, "Access token claims reference".
 */
export function accessTokenCustomizer(tenant: string) {
  return (_ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials, jwt: UnsignedToken) => {
    const { payload } = jwt;
    const { client_id: clientId, scope, aud, iat, exp, iss, jti } = payload;
    const common = {
      aud,
      iss,
      iat,
      nbf: iat,
      exp,
      appid: clientId,
      azp: clientId,
      tid: tenant,
      uti: jti,
      ver: '2.0',
    };
    const account = 'accountId' in token ? accountBySubject(String(token.accountId)) : undefined;
    jwt.payload =
      account === undefined
        ? { ...common, azpacr: '1', idtyp: 'app', oid: RELAY_OID, sub: RELAY_OID }
        : {
            ...common,
            azpacr: '0',
            name: account.displayName,
            oid: account.oid,
            preferred_username: account.userPrincipalName,
            scp: scopeClaim(String(aud), typeof scope === 'string' ? scope : undefined),
            sub: account.sub,
          };
    // The library's default is at+jwt (RFC 9068), which Entra ID does not use.
    jwt.header = { ...jwt.header, typ: 'JWT' };
  };
}
