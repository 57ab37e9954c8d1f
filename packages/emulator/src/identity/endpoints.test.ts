import { ACCOUNTS } from './accounts.ts';
import { LOCAL_TENANT } from './endpoints.ts';
import { startIdentityProvider, type RunningIdentityProvider } from './start.ts';
import { Viewer, VIEWER_ORIGIN } from './testing/viewer.ts';

const owner = ACCOUNTS[0]!;
const OTHER_ORIGIN = 'http://evil.test';
let provider: RunningIdentityProvider;
let origin: string;
let discovery: Record<string, unknown>;
let viewer: Viewer;

beforeAll(async () => {
  provider = await startIdentityProvider({ port: 0, viewerOrigins: [VIEWER_ORIGIN] });
  origin = new URL(provider.authority).origin;
  const response = await fetch(`${provider.authority}/.well-known/openid-configuration`);
  discovery = (await response.json()) as Record<string, unknown>;
});
beforeEach(() => {
  viewer = new Viewer(provider);
});
afterAll(() => provider.close());

describe('discovery', () => {
  const ENTRA = 'Entra ID, v2.0 metadata document';
  const ROWS: [string, string, string | undefined][] = [
    ['OIDC Discovery 4.3: issuer is where it was asked', 'issuer', `/${LOCAL_TENANT}/v2.0`],
    [ENTRA, 'authorization_endpoint', `/${LOCAL_TENANT}/oauth2/v2.0/authorize`],
    [ENTRA, 'token_endpoint', `/${LOCAL_TENANT}/oauth2/v2.0/token`],
    [ENTRA, 'end_session_endpoint', `/${LOCAL_TENANT}/oauth2/v2.0/logout`],
    [ENTRA, 'jwks_uri', `/${LOCAL_TENANT}/discovery/v2.0/keys`],
    [ENTRA, 'device_authorization_endpoint', `/${LOCAL_TENANT}/oauth2/v2.0/devicecode`],
    ['ohif-3.13.md B6: none', 'revocation_endpoint', undefined],
    [`${ENTRA}: none`, 'introspection_endpoint', undefined],
    [`${ENTRA}: none`, 'registration_endpoint', undefined],
  ];
  it.each(ROWS)('%s: %s', (_cite, member, path) => {
    expect(discovery[member]).toBe(path === undefined ? undefined : `${origin}${path}`);
  });

  it('publishes one RS256 key without its private part', async () => {
    const { keys } = (await (await fetch(provider.jwksUri)).json()) as { keys: object[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256' });
    expect(Object.keys(keys[0]!).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });
});

describe('UserInfo', () => {
  const ask = (accessToken?: string) =>
    fetch(String(discovery['userinfo_endpoint']), {
      headers: accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` },
    });

  it('refuses an access token for the DICOM service (ohif-3.13.md B5)', async () => {
    const { body } = await viewer.redeem(await viewer.signIn(owner));
    const response = await ask(body.access_token);
    expect(response.status).toBe(401);
    expect(response.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
  });

  it('takes one for Graph', async () => {
    const { body } = await viewer.redeem(await viewer.signIn(owner, { scope: 'openid profile' }));
    expect(await (await ask(body.access_token)).json()).toMatchObject({
      sub: owner.sub,
      name: owner.displayName,
    });
  });

  it.each([undefined, '', 'no.jwt'])('refuses %p', async accessToken => {
    expect((await ask(accessToken)).status).toBe(401);
  });
});

describe('CORS', () => {
  const ENDPOINTS = [
    ['token_endpoint', 'POST'],
    ['jwks_uri', 'GET'],
    ['userinfo_endpoint', 'GET'],
    ['discovery', 'GET'],
  ] as const;

  describe.each(ENDPOINTS)('at %s', (member, method) => {
    const address = () =>
      String(discovery[member] ?? `${provider.issuer}/.well-known/openid-configuration`);
    const ask = (from: string | undefined) =>
      fetch(address(), {
        method,
        headers: from === undefined ? {} : { Origin: from },
        body: method === 'POST' ? new URLSearchParams({ client_id: 'ohif-viewer' }) : undefined,
      });
    const preflight = (from: string) =>
      fetch(address(), {
        method: 'OPTIONS',
        headers: {
          Origin: from,
          'Access-Control-Request-Method': method,
          'Access-Control-Request-Headers': 'x-client-info',
        },
      });

    it('is open to the viewer', async () => {
      expect((await ask(VIEWER_ORIGIN)).headers.get('Access-Control-Allow-Origin')).toBe(
        VIEWER_ORIGIN
      );
      const { status, headers } = await preflight(VIEWER_ORIGIN);
      expect(status).toBe(204);
      expect(headers.get('Access-Control-Allow-Origin')).toBe(VIEWER_ORIGIN);
      expect(headers.get('Access-Control-Allow-Methods')).toContain(method);
      expect(headers.get('Access-Control-Allow-Headers')).toBe('x-client-info');
    });

    it.each([OTHER_ORIGIN, 'null', `${VIEWER_ORIGIN}.evil.test`])('is closed to %s', async from => {
      for (const { headers } of [await ask(from), await preflight(from)]) {
        const names = [...headers.keys()].filter(name => name.startsWith('access-control-'));
        expect(names).toEqual([]);
      }
    });

    it('says nothing of it without an origin', async () => {
      expect((await ask(undefined)).headers.has('Access-Control-Allow-Origin')).toBe(false);
    });
  });
});

describe('sign-out', () => {
  const signedOut = `${VIEWER_ORIGIN}/signed-out`;
  const isSignedIn = async () => {
    const { url } = await viewer.browser.visit(viewer.authorizeUrl({ prompt: 'none' }));
    return url.searchParams.has('code');
  };

  it.each(['id_token_hint', 'client_id'])(
    'with %s asks nothing and goes to post_logout_redirect_uri with the state',
    async by => {
      const { body } = await viewer.redeem(await viewer.signIn(owner));
      const { url } = await viewer.browser.visit(
        viewer.logoutUrl({
          [by]: by === 'client_id' ? 'ohif-viewer' : body.id_token,
          post_logout_redirect_uri: signedOut,
          state: 'x',
        })
      );
      expect(url.href).toBe(`${signedOut}?state=x`);
      expect(await isSignedIn()).toBe(false);
    }
  );

  it('without an address to return to says that it is done', async () => {
    await viewer.signIn(owner);
    const { text } = await viewer.browser.visit(viewer.logoutUrl({ client_id: 'ohif-viewer' }));
    expect(text).toContain('You are signed out');
    expect(await isSignedIn()).toBe(false);
  });

  it('does not go to an address that is not registered (ohif-3.13.md B6)', async () => {
    await viewer.signIn(owner);
    const { url, text } = await viewer.browser.visit(
      viewer.logoutUrl({
        client_id: 'ohif-viewer',
        post_logout_redirect_uri: `${VIEWER_ORIGIN}/viewer?StudyInstanceUIDs=1.2.3`,
      })
    );
    expect(url.origin).toBe(origin);
    expect(text).toContain('post_logout_redirect_uri not registered');
    expect(await isSignedIn()).toBe(true);
  });

  it('asks when the application does not name itself', async () => {
    await viewer.signIn(owner);
    const { text } = await viewer.browser.visit(viewer.logoutUrl({}));
    expect(text).toContain('Sign out?');
    expect(await isSignedIn()).toBe(true);
    const asked = await viewer.browser.visit(viewer.logoutUrl({}));
    const xsrf = /name="xsrf" value="([\w-]+)"/.exec(asked.text)?.[1] ?? '';
    await viewer.browser.submit(`${asked.url.pathname}/confirm`, { xsrf, logout: 'yes' });
    expect(await isSignedIn()).toBe(false);
  });
});

describe('other addresses', () => {
  it.each([
    ['/', 200, 'It is running'],
    ['/nothing', 404, 'Nothing is served'],
    [`/${LOCAL_TENANT}/oauth2/v2.0/revoke`, 404, 'Nothing is served'],
    ['//x/%zz', 404, 'Nothing is served'],
  ])('%s: %i', async (path, status, text) => {
    const response = await fetch(`${origin}${path}`);
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(text);
  });
});
