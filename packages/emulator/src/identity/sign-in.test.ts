import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { ACCOUNTS } from './accounts.ts';
import { LOCAL_TENANT } from './endpoints.ts';
import { DICOM_AUDIENCE, GRAPH_AUDIENCE } from './scopes.ts';
import { startIdentityProvider, type RunningIdentityProvider } from './start.ts';
import { Viewer, VIEWER_ORIGIN, VIEWER_SCOPE } from './testing/viewer.ts';

const [owner, reader] = ACCOUNTS;
let provider: RunningIdentityProvider;
let viewer: Viewer;

beforeAll(async () => {
  provider = await startIdentityProvider({ port: 0, viewerOrigins: [VIEWER_ORIGIN] });
});
beforeEach(() => {
  viewer = new Viewer(provider);
});
afterAll(() => provider.close());

describe.each(ACCOUNTS)('the account $username', account => {
  it('signs in with code and PKCE, and gets an access token for the DICOM service', async () => {
    const arrival = await viewer.signIn(account);
    expect(arrival.url.origin + arrival.url.pathname).toBe(`${VIEWER_ORIGIN}/callback`);
    expect(arrival.url.searchParams.get('state')).toBe('the-state');

    const { status, body } = await viewer.redeem(arrival);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 3600,
      scope: `${DICOM_AUDIENCE}/Dicom.ReadWrite`,
    });

    const keys = createRemoteJWKSet(new URL(provider.jwksUri));
    const options = { issuer: provider.issuer, algorithms: ['RS256'] };
    const access = await jwtVerify(body.access_token, keys, {
      ...options,
      audience: provider.audience,
    });
    expect(access.protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) });
    const { iat } = access.payload;
    expect(access.payload).toEqual({
      aud: DICOM_AUDIENCE,
      iss: provider.issuer,
      iat,
      nbf: iat,
      exp: iat! + 3600,
      appid: 'ohif-viewer',
      azp: 'ohif-viewer',
      azpacr: '0',
      name: account.displayName,
      oid: account.oid,
      preferred_username: account.userPrincipalName,
      scp: 'Dicom.ReadWrite',
      sub: account.sub,
      tid: LOCAL_TENANT,
      uti: expect.any(String),
      ver: '2.0',
    });
    expect(provider.roleOf(access.payload)).toBe(account.role);

    const id = await jwtVerify(body.id_token, keys, { ...options, audience: 'ohif-viewer' });
    expect(id.payload).toMatchObject({
      nonce: 'the-nonce',
      name: account.displayName,
      oid: account.oid,
      preferred_username: account.userPrincipalName,
      sub: account.sub,
      tid: LOCAL_TENANT,
    });
  });
});

describe('the sign-in page', () => {
  it('refuses a wrong password in words, and lets the person try again', async () => {
    const wrong = await viewer.signIn({ username: 'owner', password: 'Owner' });
    expect(wrong.text).toMatch(/role="alert"[^>]*>\s*The user name or the password is not right/);
    expect(wrong.text).toMatch(/name="username"\s+value="owner"/);
    const right = await viewer.browser.submit(wrong.url, { username: 'owner', password: 'owner' });
    expect(right.url.searchParams.get('code')).toEqual(expect.any(String));
  });

  it.each([
    ['no account', { username: 'root', password: 'root' }],
    ['nothing', { username: '', password: '' }],
    ['hostile: prototype', { username: '__proto__', password: '__proto__' }],
    ['a form that is too large', { username: 'owner', password: 'x'.repeat(20_000) }],
  ])('lets %s not in', async (_what, account) => {
    const { url, text } = await viewer.signIn(account);
    expect(url.origin).toBe(new URL(provider.issuer).origin);
    expect(text).toContain('role="alert"');
  });

  it('says who asks, and has the stable selectors', async () => {
    const { text, response } = await viewer.browser.visit(viewer.authorizeUrl());
    expect(text).toContain('OHIF Viewer for the Azure DICOM service');
    expect(text).toContain('<html lang="en">');
    for (const name of ['sign-in-submit', 'account-owner', 'account-reader', 'account-nobody']) {
      expect(text).toContain(`data-cy="${name}"`);
    }
    expect(text.match(/type="submit"/g)).toHaveLength(1);
    expect(text).not.toContain('role="alert"');
    expect(response?.headers.get('Content-Security-Policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-.*; frame-ancestors 'none'$/
    );
  });

  it('fills in an account without scripts', async () => {
    const { url } = await viewer.browser.visit(viewer.authorizeUrl());
    const { text } = await viewer.browser.visit(`${url}?account=reader`);
    expect(text).toMatch(/name="username"\s+value="reader"/);
    expect(text).toMatch(/name="password"\s+type="password"\s+value="reader"/);
  });

  it('escapes what it is given', async () => {
    const { text } = await viewer.browser.visit(viewer.authorizeUrl({ login_hint: '"><script>' }));
    expect(text).toContain('value="&quot;&gt;&lt;script&gt;"');
  });

  it('goes back to the viewer when the person cancels', async () => {
    const { url } = await viewer.browser.visit(viewer.authorizeUrl());
    const back = await viewer.browser.visit(`${url}?cancel=1`);
    expect(back.url.href).toMatch(new RegExp(`^${VIEWER_ORIGIN}/callback\\?`));
    expect(back.url.searchParams.get('error')).toBe('access_denied');
    expect(back.url.searchParams.get('state')).toBe('the-state');
  });

  it('tells another browser that the sign-in is not its own', async () => {
    const { url } = await viewer.browser.visit(viewer.authorizeUrl());
    const { response, text } = await new Viewer(provider).browser.visit(url);
    expect(response?.status).toBe(400);
    expect(text).toContain('Sign-in has expired');
  });
});

describe('single sign-on', () => {
  /** Undefined parameter: left out. `page`: the sign-in page; else the error, or `code`. */
  const ROWS: [string, Record<string, string>, string][] = [
    ['OIDC Core 3.1.2.3: a session needs no password', {}, 'code'],
    ['OIDC Core 3.1.2.1: prompt=none', { prompt: 'none' }, 'code'],
    ['OIDC Core 3.1.2.1: prompt=login', { prompt: 'login' }, 'page'],
    ['OIDC Core 3.1.2.1: max_age=0', { max_age: '0' }, 'page'],
    ['OIDC Core 3.1.2.1: max_age not reached', { max_age: '600' }, 'code'],
    ['OIDC Core 3.1.2.1: prompt=select_account', { prompt: 'select_account' }, 'page'],
    ['admin consent: prompt=consent asks nothing', { prompt: 'consent' }, 'code'],
    ['login_hint of the person', { login_hint: 'owner@practice.example' }, 'code'],
    ['login_hint of another', { login_hint: 'reader@practice.example' }, 'page'],
    ['and prompt=none', { login_hint: 'reader', prompt: 'none' }, 'login_required'],
  ];
  it.each(ROWS)('%s', async (_cite, parameters, want) => {
    await viewer.signIn(owner!);
    const { url } = await viewer.browser.visit(viewer.authorizeUrl(parameters));
    const { searchParams } = url;
    const got = url.origin === VIEWER_ORIGIN ? (searchParams.get('error') ?? 'code') : 'page';
    expect(got).toBe(want);
  });

  it('answers prompt=none with login_required when nobody is signed in', async () => {
    const { url } = await viewer.browser.visit(viewer.authorizeUrl({ prompt: 'none' }));
    expect(url.searchParams.get('error')).toBe('login_required');
  });

  it('signs another person in on prompt=select_account', async () => {
    await viewer.signIn(owner!);
    // The library ends the first session with a form that a browser submits by itself.
    const ended = await viewer.signIn(reader!, { prompt: 'select_account' });
    const xsrf = /name="xsrf" value="([\w-]+)"/.exec(ended.text)?.[1] ?? '';
    const action = /action="([^"]+)"/.exec(ended.text)?.[1] ?? '';
    const arrival = await viewer.browser.submit(action, { xsrf, logout: 'yes' });
    const { body } = await viewer.redeem(arrival);
    expect(decodeJwt(body.access_token)).toMatchObject({ oid: reader!.oid });
  });
});

