import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import {
  startKeycloakLikeProvider,
  type KeycloakLikeProvider,
} from '../support/keycloak-like-provider.ts';

const VIEWER = 'http://localhost:3999';
const VERIFIER = 'v'.repeat(43);
/** SHA-256 of {@link VERIFIER}, base64url (RFC 7636 4.2). */
const challenge = async () =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(VERIFIER))).toString('base64url');

let provider: KeycloakLikeProvider;
let endpoints: Record<string, string>;

beforeAll(async () => {
  provider = await startKeycloakLikeProvider({ viewerOrigins: [VIEWER] });
  const answer = await fetch(`${provider.authority}/.well-known/openid-configuration`);
  endpoints = (await answer.json()) as Record<string, string>;
});
afterAll(() => provider?.close());

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
}

async function redeem(fields: Record<string, string>): Promise<Tokens> {
  const answer = await fetch(endpoints.token_endpoint!, {
    method: 'POST',
    headers: { Origin: VIEWER },
    body: new URLSearchParams({ client_id: 'ohif-viewer', ...fields }),
  });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, VIEWER]);
  return (await answer.json()) as Tokens;
}

/** From the authorization request to the tokens, as a browser goes. */
async function signIn(username: string): Promise<Tokens> {
  const cookies = new Map<string, string>();
  const visit = async (address: string, body?: URLSearchParams) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const method = body ? 'POST' : 'GET';
    const answer = await fetch(address, { method, body, headers: { cookie }, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return new URL(answer.headers.get('location') ?? '', address).href;
  };
  const query = new URLSearchParams({
    client_id: 'ohif-viewer',
    response_type: 'code',
    redirect_uri: `${VIEWER}/callback`,
    scope: 'openid profile email',
    state: 's',
    code_challenge: await challenge(),
    code_challenge_method: 'S256',
  });
  const login = await visit(`${endpoints.authorization_endpoint}?${query}`);
  const resume = await visit(login, new URLSearchParams({ username, password: username }));
  const callback = new URL(await visit(resume));
  return redeem({
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: `${VIEWER}/callback`,
    code_verifier: VERIFIER,
  });
}

const claimsOf = async ({ access_token: token }: Tokens) => {
  const keys = createRemoteJWKSet(new URL(provider.jwksUri));
  return (await jwtVerify(token, keys, { issuer: provider.authority, audience: 'account' }))
    .payload;
};

it('has the addresses of a Keycloak realm', () => {
  const at = (path: string) => `${provider.authority}/protocol/openid-connect/${path}`;
  expect(provider.authority).toMatch(/^http:\/\/localhost:\d+\/realms\/orthanc$/);
  expect(endpoints).toMatchObject({
    issuer: provider.authority,
    authorization_endpoint: at('auth'),
    token_endpoint: at('token'),
    jwks_uri: at('certs'),
    end_session_endpoint: at('logout'),
  });
});

/** The access token in `get_roles_from_decoded_token` of orthanc-auth-service (keycloak.py). */
it.each([
  ['doctor', 'doctor-role'],
  ['reader', 'reader-role'],
  ['external', 'external-role'],
  ['admin', 'admin-role'],
])('gives %s an access token with the role %s', async (username, role) => {
  const tokens = await signIn(username);
  expect(tokens.expires_in).toBe(300);
  expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'RS256', typ: 'JWT' });
  const claims = await claimsOf(tokens);
  expect(claims).toMatchObject({
    typ: 'Bearer',
    azp: 'ohif-viewer',
    scope: 'openid profile email',
    preferred_username: username,
    realm_access: { roles: expect.arrayContaining(['default-roles-orthanc', role]) },
  });
  expect(claims.exp! - claims.iat!).toBe(300);
});

it('renews without offline_access, as often as asked, and tells roles that changed meanwhile', async () => {
  const { refresh_token: token } = await signIn('reader');
  const renew = () => redeem({ grant_type: 'refresh_token', refresh_token: token });
  await renew();
  provider.setRoles('reader', ['doctor-role']);
  expect(await claimsOf(await renew())).toMatchObject({
    realm_access: { roles: expect.arrayContaining(['doctor-role']) },
  });
  expect(provider.grants('refresh_token')).toBe(2);
});

it('keeps out who does not know the password, and other origins', async () => {
  await expect(signIn('nobody')).rejects.toThrow();
  const answer = await fetch(endpoints.token_endpoint!, {
    method: 'POST',
    headers: { Origin: 'http://elsewhere.test' },
    body: new URLSearchParams({ client_id: 'ohif-viewer', grant_type: 'refresh_token' }),
  });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
