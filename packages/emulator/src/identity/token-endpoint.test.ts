import { jest } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { ACCOUNTS, RELAY_OID } from './accounts.ts';
import { DICOM_AUDIENCE } from './scopes.ts';
import { startIdentityProvider, type RunningIdentityProvider } from './start.ts';
import { Viewer, VIEWER_ORIGIN } from './testing/viewer.ts';

const owner = ACCOUNTS[0]!;
const ACCESS_TOKEN_SECONDS = 90;
const HOUR_MS = 3_600_000;
const RELAY = {
  grant_type: 'client_credentials',
  client_id: 'relay',
  client_secret: 'relay-secret',
  scope: `${DICOM_AUDIENCE}/.default`,
};
let provider: RunningIdentityProvider;
let viewer: Viewer;

beforeAll(async () => {
  provider = await startIdentityProvider({
    port: 0,
    viewerOrigins: [VIEWER_ORIGIN],
    accessTokenSeconds: ACCESS_TOKEN_SECONDS,
  });
});
beforeEach(() => {
  viewer = new Viewer(provider);
});
afterAll(() => provider.close());

describe('refresh tokens', () => {
  it('stay usable after use, and each use gives another one (Entra ID, ohif-3.13.md B5)', async () => {
    const { body } = await viewer.redeem(await viewer.signIn(owner));
    const first = await viewer.renew(body.refresh_token);
    const second = await viewer.renew(body.refresh_token);
    const third = await viewer.renew(second.body.refresh_token);
    for (const renewed of [first, second, third]) {
      expect(renewed.status).toBe(200);
      expect(decodeJwt(renewed.body.access_token)).toMatchObject({
        aud: DICOM_AUDIENCE,
        scp: 'Dicom.ReadWrite',
        oid: owner.oid,
      });
      expect(decodeJwt(renewed.body.id_token)).toMatchObject({ oid: owner.oid });
    }
    const values = [body, first.body, second.body, third.body].map(one => one.refresh_token);
    expect(new Set(values).size).toBe(values.length);
  });

  it('end 24 hours after the sign-in, however often they are used', async () => {
    const { body } = await viewer.redeem(await viewer.signIn(owner));
    const start = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(start + 23 * HOUR_MS);
    try {
      const renewed = await viewer.renew(body.refresh_token);
      expect(renewed.status).toBe(200);
      clock.mockReturnValue(start + 25 * HOUR_MS);
      expect(await viewer.renew(renewed.body.refresh_token)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      });
    } finally {
      clock.mockRestore();
    }
  });

  it('are renewed with the scope of the answer before (oidc-client-ts)', async () => {
    const { body } = await viewer.redeem(await viewer.signIn(owner));
    const { status, body: renewed } = await viewer.askTokens({
      grant_type: 'refresh_token',
      client_id: 'ohif-viewer',
      refresh_token: body.refresh_token,
      scope: body.scope,
    });
    expect(status).toBe(200);
    expect(decodeJwt(renewed.access_token)).toMatchObject({ scp: 'Dicom.ReadWrite' });
  });

  it('are not given without offline_access', async () => {
    const scope = `openid ${DICOM_AUDIENCE}/Dicom.ReadWrite`;
    const { body } = await viewer.redeem(await viewer.signIn(owner, { scope }));
    expect(body.refresh_token).toBeUndefined();
  });

  it('outlive the sign-out', async () => {
    const { body } = await viewer.redeem(await viewer.signIn(owner));
    await viewer.browser.visit(viewer.logoutUrl({ client_id: 'ohif-viewer' }));
    expect((await viewer.renew(body.refresh_token)).status).toBe(200);
  });
});

