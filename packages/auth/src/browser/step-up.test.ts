import { FakeTab } from '../../testing/fake-browser.ts';
import { SessionHarness } from '../../testing/session-harness.ts';
import { missingScopes } from './granted-scopes.ts';
import type { BrowserSession } from './session-types.ts';
import { ANSWER_SOURCE, answerChannel, stateIdentifier } from './sign-in-popup.ts';

const WRITE = 'https://dicom.healthcareapis.azure.com/Dicom.ReadWrite';

let harness: SessionHarness;
let tab: FakeTab;
beforeEach(async () => {
  harness = await SessionHarness.start();
  tab = new FakeTab();
});
afterEach(() => harness.stop());

/** Asks for the scope in a window; `change` is made to the provider's answer. @returns what was asked for */
async function stepUp(
  session: BrowserSession,
  change: Record<string, string> = {}
): Promise<{ asked: URLSearchParams; outcome: unknown }> {
  const done = session.signInPopup({ scopes: [WRITE] }).then(
    () => undefined,
    (error: unknown) => error
  );
  const url = (await tab.windows.at(-1)?.navigated) ?? '';
  const callback = harness.provider.authorize(url, change);
  if ('error' in change) callback.searchParams.delete('code');
  const message = { source: ANSWER_SOURCE, url: callback.href };
  tab.browser.send(answerChannel(stateIdentifier(callback)), message);
  return { asked: new URL(url).searchParams, outcome: await done };
}

it('asks for the scope besides the others, of the same account, without forcing consent', async () => {
  const session = await harness.signIn(tab);
  harness.provider.grantedScope = 'openid Dicom.ReadWrite';
  const { asked, outcome } = await stepUp(session);
  expect(outcome).toBeUndefined();
  expect(asked.get('scope')).toBe(`openid offline_access Dicom.ReadWrite ${WRITE}`);
  expect(asked.get('prompt')).toBeNull();
  expect(asked.get('login_hint')).toBe('owner@clinic.example');
  expect(session.state.problem).toBeUndefined();
});

it('says so when it is not granted after all, and the sign-in counts', async () => {
  harness.provider.grantedScope = 'openid Dicom.Read';
  const session = await harness.signIn(tab);
  const before = session.accessToken();
  const { outcome } = await stepUp(session);
  expect(outcome).toMatchObject({
    code: 'ERR_AUTH_CONSENT_REQUIRED',
    message: expect.stringMatching(/Dicom\.ReadWrite was not granted.*administrator.*AADSTS65001/),
  });
  expect(session.state).toMatchObject({
    status: 'signed-in',
    problem: { code: 'ERR_AUTH_CONSENT_REQUIRED' },
  });
  expect(session.accessToken()).not.toBe(before);
});

// prettier-ignore
it.each([
  ['Learn reference-error-codes 65001', { error: 'consent_required', error_description: 'AADSTS65001: MARKER' }, 'ERR_AUTH_CONSENT_REQUIRED', /grant consent/],
  ['Learn reference-error-codes 65004', { error: 'access_denied', error_description: 'AADSTS65004: MARKER' }, 'ERR_AUTH_SIGNIN_REFUSED', /accept them/],
])('keeps the session when it is refused: %s', async (_cite, change, code, words) => {
  const session = await harness.signIn(tab);
  const before = session.accessToken();
  const { outcome } = await stepUp(session, change as Record<string, string>);
  expect(outcome).toMatchObject({ code, message: expect.stringMatching(words) });
  expect(session.state).toMatchObject({ status: 'signed-in', problem: { code } });
  expect(session.accessToken()).toBe(before);
});

it('asks by redirect too, where windows are blocked', async () => {
  const session = await harness.signIn(tab);
  await session.signInByRedirect({ scopes: [WRITE] });
  const url = new URL(tab.navigations.at(-1) ?? '');
  expect(url.searchParams.get('scope')).toContain(WRITE);
});

describe('what is missing', () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwt = (claims: object): string => `${part({ alg: 'RS256' })}.${part(claims)}.c2ln`;
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, accessToken: string, scope: string | undefined, missing: string[]])[] = [
    ['Learn "Access token claims": scp is short', jwt({ scp: 'Dicom.ReadWrite' }), undefined, []],
    ['scp lacks it', jwt({ scp: 'Dicom.Read' }), undefined, [WRITE]],
    ['scp counts more than the answer', jwt({ scp: 'Dicom.Read' }), WRITE, [WRITE]],
    ['RFC 6749 5.1: scope of the answer', 'opaque', `openid ${WRITE}`, []],
    ['RFC 6749 5.1: scope of the answer lacks it', 'opaque', 'openid', [WRITE]],
    ['of another service', 'opaque', 'https://other.example/Dicom.ReadWrite', [WRITE]],
    ['RFC 6749 3.3: case counts elsewhere, not with Entra ID', jwt({ scp: 'dicom.readwrite' }), undefined, []],
    ['nothing is known', 'opaque', undefined, [WRITE]],
  ];
  it.each(ROWS)('%s', (_cite, accessToken, scope, missing) => {
    expect(missingScopes({ accessToken, scope }, [WRITE])).toEqual(missing);
  });
});
