import { FakeTab } from '../../testing/fake-browser.ts';
import type { ScriptedProvider } from '../../testing/scripted-provider.ts';
import { HOUR, PLAIN, RETURN_TO, SessionHarness } from '../../testing/session-harness.ts';
import type { AuthErrorCode } from '../auth-error.ts';
import type { BrowserSession, SessionState } from './session-types.ts';

let harness: SessionHarness;
let provider: ScriptedProvider;
beforeEach(async () => {
  harness = await SessionHarness.start();
  provider = harness.provider;
});
afterEach(() => harness.stop());

const open: SessionHarness['open'] = (...args) => harness.open(...args);
const signIn: SessionHarness['signIn'] = (...args) => harness.signIn(...args);

function until(
  session: BrowserSession,
  is: (state: SessionState) => boolean
): Promise<SessionState> {
  return new Promise(resolve => {
    if (is(session.state)) return resolve(session.state);
    const stop = session.subscribe(state => {
      if (!is(state)) return;
      stop();
      resolve(state);
    });
  });
}
const renewedTo = (at: number) => (state: SessionState) => state.accessTokenExpiresAt === at;
const codeOf = (promise: Promise<unknown>): Promise<AuthErrorCode | undefined> =>
  promise.then(
    () => undefined,
    (error: { code: AuthErrorCode }) => error.code
  );

describe('sign-in by redirect', () => {
  it('uses the code flow with PKCE, state and nonce (RFC 9700 2.1.1)', async () => {
    const tab = new FakeTab();
    const session = open(tab);
    expect(session.state).toEqual({ status: 'starting' });
    await expect(session.start(PLAIN)).resolves.toEqual({});
    expect(session.state).toEqual({ status: 'signed-out' });
    await session.signInByRedirect({ returnTo: RETURN_TO });
    const url = new URL(tab.navigations[0] ?? '');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'ohif-viewer',
      redirect_uri: 'https://viewer.example/callback',
      response_type: 'code',
      scope: 'openid offline_access Dicom.ReadWrite',
      state: expect.stringMatching(/^[0-9a-f]{32}$/),
      nonce: expect.stringMatching(/^[0-9a-f]{32}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
  });

  it('ends on the page it began on, signed in', async () => {
    const tab = new FakeTab();
    const first = open(tab);
    await first.start(PLAIN);
    await first.signInByRedirect({ returnTo: `${RETURN_TO}&token=MARKERSHARE` });
    const session = open(tab);
    const callback = provider.authorize(tab.navigations[0] ?? '');
    await expect(session.start(callback)).resolves.toEqual({ returnTo: RETURN_TO });
    expect(session.state).toEqual({
      status: 'signed-in',
      account: {
        displayName: 'Dr. MARKERNAME',
        username: 'owner@clinic.example',
        id: 'oid-1.tenant-1',
      },
      accessTokenExpiresAt: tab.browser.now + HOUR,
      sessionEndsAt: tab.browser.now + 24 * HOUR,
      renewal: 'ok',
    });
    expect(session.accessToken()).toBe(provider.issued.find(token => token.includes('.')));
  });

  it('survives a reload without leaving the page', async () => {
    const tab = new FakeTab();
    const before = await signIn(tab);
    const session = open(tab);
    await session.start(PLAIN);
    expect(session.state).toEqual(before.state);
    expect(session.accessToken()).toBe(before.accessToken());
    expect(provider.tokenRequests).toHaveLength(1);
  });

  it('keeps no token, code, verifier, name or path in the clear', async () => {
    const tab = new FakeTab();
    const first = open(tab);
    await first.start(PLAIN);
    await first.signInByRedirect({ returnTo: RETURN_TO });
    const during = JSON.stringify([...tab.sessionStorage.items]);
    expect(during).not.toMatch(/code_verifier|StudyInstanceUID|returnTo|1\.2\.3/);
    const session = open(tab);
    await session.start(provider.authorize(tab.navigations[0] ?? ''));
    await session.renew();
    const after = JSON.stringify([...tab.sessionStorage.items]);
    expect(tab.sessionStorage.length).toBe(1);
    expect(provider.issued.length).toBeGreaterThan(5);
    for (const secret of provider.issued) {
      expect(after).not.toContain(secret);
      expect(after).not.toContain(Buffer.from(secret).toString('base64').slice(4, 40));
    }
    expect(after).not.toMatch(/MARKER|owner@|eyJ/);
    for (const key of tab.browser.indexedDB.stores.get('keys')?.values() ?? []) {
      expect((key as CryptoKey).extractable).toBe(false);
    }
  });

  it('keeps tokens in memory only where there is no IndexedDB', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab, { indexedDB: undefined });
    expect(session.state.status).toBe('signed-in');
    expect(JSON.stringify([...tab.sessionStorage.items])).not.toMatch(/MARKER(?!CODE)|eyJ/);
    const reloaded = open(tab, { indexedDB: undefined });
    await reloaded.start(PLAIN);
    expect(reloaded.state).toEqual({ status: 'signed-out' });
  });

  it('is completed once: the same address again changes nothing', async () => {
    const tab = new FakeTab();
    const first = open(tab);
    await first.start(PLAIN);
    await first.signInByRedirect({ returnTo: RETURN_TO });
    const callback = provider.authorize(tab.navigations[0] ?? '');
    await open(tab).start(callback);
    const again = open(tab);
    await expect(again.start(callback)).resolves.toEqual({ returnTo: '/' });
    expect(again.state.status).toBe('signed-in');
  });

  it('names the account to the provider when signing in again', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    await session.signInByRedirect({ returnTo: '/' });
    expect(new URL(tab.navigations.at(-1) ?? '').searchParams.get('login_hint')).toBe(
      'owner@clinic.example'
    );
  });
});

