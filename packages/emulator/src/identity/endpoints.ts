/**
 * A directory id of our own for the local stack; Entra ID gives every directory a GUID like this one.
 */
export const LOCAL_TENANT = '6f1d2c8e-4b7a-4e0f-9a53-0c1ffa11ca5e';

/** Where each endpoint is: the paths of Entra ID's v2.0 endpoints, under a local origin. */
export interface IdentityEndpoints {
  /** `http://<host>:<port>`, without a path. */
  readonly origin: string;
  /** RFC 8414 issuer; discovery is at `<issuer>/.well-known/openid-configuration`. */
  readonly issuer: string;
  /** Paths on {@link origin}, each with a leading slash. */
  readonly paths: {
    readonly discovery: string;
    readonly authorize: string;
    readonly token: string;
    readonly logout: string;
    readonly keys: string;
    readonly userinfo: string;
    readonly deviceCode: string;
    readonly deviceAuth: string;
    /** The sign-in page; followed by `/<id of the sign-in>`. */
    readonly signIn: string;
  };
}

/**
 * Names the endpoints of one tenant.
 * @param origin - `http://<host>:<port>`.
 * @param tenant - directory id (a GUID) or name; one path segment.
 * @see Microsoft identity platform documentation, "OpenID Connect on the Microsoft identity platform", the
 * metadata document of a tenant.
 */
export function identityEndpoints(origin: string, tenant: string): IdentityEndpoints {
  const issuer = `${origin}/${tenant}/v2.0`;
  const oauth2 = `/${tenant}/oauth2/v2.0`;
  return {
    origin,
    issuer,
    paths: {
      discovery: `/${tenant}/v2.0/.well-known/openid-configuration`,
      authorize: `${oauth2}/authorize`,
      token: `${oauth2}/token`,
      logout: `${oauth2}/logout`,
      keys: `/${tenant}/discovery/v2.0/keys`,
      userinfo: `/${tenant}/openid/userinfo`,
      deviceCode: `${oauth2}/devicecode`,
      deviceAuth: `${oauth2}/deviceauth`,
      signIn: `/${tenant}/login`,
    },
  };
}