describe('authorization requests', () => {
  it.each([
    ['of another origin', 'http://evil.test/callback'],
    ['with another path', `${VIEWER_ORIGIN}/other`],
    ['with something behind', `${VIEWER_ORIGIN}/callback?x=1`],
    ['of a script', 'javascript:alert(1)'],
  ])('with a redirect_uri %s get a page and no redirect', async (_what, redirectUri) => {
    const { url, response, text } = await viewer.browser.visit(
      viewer.authorizeUrl({ redirect_uri: redirectUri })
    );
    expect(url.origin).toBe(new URL(provider.issuer).origin);
    expect(response?.status).toBe(400);
    expect(text).toContain('not registered for this application');
  });

  const REFUSED: [string, Record<string, string | undefined>, string][] = [
    ['RFC 7636 4.4.1: no PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['RFC 7636 4.3: plain', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['implicit flow', { response_type: 'id_token token' }, 'unsupported_response_type'],
    ['one resource per access token', { scope: `${VIEWER_SCOPE} User.Read` }, 'invalid_scope'],
    ['a scope that is not known', { scope: 'openid Dicom.ReadWrite' }, 'invalid_scope'],
  ];
  it.each(REFUSED)('%s: refused at the redirect URI', async (_cite, parameters, want) => {
    const { url } = await viewer.browser.visit(viewer.authorizeUrl(parameters));
    const answered = new URLSearchParams(url.search || url.hash.slice(1));
    expect(url.origin).toBe(VIEWER_ORIGIN);
    expect(answered.get('error')).toBe(want);
    expect(answered.get('state')).toBe('the-state');
  });

  it('of an unknown client get a page', async () => {
    const { text } = await viewer.browser.visit(viewer.authorizeUrl({ client_id: 'other' }));
    expect(text).toContain('The application is not registered here');
  });

  const AUDIENCES: [string, string, string, string][] = [
    ['ohif-3.13.md B5', VIEWER_SCOPE, DICOM_AUDIENCE, 'Dicom.ReadWrite'],
    ['.default', `openid ${DICOM_AUDIENCE}/.default`, DICOM_AUDIENCE, 'Dicom.ReadWrite'],
    ['DICOM scope alone', `${DICOM_AUDIENCE}/Dicom.ReadWrite`, DICOM_AUDIENCE, 'Dicom.ReadWrite'],
    ['no resource: Graph', 'openid profile', GRAPH_AUDIENCE, 'openid profile'],
    ['Graph', 'openid User.Read', GRAPH_AUDIENCE, 'openid User.Read'],
  ];
  it.each(AUDIENCES)('%s: %s', async (_cite, scope, aud, scp) => {
    const isOpenId = scope.startsWith('openid');
    const nonce = isOpenId ? 'the-nonce' : undefined;
    const { body } = await viewer.redeem(await viewer.signIn(owner!, { scope, nonce }));
    expect(decodeJwt(body.access_token)).toMatchObject({ aud, scp });
    expect(body.id_token !== undefined).toBe(isOpenId);
  });
});
