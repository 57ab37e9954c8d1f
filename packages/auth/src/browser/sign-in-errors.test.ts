import { FakeTab } from '../../testing/fake-browser.ts';
import type { ScriptedAnswer } from '../../testing/scripted-provider.ts';
import { PLAIN, SessionHarness } from '../../testing/session-harness.ts';
import type { AuthError, AuthErrorCode } from '../auth-error.ts';

let harness: SessionHarness;
let tab: FakeTab;
beforeEach(async () => {
  harness = await SessionHarness.start();
  tab = new FakeTab();
});
afterEach(() => harness.stop());

function caught(promise: Promise<unknown>): Promise<AuthError> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as AuthError
  );
}

/** Everything of an error and its causes that could be printed. */
function printed(error: unknown): string {
  if (!(error instanceof Object)) return String(error);
  const own = Object.getOwnPropertyNames(error).map(
    name => [name, (error as never)[name]] as const
  );
  return own
    .map(([name, value]) => `${name}: ${name === 'cause' ? printed(value) : JSON.stringify(value)}`)
    .join('\n');
}

function expectError(error: AuthError, code: AuthErrorCode, words: RegExp): void {
  expect(error).toMatchObject({
    code,
    retry: code === 'ERR_AUTH_PROVIDER_UNREACHABLE' ? 'transient' : 'permanent',
    message: expect.stringMatching(words),
  });
  expect(error.message).toMatch(/^[A-Z].*\.$/);
  expect(printed(error)).not.toMatch(/MARKER(?!NAME in)|eyJ|owner@/);
}

type Row<Input> = readonly (readonly [
  cite: string,
  input: Input,
  code: AuthErrorCode,
  words: RegExp,
])[];
const oauth = (error: string, description?: string, status = 400): ScriptedAnswer => ({
  status,
  body: { error, error_description: description },
});