describe('life of the session', () => {
  it.each([
    ['a minute ahead', 3600, 3_540_000],
    ['after four fifths of a short life', 100, 80_000],
  ])('renews %s, by the refresh token', async (_name, life, dueMs) => {
    provider.accessTokenSeconds = life;
    const tab = new FakeTab();
    const session = await signIn(tab);
    const old = session.accessToken();
    tab.browser.advance(dueMs - 1);
    expect(provider.tokenRequests).toHaveLength(1);
    tab.browser.advance(1);
    await until(session, renewedTo(tab.browser.now + life * 1000));
    expect(provider.tokenRequests.at(-1)?.get('grant_type')).toBe('refresh_token');
    expect(provider.tokenRequests.at(-1)?.get('scope')).toBe(
      'openid offline_access Dicom.ReadWrite'
    );
    expect(session.accessToken()).not.toBe(old);
    expect(session.state.sessionEndsAt).toBe(tab.browser.now - dueMs + 24 * HOUR);
  });

  it('renews once for all who ask', async () => {
    const session = await signIn(new FakeTab());
    await Promise.all([
      session.renew(),
      session.renew(),
      session.freshAccessToken({ renew: true }),
    ]);
    expect(provider.tokenRequests).toHaveLength(2);
  });

  it('renews when the page is looked at again after a sleep', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    tab.browser.now += 2 * HOUR; // no timer ran
    expect(session.accessToken()).toBeUndefined();
    tab.wake();
    expect(session.state.status).toBe('expired');
    await until(session, ({ status }) => status === 'signed-in');
  });

  it('restores and renews a session whose access token has ended', async () => {
    const tab = new FakeTab();
    (await signIn(tab)).dispose();
    tab.browser.now += 2 * HOUR;
    const session = open(tab);
    await session.start(PLAIN);
    expect(session.state).toMatchObject({ status: 'signed-in', renewal: 'ok' });
  });

  it.each([
    ['five minutes behind', -300],
    ['five minutes ahead', 300],
    ['a day ahead', 86_400],
  ])("judges by the life, though the provider's clock is %s", async (_name, offset) => {
    provider.clockOffsetSeconds = offset;
    const tab = new FakeTab();
    tab.browser.now = Date.now();
    const session = await signIn(tab);
    expect(session.state.accessTokenExpiresAt).toBe(tab.browser.now + HOUR);
    tab.browser.now += HOUR - 1;
    expect(session.accessToken()).toBeDefined();
    tab.browser.now += 1;
    expect(session.accessToken()).toBeUndefined();
  });

  it('takes the shorter of expires_in and exp - iat, and the latter where alone', async () => {
    provider.extra = { expires_in: 7200 };
    const tab = new FakeTab();
    expect((await signIn(tab)).state.accessTokenExpiresAt).toBe(tab.browser.now + HOUR);
    provider.extra = { expires_in: undefined };
    expect((await signIn(tab)).state.accessTokenExpiresAt).toBe(tab.browser.now + HOUR);
  });

  it('uses the valid access token while the provider is down, with growing pauses', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    const token = session.accessToken();
    provider.tokenAnswers.push(
      { status: 503, body: '<html>', contentType: 'text/html' },
      { destroy: true },
      { status: 400, body: { error: 'temporarily_unavailable' } }
    );
    const pauses = [3_540_000, 5000, 10_000];
    for (const [index, pause] of pauses.entries()) {
      tab.browser.advance(pause - 1);
      expect(provider.tokenRequests).toHaveLength(index + 1);
      tab.browser.advance(1);
      await session.renew().catch(() => undefined); // the one under way
      expect(provider.tokenRequests).toHaveLength(index + 2);
      expect(session.accessToken()).toBe(token);
      expect(session.state).toMatchObject({
        status: 'signed-in',
        problem: { code: 'ERR_AUTH_PROVIDER_UNREACHABLE' },
      });
    }
    tab.browser.advance(20_000);
    await session.renew();
    expect(session.state.renewal).toBe('ok');
    expect(session.state.problem).toBeUndefined();
    expect(session.accessToken()).not.toBe(token);
  });

  it('comes forward with a retry when the network is back', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    for (let failure = 0; failure < 3; failure++) {
      provider.tokenAnswers.push({ status: 503 });
      await session.renew().catch(() => undefined);
    }
    tab.browser.advance(5000);
    expect(provider.tokenRequests).toHaveLength(4);
    tab.wake();
    await until(session, ({ renewal }) => renewal === 'ok');
    expect(provider.tokenRequests).toHaveLength(5);
  });

  it('says that a sign-in is required when the refresh token has ended, and stops asking', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    provider.revoke();
    await expect(session.freshAccessToken({ renew: true })).resolves.toBeUndefined();
    expect(session.state).toMatchObject({
      status: 'signed-in',
      renewal: 'failing',
      sessionEndsAt: session.state.accessTokenExpiresAt,
      problem: { code: 'ERR_AUTH_SIGNIN_REQUIRED' },
    });
    expect(session.accessToken()).toBeDefined();
    tab.browser.advance(2 * HOUR);
    expect(session.state.status).toBe('expired');
    expect(provider.tokenRequests).toHaveLength(2);
    await expect(codeOf(session.renew())).resolves.toBe('ERR_AUTH_SIGNIN_REQUIRED');
  });

  it('ends with the access token where there is no refresh token', async () => {
    provider.givesRefreshToken = false;
    const tab = new FakeTab();
    const session = await signIn(tab);
    expect(session.state.sessionEndsAt).toBe(session.state.accessTokenExpiresAt);
    tab.browser.advance(HOUR);
    expect(session.state).toMatchObject({ status: 'expired', renewal: 'ok' });
    expect(provider.tokenRequests).toHaveLength(1);
  });

  it('knows no end of the session elsewhere than with Entra ID', async () => {
    provider.claims = { sub: 'keycloak-user', preferred_username: 'doctor' };
    const session = await signIn(new FakeTab());
    expect(session.state.sessionEndsAt).toBeUndefined();
    expect(session.state.account).toEqual({
      displayName: 'doctor',
      username: 'doctor',
      id: 'keycloak-user',
    });
  });

  it("takes Entra ID's own word for the rest of the 24 hours", async () => {
    provider.extra = { refresh_token_expires_in: 7200 };
    const tab = new FakeTab();
    expect((await signIn(tab)).state.sessionEndsAt).toBe(tab.browser.now + 2 * HOUR);
  });

  it('refuses a renewal that gives another person', async () => {
    const session = await signIn(new FakeTab());
    const token = session.accessToken();
    provider.claims = { ...provider.claims, sub: 'sub-2' };
    await expect(codeOf(session.renew())).resolves.toBe('ERR_AUTH_CALLBACK_INVALID');
    expect(session.accessToken()).toBe(token);
  });

  const FRESH = [
    ['long valid', 0, {}, 0],
    ['29 s left', 3_571_000, {}, 1],
    ['two minutes left, enough', 3_480_000, { minimumSeconds: 100 }, 0],
    ['two minutes left, not enough', 3_480_000, { minimumSeconds: 130 }, 1],
    ['more than its life wanted', 0, { minimumSeconds: 100_000 }, 0],
    ['more than half of its life wanted', 1_810_000, { minimumSeconds: 100_000 }, 1],
    ['asked to', 0, { renew: true }, 1],
  ] as const;
  it.each(FRESH)('freshAccessToken: %s', async (_name, afterMs, options, renewals) => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    tab.browser.now += afterMs;
    const fresh = await session.freshAccessToken(options);
    expect(fresh).toBe(session.accessToken());
    expect(fresh).toBeDefined();
    expect(provider.tokenRequests).toHaveLength(1 + renewals);
  });

  it('ends its timers', async () => {
    const tab = new FakeTab();
    const session = await signIn(tab);
    expect(tab.browser.pendingTimers).toBe(1);
    session.dispose();
    expect(tab.browser.pendingTimers).toBe(0);
  });
});
