import type { JWK } from 'jose';
import type * as OidcProvider from 'oidc-provider';
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { accessTokenCustomizer } from './access-token-claims.ts';
import { accountBySubject } from './accounts.ts';
import { registeredClients, VIEWER_CLIENT_ID } from './clients.ts';
import type { IdentityEndpoints } from './endpoints.ts';
import { createInteractionPolicy } from './interaction-policy.ts';
import {
  askDeviceCode,
  confirmDeviceCode,
  createSignOut,
  deviceSignedIn,
  renderError,
  signedOut,
} from './library-pages.ts';
import {
  OPENID_SCOPES,
  resourceOfClientCredentials,
  resourceOfScopes,
  RESOURCES,
} from './scopes.ts';
import type { StateStore } from './state-store.ts';

/** Refresh tokens of a single-page application end this long after the sign-in, however often they are used. */
export const REFRESH_TOKEN_SECONDS = 24 * 3600;
const ID_TOKEN_SECONDS = 3600;
const AUTHORIZATION_CODE_SECONDS = 600;
const DEVICE_CODE_SECONDS = 900;
const INTERACTION_SECONDS = 3600;
const SESSION_SECONDS = 24 * 3600;
const GRANT_SECONDS = 14 * 24 * 3600;

/** What the configuration depends on. */
export interface ConfigurationInputs {
  readonly endpoints: IdentityEndpoints;
  readonly tenant: string;
  readonly port: number;
  readonly viewerOrigins: ReadonlySet<string>;
  readonly redirectPath: string;
  readonly signedOutPath: string;
  readonly accessTokenSeconds: number;
  readonly signingKey: JWK;
  readonly store: StateStore;
}

/**
 * Configures oidc-provider to behave as Entra ID's v2.0 endpoints do towards the viewer and the relay.
 * @see Microsoft identity platform documentation, "OAuth 2.0 authorization code flow".
 */