describe("the provider's answer in the address", () => {
  // prettier-ignore
  const ROWS: Row<Record<string, string>> = [
    ['RFC 6749 4.1.2.1 access_denied', { error: 'access_denied' }, 'ERR_AUTH_SIGNIN_REFUSED', /refused: access_denied\.$/],
    ['Learn reference-error-codes 65004', { error: 'access_denied', error_description: 'AADSTS65004: MARKER' }, 'ERR_AUTH_SIGNIN_REFUSED', /permissions were declined \(access_denied, AADSTS65004\); sign in again and accept them/],
    ['Learn reference-error-codes 53003', { error: 'access_denied', error_description: 'AADSTS53003: MARKER' }, 'ERR_AUTH_SIGNIN_REFUSED', /Conditional Access.*ask the administrator/],
    ['OpenID Connect Core 3.1.2.6 consent_required', { error: 'consent_required', error_description: 'AADSTS65001: MARKER' }, 'ERR_AUTH_CONSENT_REQUIRED', /permission has not been granted: nobody has agreed.*AADSTS65001\); have the administrator grant consent\.$/],
    ['Learn reference-error-codes 90094', { error: 'access_denied', error_description: 'AADSTS90094: MARKER' }, 'ERR_AUTH_CONSENT_REQUIRED', /only an administrator may agree.*AADSTS90094/],
    ['RFC 6749 4.1.2.1 temporarily_unavailable', { error: 'temporarily_unavailable' }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /busy/],
    ['RFC 6749 4.1.2.1 server_error', { error: 'server_error' }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /busy/],
    ['RFC 6749 4.1.2.1 unauthorized_client', { error: 'unauthorized_client', error_description: 'AADSTS700016: MARKER' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /check client id and tenant id/],
    ['RFC 6749 4.1.2.1 invalid_scope', { error: 'invalid_scope' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /settings do not fit/],
    ['a hostile error code', { error: '<b>MARKER</b>' }, 'ERR_AUTH_SIGNIN_REFUSED', /refused: unknown error/],
    ['RFC 6749 10.12: state of nobody', { state: 'f'.repeat(32) }, 'ERR_AUTH_CALLBACK_INVALID', /not started in this tab/],
    ['RFC 6749 10.12: no state', { state: '' }, 'ERR_AUTH_CALLBACK_INVALID', /not started in this tab/],
    ['RFC 9207 2.4: another issuer', { iss: 'https://evil.example' }, 'ERR_AUTH_CALLBACK_INVALID', /Sign in again/],
    ['RFC 6749 4.1.3: code of nobody', { code: 'MARKERCODE' }, 'ERR_AUTH_CALLBACK_INVALID', /does not accept this answer/],
    ['a sign-in window that did not close', { state: 'x;popup' }, 'ERR_AUTH_CALLBACK_INVALID', /not started in this tab/],
  ];
  it.each(ROWS)('%s', async (_cite, change, code, words) => {
    const callback = harness.provider.authorize(await harness.begin(tab), change);
    if ('error' in change) callback.searchParams.delete('code');
    const session = harness.open(tab);
    expectError(await caught(session.start(callback)), code, words);
    expect(session.state).toMatchObject({ status: 'signed-out', problem: { code } });
  });

  it('is invalid in another tab, or as a bookmark', async () => {
    const callback = harness.provider.authorize(await harness.begin(tab));
    const session = harness.open(new FakeTab(tab.browser));
    expectError(
      await caught(session.start(callback)),
      'ERR_AUTH_CALLBACK_INVALID',
      /Sign in again/
    );
    expect(harness.provider.tokenRequests).toHaveLength(0);
  });
});

describe('the token endpoint when signing in', () => {
  // prettier-ignore
  const ROWS: Row<ScriptedAnswer> = [
    ['Learn reference-error-codes 9002326', oauth('invalid_request', 'AADSTS9002326: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /register it as a single-page application/],
    ['Learn reference-error-codes 7000218', oauth('invalid_client', 'AADSTS7000218: MARKER', 401), 'ERR_AUTH_PROVIDER_CONFIGURATION', /single-page application/],
    ['Learn reference-error-codes 65001, suberror consent_required', oauth('invalid_grant', 'AADSTS65001: MARKER'), 'ERR_AUTH_CONSENT_REQUIRED', /permission has not been granted.*AADSTS65001/],
    ['RFC 9110 15.6.4', { status: 503, body: { message: 'MARKER' } }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
    ['RFC 6585 4', { status: 429, body: {} }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
    ['a gateway’s page', { status: 502, body: 'MARKER', contentType: 'text/html' }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
    ['line cut', { destroy: true }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
    ['RFC 9110 15.5.5', { status: 404, body: { message: 'MARKER' } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /status 404/],
    ['no ID token', { body: { access_token: 'MARKER', token_type: 'Bearer' } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /not understood/],
  ];
  it.each(ROWS)('%s', async (_cite, answer, code, words) => {
    const callback = harness.provider.authorize(await harness.begin(tab));
    harness.provider.tokenAnswers.push(answer);
    expectError(await caught(harness.open(tab).start(callback)), code, words);
  });

  // prettier-ignore
  const CLAIMS: readonly (readonly [cite: string, claims: Record<string, unknown>, code: AuthErrorCode])[] = [
    ['OpenID Connect Core 3.1.3.7 (2): another issuer', { iss: 'https://evil.example' }, 'ERR_AUTH_PROVIDER_CONFIGURATION'],
    ['OpenID Connect Core 3.1.3.7 (3): another audience', { aud: 'MARKER' }, 'ERR_AUTH_PROVIDER_CONFIGURATION'],
    ['OpenID Connect Core 3.1.3.7 (11): another nonce', { nonce: 'MARKER' }, 'ERR_AUTH_CALLBACK_INVALID'],
    ['OpenID Connect Core 2: no subject', { sub: undefined }, 'ERR_AUTH_PROVIDER_CONFIGURATION'],
  ];
  it.each(CLAIMS)('ID token: %s', async (_cite, claims, code) => {
    harness.provider.claims = { ...harness.provider.claims, ...claims };
    const callback = harness.provider.authorize(await harness.begin(tab));
    const session = harness.open(tab);
    expectError(await caught(session.start(callback)), code, /./);
    expect(session.accessToken()).toBeUndefined();
  });

  it('no access token', async () => {
    harness.provider.extra = { access_token: undefined };
    const callback = harness.provider.authorize(await harness.begin(tab));
    const error = await caught(harness.open(tab).start(callback));
    expectError(error, 'ERR_AUTH_PROVIDER_CONFIGURATION', /no access token/);
  });
});

describe('the token endpoint when renewing', () => {
  // prettier-ignore
  const ROWS: Row<ScriptedAnswer> = [
    ['Learn reference-error-codes 700084', oauth('invalid_grant', 'AADSTS700084: MARKER'), 'ERR_AUTH_SIGNIN_REQUIRED', /ends after 24 hours \(invalid_grant, AADSTS700084\)/],
    ['RFC 6749 5.2 invalid_grant', oauth('invalid_grant', 'MARKER'), 'ERR_AUTH_SIGNIN_REQUIRED', /Sign in again/],
    ['Learn reference-error-codes 50076', oauth('interaction_required', 'AADSTS50076: MARKER'), 'ERR_AUTH_SIGNIN_REQUIRED', /second factor/],
    ['OpenID Connect Core 3.1.2.6 login_required', oauth('login_required'), 'ERR_AUTH_SIGNIN_REQUIRED', /Sign in again/],
    ['Learn reference-error-codes 65001 at renewal', oauth('invalid_grant', 'AADSTS65001: MARKER'), 'ERR_AUTH_SIGNIN_REQUIRED', /have the administrator grant consent/],
    ['RFC 6749 5.2 invalid_client', oauth('invalid_client', 'MARKER', 401), 'ERR_AUTH_PROVIDER_CONFIGURATION', /settings do not fit/],
    ['RFC 6749 5.2 invalid_scope', oauth('invalid_scope'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /settings do not fit/],
    ['RFC 9110 15.6.1', { status: 500, body: {} }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
    ['a captive portal’s page', { body: 'MARKER', contentType: 'text/html' }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
    ['line cut', { destroy: true }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
  ];
  it.each(ROWS)('%s', async (_cite, answer, code, words) => {
    const session = await harness.signIn(tab);
    harness.provider.tokenAnswers.push(answer);
    expectError(await caught(session.renew()), code, words);
    expect(session.state).toMatchObject({
      status: 'signed-in',
      renewal: 'failing',
      problem: { code },
    });
  });

  it('has nothing to renew when signed out', async () => {
    const session = harness.open(tab);
    await session.start(PLAIN);
    expectError(await caught(session.renew()), 'ERR_AUTH_SIGNIN_REQUIRED', /Sign in again/);
  });
});

describe('discovery', () => {
  // prettier-ignore
  const ROWS: Row<{ answer?: ScriptedAnswer; change?: Record<string, unknown> }> = [
    ['OpenID Connect Discovery 4.2: not found', { answer: { status: 404 } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /openid-configuration, but it answers with status 404/],
    ['OpenID Connect Discovery 4.2: not JSON', { answer: { body: '<html>MARKER' } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /not JSON/],
    ['OpenID Connect Discovery 4.2: null', { answer: { body: 'null' } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /not a JSON object/],
    ['OpenID Connect Discovery 4.3: another issuer', { change: { issuer: 'https://evil.example/MARKER' } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /another issuer/],
    ['OpenID Connect Discovery 3: no endpoint', { change: { token_endpoint: undefined } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /no usable endpoints/],
    ['an endpoint that is script', { change: { authorization_endpoint: 'javascript:alert(1)' } }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /no usable endpoints/],
    ['RFC 9110 15.6.4', { answer: { status: 503 } }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /status 503/],
    ['RFC 6585 4', { answer: { status: 429 } }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /status 429/],
    ['line cut', { answer: { destroy: true } }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /cannot be reached/],
  ];
  it.each(ROWS)('%s', async (_cite, { answer, change }, code, words) => {
    harness.provider.discoveryAnswer = answer;
    harness.provider.metadataChange = change ?? {};
    const session = harness.open(tab);
    await session.start(PLAIN);
    expectError(await caught(session.signInByRedirect({ returnTo: '/' })), code, words);
    expect(tab.navigations).toEqual([]);
  });

  it('is done once', async () => {
    const session = await harness.signIn(tab);
    await session.renew();
    await session.renew();
    expect(harness.provider.discoveries).toBe(2); // one for each page
  });
});

describe('a page without cryptography', () => {
  const insecure = { crypto: { getRandomValues: crypto.getRandomValues.bind(crypto) } };

  it('names HTTPS, whatever is tried', async () => {
    const session = harness.open(tab, insecure as never);
    for (const attempt of [
      () => session.start(PLAIN),
      () => session.signInByRedirect({ returnTo: '/' }),
      () => session.signInPopup(),
    ]) {
      expectError(await caught(attempt()), 'ERR_AUTH_INSECURE_CONTEXT', /HTTPS/);
    }
    expect(tab.windows).toEqual([]);
    expect(session.state).toMatchObject({
      status: 'signed-out',
      problem: { code: 'ERR_AUTH_INSECURE_CONTEXT' },
    });
  });
});
