/**
 * An OpenID provider that looks like Keycloak to a single-page application: the addresses of a realm, access tokens as Keycloak writes
 * them (RS256 JWT, `aud` "account", `azp`, `realm_access.roles`, `scope`, 300 seconds), and refresh tokens that need no
 * `offline_access`. It is oidc-provider (certified), not Keycloak: no admin API, no consent, no brokering, refresh tokens that are no JWTs,
 * and a session that ends with the process. Keycloak itself was not run here.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type {
  Adapter,
  AdapterPayload,
  Configuration,
  KoaContextWithOIDC,
  Provider as OidcProvider,
} from 'oidc-provider';

/** A user of the realm; the password is the user name. */
export interface RealmUser {
  username: string;
  displayName: string;
  /** Realm roles beside the default ones. */
  roles: readonly string[];
}

/** A user for each role of the gate. */
export const REALM_USERS: readonly RealmUser[] = [
  { username: 'doctor', displayName: 'Dr. Ines Keller', roles: ['doctor-role'] },
  { username: 'reader', displayName: 'Dr. Tom Reader', roles: ['reader-role'] },
  { username: 'external', displayName: 'Dr. Ada Guest', roles: ['external-role'] },
  { username: 'admin', displayName: 'Ruth Adams', roles: ['admin-role'] },
];

export interface KeycloakLikeOptions {
  /** Origins of the viewer: "Valid redirect URIs" and "Web origins" of the client. */
  viewerOrigins: readonly string[];
  clientId?: string;
  /** Default: 300, as Keycloak's "Access Token Lifespan". */
  accessTokenSeconds?: number;
}

export interface KeycloakLikeProvider {
  /** `http://localhost:<port>/realms/orthanc` */
  authority: string;
  jwksUri: string;
  /** How often the token endpoint gave tokens, by grant type, since the start. */
  grants(grantType: 'authorization_code' | 'refresh_token'): number;
  /** From now on the user has these roles; access tokens tell so once they are renewed. */
  setRoles(username: string, roles: readonly string[]): void;
  close(): Promise<void>;
}

const REALM = '/realms/orthanc';
const LOGIN = '/login-actions/authenticate';
const PROTOCOL = '/protocol/openid-connect';
/** Stands for the client's own audience; oidc-provider needs a resource to write access tokens as JWTs. */
const RESOURCE = 'urn:keycloak:account';
const DEFAULT_ROLES = ['default-roles-orthanc', 'offline_access', 'uma_authorization'];
/** realm-export.json of orthanc-auth-service: `browserSecurityHeaders`, which are Keycloak's own. */
const PAGE_HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "frame-src 'self'; frame-ancestors 'self'; object-src 'none';",
  'X-Frame-Options': 'SAMEORIGIN',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** Starts the provider on a free port of this machine. */
export async function startKeycloakLikeProvider(
  options: KeycloakLikeOptions
): Promise<KeycloakLikeProvider> {
  const roles = new Map(REALM_USERS.map(user => [user.username, user.roles]));
  const grants = { authorization_code: 0, refresh_token: 0 };
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const authority = `http://localhost:${(server.address() as AddressInfo).port}${REALM}`;
  const Library = await loadLibrary();
  const provider = new Library(authority, await configurationOf(options, roles));
  server.on('request', (request, response) => serve(provider, request, response));
  provider.on('grant.success', ctx => {
    const grant = ctx.oidc.params?.['grant_type'];
    if (grant === 'authorization_code' || grant === 'refresh_token') grants[grant] += 1;
  });
  return {
    authority,
    jwksUri: `${authority}${PROTOCOL}/certs`,
    grants: type => grants[type],
    setRoles: (username, now) => void roles.set(username, now),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Without its notice that Node.js is older than 22: it runs there nevertheless. */
async function loadLibrary() {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return (await import('oidc-provider')).Provider;
  } finally {
    console.warn = warn;
  }
}

async function configurationOf(
  { viewerOrigins, clientId = 'ohif-viewer', accessTokenSeconds = 300 }: KeycloakLikeOptions,
  roles: ReadonlyMap<string, readonly string[]>
): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const paths = { long: { path: `${REALM}/` }, short: { path: `${REALM}/` } };
  return {
    clients: [
      {
        client_id: clientId,
        client_name: clientId,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        redirect_uris: viewerOrigins.map(origin => `${origin}/callback`),
        post_logout_redirect_uris: viewerOrigins.map(origin => `${origin}/signed-out`),
      },
    ],
    adapter: inMemory(),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    responseTypes: ['code'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email'],
    },
    conformIdTokenClaims: false,
    findAccount: (_ctx, sub) => {
      const user = REALM_USERS.find(({ username }) => subjectOf(username) === sub);
      return (
        user && {
          accountId: sub,
          claims: () => ({ sub, name: user.displayName, preferred_username: user.username }),
        }
      );
    },
    loadExistingGrant: grantAll,
    pkce: { required: () => true },
    // Keycloak gives a refresh token to every client with the standard flow, and takes it as often as it comes.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: false,
    clientBasedCORS: (_ctx, origin) => viewerOrigins.includes(origin),
    interactions: { url: (_ctx, { uid }) => `${REALM}${LOGIN}/${uid}` },
    cookies: { keys: ['for tests'], ...paths },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          audience: 'account',
          scope: '',
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt: (_ctx, token, jwt) => {
          const { iss, aud, exp, iat, jti } = jwt.payload;
          const sub = 'accountId' in token ? String(token.accountId) : '';
          const user = REALM_USERS.find(({ username }) => subjectOf(username) === sub);
          const username = user?.username ?? '';
          jwt.payload = {
            exp,
            iat,
            auth_time: iat,
            jti,
            iss,
            aud,
            sub,
            typ: 'Bearer',
            azp: clientId,
            sid: 'grantId' in token ? token.grantId : undefined,
            acr: '1',
            'allowed-origins': viewerOrigins,
            realm_access: { roles: [...DEFAULT_ROLES, ...(roles.get(username) ?? [])] },
            resource_access: { account: { roles: ['manage-account', 'view-profile'] } },
            scope: 'openid profile email',
            email_verified: false,
            name: user?.displayName,
            preferred_username: username,
          };
          jwt.header = { ...jwt.header, typ: 'JWT' };
        },
      },
    },
    routes: {
      authorization: `${PROTOCOL}/auth`,
      token: `${PROTOCOL}/token`,
      end_session: `${PROTOCOL}/logout`,
      jwks: `${PROTOCOL}/certs`,
      userinfo: `${PROTOCOL}/userinfo`,
    },
    ttl: {
      AccessToken: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: accessTokenSeconds,
      // ssoSessionIdleTimeout and ssoSessionMaxLifespan of Keycloak's realms.
      RefreshToken: 1800,
      Session: 36_000,
      Grant: 36_000,
      Interaction: 1800,
    },
  };
}