export function providerConfiguration(
  { errors, interactionPolicy }: typeof OidcProvider,
  inputs: ConfigurationInputs
): Configuration {
  const { endpoints, tenant, port, viewerOrigins, accessTokenSeconds, store } = inputs;
  const { paths } = endpoints;
  const sessionPath = `/${tenant}`;

  const defaultResource = (
    ctx: KoaContextWithOIDC,
    _client: unknown,
    oneOf?: readonly string[]
  ) => {
    if (oneOf?.[0] !== undefined) return oneOf[0];
    const scope = ctx.oidc.params?.['scope'];
    const isApplication = ctx.oidc.params?.['grant_type'] === 'client_credentials';
    const found = (isApplication ? resourceOfClientCredentials : resourceOfScopes)(
      typeof scope === 'string' ? scope : undefined
    );
    if ('problem' in found) throw new errors.InvalidScope(found.problem, found.scope);
    return found.resource;
  };

  return {
    clients: registeredClients([...viewerOrigins], inputs.redirectPath, inputs.signedOutPath),
    jwks: { keys: [inputs.signingKey] },
    adapter: model => store.adapterFor(model),
    scopes: [...OPENID_SCOPES],
    responseTypes: ['code'],
    pkce: { required: (_ctx, client) => client.clientId === VIEWER_CLIENT_ID },
    claims: {
      openid: ['sub', 'tid', 'ver'],
      profile: ['name', 'preferred_username', 'oid'],
      email: ['email'],
    },
    // Entra ID puts the claims of `profile` into the ID token; OpenID Connect leaves them to UserInfo.
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const account = accountBySubject(sub);
      return (
        account && {
          accountId: account.sub,
          claims: () => ({
            sub: account.sub,
            name: account.displayName,
            preferred_username: account.userPrincipalName,
            email: account.userPrincipalName,
            oid: account.oid,
            tid: tenant,
            ver: '2.0',
          }),
        }
      );
    },
    loadExistingGrant: grantAll,
    // A declared parameter is where the library lets a request be completed; the value is not used.
    extraParams: { domain_hint: keepOfflineAccess },
    rotateRefreshToken: true,
    clientBasedCORS: (_ctx, origin, client) =>
      viewerOrigins.has(origin) && client.clientId === VIEWER_CLIENT_ID,
    interactions: {
      policy: createInteractionPolicy(interactionPolicy),
      url: (_ctx, interaction) => `${paths.signIn}/${interaction.uid}`,
    },
    cookies: {
      // Browsers share cookies between the ports of a host: the names say which provider, and the path keeps them
      // from the viewer.
      names: {
        session: `identity_session_${port}`,
        interaction: `identity_sign_in_${port}`,
        resume: `identity_resume_${port}`,
      },
      long: { httpOnly: true, sameSite: 'lax', path: sessionPath },
      short: { httpOnly: true, sameSite: 'lax' },
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: askDeviceCode,
        userCodeConfirmSource: confirmDeviceCode,
        successSource: deviceSignedIn,
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: createSignOut(sessionPath),
        postLogoutSuccessSource: signedOut,
      },
      resourceIndicators: {
        enabled: true,
        defaultResource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_ctx, indicator) => {
          const resource = RESOURCES[indicator];
          if (resource === undefined) throw new errors.InvalidTarget();
          return {
            audience: resource.audience,
            scope: resource.scopes.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: accessTokenSeconds,
            jwt: { sign: { alg: 'RS256' } },
          };
        },
      },
    },
    formats: { customizers: { jwt: accessTokenCustomizer(tenant) } },
    routes: {
      authorization: paths.authorize,
      token: paths.token,
      end_session: paths.logout,
      jwks: paths.keys,
      device_authorization: paths.deviceCode,
      code_verification: paths.deviceAuth,
    },
    renderError,
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: AUTHORIZATION_CODE_SECONDS,
      DeviceCode: DEVICE_CODE_SECONDS,
      IdToken: ID_TOKEN_SECONDS,
      Interaction: INTERACTION_SECONDS,
      Session: SESSION_SECONDS,
      Grant: GRANT_SECONDS,
      // A refresh token got for another one ends when that one would have.
      RefreshToken: ctx =>
        Math.max(1, ctx.oidc.entities.RotatedRefreshToken?.remainingTTL ?? REFRESH_TOKEN_SECONDS),
    },
  };
}

/** Grants all that is asked for, as for an application to which the administrator has consented for everyone. */
async function grantAll(ctx: KoaContextWithOIDC) {
  const { client, session, account, provider, requestParamOIDCScopes, requestParamScopes } =
    ctx.oidc;
  if (!client || !account) return undefined;
  const kept = session?.grantIdFor(client.clientId);
  let grant = kept === undefined ? undefined : await provider.Grant.find(kept);
  // A refresh token needs its grant to the end.
  if (grant?.accountId !== account.accountId || grant.remainingTTL <= REFRESH_TOKEN_SECONDS) {
    grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  }
  if (requestParamOIDCScopes.size > 0) grant.addOIDCScope(requestParamOIDCScopes);
  for (const [indicator, resource] of Object.entries(ctx.oidc.resourceServers ?? {})) {
    const asked = [...requestParamScopes].filter(scope => resource.scopes.has(scope));
    if (asked.length > 0) grant.addResourceScope(indicator, asked);
  }
  await grant.save();
  return grant;
}

/**
 * Gives `offline_access` to a request that asks for it. The library drops it unless `prompt=consent` is there too (OpenID
 * Connect Core 1.0 section 11); Entra ID does not ask for that.
 */
function keepOfflineAccess(ctx: KoaContextWithOIDC): void {
  const { params, client, route } = ctx.oidc;
  const asked = ctx.query['scope'];
  if (route !== 'authorization' || typeof asked !== 'string' || params === undefined) return;
  if (asked.split(' ').includes('offline_access') && client?.grantTypeAllowed('refresh_token')) {
    const kept = typeof params['scope'] === 'string' ? params['scope'].split(' ') : [];
    params['scope'] = [...new Set([...kept, 'offline_access'])].join(' ');
  }
}