describe('authorization codes', () => {
  it('are used once (RFC 6749 section 4.1.2)', async () => {
    const arrival = await viewer.signIn(owner);
    expect((await viewer.redeem(arrival)).status).toBe(200);
    expect(await viewer.redeem(arrival)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('need their verifier (RFC 7636 section 4.6)', async () => {
    const arrival = await viewer.signIn(owner);
    const other = new Viewer(provider, viewer.browser);
    expect(await other.redeem(arrival)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });
});

describe('client credentials', () => {
  it('give the relay an access token as an application', async () => {
    const { status, body } = await viewer.askTokens(RELAY);
    expect(status).toBe(200);
    expect(body.expires_in).toBe(ACCESS_TOKEN_SECONDS);
    const { payload } = await jwtVerify(
      body.access_token,
      createRemoteJWKSet(new URL(provider.jwksUri)),
      { issuer: provider.issuer, audience: DICOM_AUDIENCE }
    );
    expect(payload).toMatchObject({
      appid: 'relay',
      azp: 'relay',
      idtyp: 'app',
      oid: RELAY_OID,
      sub: RELAY_OID,
    });
    expect(payload).not.toHaveProperty('scp');
    expect(payload.exp! - payload.iat!).toBe(ACCESS_TOKEN_SECONDS);
    expect(provider.roleOf(payload)).toBe('owner');
    expect(body.refresh_token).toBeUndefined();
  });

  it('take the secret in the Authorization header too (RFC 6749 section 2.3.1)', async () => {
    const { grant_type, scope, client_id, client_secret } = RELAY;
    const response = await fetch(provider.authority.replace(/v2\.0$/, 'oauth2/v2.0/token'), {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` },
      body: new URLSearchParams({ grant_type, scope }),
    });
    expect(response.status).toBe(200);
  });

  const REFUSED: [string, Record<string, string>, number, string][] = [
    ['RFC 6749 5.2: wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['RFC 6749 5.2: no secret', { client_secret: '' }, 401, 'invalid_client'],
    ['RFC 6749 5.2: unknown client', { client_id: 'other' }, 401, 'invalid_client'],
    [
      'Entra ID: a permission by name',
      { scope: `${DICOM_AUDIENCE}/Dicom.ReadWrite` },
      400,
      'invalid_scope',
    ],
    ['Entra ID: no scope', { scope: '' }, 400, 'invalid_scope'],
    ['RFC 6749 5.2: not for this client', { grant_type: 'refresh_token' }, 400, 'invalid_request'],
    ['RFC 6749 5.2: not served', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
  ];
  it.each(REFUSED)('%s', async (_cite, fields, status, error) => {
    expect(await viewer.askTokens({ ...RELAY, ...fields })).toMatchObject({
      status,
      body: { error },
    });
  });

  it('are not for the viewer', async () => {
    const { status } = await viewer.askTokens({ ...RELAY, client_id: 'ohif-viewer' });
    expect(status).toBe(401);
  });
});

describe('device code (RFC 8628)', () => {
  it('signs a program in', async () => {
    const response = await fetch(provider.authority.replace(/v2\.0$/, 'oauth2/v2.0/devicecode'), {
      method: 'POST',
      body: new URLSearchParams({
        client_id: 'ohif-viewer',
        scope: `offline_access ${DICOM_AUDIENCE}/Dicom.ReadWrite`,
      }),
    });
    const device = (await response.json()) as Record<string, string>;
    const poll = () =>
      viewer.askTokens({
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: 'ohif-viewer',
        device_code: device['device_code'] ?? '',
      });
    expect(await poll()).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });

    const xsrfOf = (text: string) => /name="xsrf" value="([\w-]+)"/.exec(text)?.[1] ?? '';
    const { browser } = viewer;
    const asked = await browser.visit(device['verification_uri'] ?? '');
    const wrong = await browser.submit(asked.url, { xsrf: xsrfOf(asked.text), user_code: 'XXXX' });
    expect(wrong.text).toContain('This code is not known');
    const user_code = device['user_code'] ?? '';
    const confirm = await browser.submit(asked.url, { xsrf: xsrfOf(wrong.text), user_code });
    expect(confirm.text).toContain(user_code);
    const xsrf = xsrfOf(confirm.text);
    const page = await browser.submit(asked.url, { xsrf, user_code, confirm: 'yes' });
    const done = await browser.submit(page.url, { username: 'owner', password: 'owner' });
    expect(done.text).toContain('The program is signed in');

    const { body } = await poll();
    expect(decodeJwt(body.access_token)).toMatchObject({ oid: owner.oid, scp: 'Dicom.ReadWrite' });
    expect((await viewer.renew(body.refresh_token)).status).toBe(200);
  });
});