async function grantAll(ctx: KoaContextWithOIDC) {
  const { client, account, provider, requestParamOIDCScopes } = ctx.oidc;
  if (!client || !account) return undefined;
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope(requestParamOIDCScopes);
  await grant.save();
  return grant;
}

/** Keeps all until the process ends; what has expired the library sees by its `exp`. */
function inMemory(): (model: string) => Adapter {
  const kept = new Map<string, AdapterPayload>();
  return model => {
    const keyOf = (id: string) => `${model}:${id}`;
    const find = async (wanted: (payload: AdapterPayload) => boolean) =>
      [...kept].find(([key, payload]) => key.startsWith(`${model}:`) && wanted(payload))?.[1];
    return {
      upsert: async (id, payload) => void kept.set(keyOf(id), payload),
      find: async id => kept.get(keyOf(id)),
      findByUid: uid => find(payload => payload.uid === uid),
      findByUserCode: code => find(payload => payload.userCode === code),
      consume: async id => {
        const payload = kept.get(keyOf(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async id => void kept.delete(keyOf(id)),
      revokeByGrantId: async grantId => {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}

/** Of a form like those of Keycloak's users. */
const subjectOf = (username: string) => `f:9f0c7a52-8d1e-4b7c-a1f3-0d3f0a6b2c11:${username}`;

function serve(provider: OidcProvider, request: IncomingMessage, response: ServerResponse): void {
  const url = request.url ?? '/';
  if (!url.startsWith(`${REALM}/`)) return void response.writeHead(404).end();
  // Mounted as in a framework: the library takes the realm's path from the difference of the two.
  Object.assign(request, { originalUrl: url });
  request.url = url.slice(REALM.length);
  const answer = request.url.startsWith(`${LOGIN}/`)
    ? signIn(provider, request, response)
    : provider.callback()(request, response);
  Promise.resolve(answer).catch(() => {
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  });
}

async function signIn(provider: OidcProvider, request: IncomingMessage, response: ServerResponse) {
  await provider.interactionDetails(request, response);
  if (request.method !== 'POST') return void showLogin(response, 200);
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const form = new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
  const username = form.get('username') ?? '';
  const isKnown = REALM_USERS.some(user => user.username === username);
  if (!isKnown || form.get('password') !== username) {
    return void showLogin(response, 200, 'Invalid username or password.');
  }
  return provider.interactionFinished(request, response, {
    login: { accountId: subjectOf(username) },
    consent: {},
  });
}

/** The fields of Keycloak's login page, by the same names. */
function showLogin(response: ServerResponse, status: number, problem = ''): void {
  response.writeHead(status, PAGE_HEADERS).end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in to orthanc</title>
<style>body{font:16px system-ui;background:#4f5255;display:grid;place-items:center;min-height:90vh;margin:0}
form{background:#fff;border-top:4px solid #06c;padding:2rem;width:20rem;display:grid;gap:.6rem}
input,button{font:inherit;padding:.4rem}button{background:#06c;color:#fff;border:0}</style></head>
<body><form id="kc-form-login" method="post"><h1>Sign in to your account</h1><p role="alert">${problem}</p>
<label for="username">Username or email</label><input id="username" name="username" autocomplete="username" autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password">
<button id="kc-login" type="submit">Sign In</button></form></body></html>`);
}
