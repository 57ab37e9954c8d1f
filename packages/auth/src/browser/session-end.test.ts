import { FakeTab } from '../../testing/fake-browser.ts';
import { HOUR, PLAIN, SessionHarness } from '../../testing/session-harness.ts';
import type { BrowserSession } from './session-types.ts';
import { SESSION_WARNING_MS } from './session-types.ts';
import { answerChannel, ANSWER_SOURCE, stateIdentifier } from './sign-in-popup.ts';

let harness: SessionHarness;
let tab: FakeTab;
beforeEach(async () => {
  harness = await SessionHarness.start();
  tab = new FakeTab();
});
afterEach(() => harness.stop());

/** Lets time pass as on a page in use: the access token is renewed when it is due. */
async function live(session: BrowserSession, ms: number): Promise<void> {
  const end = tab.browser.now + ms;
  while (tab.browser.now < end) {
    tab.browser.advance(Math.min(HOUR / 2, end - tab.browser.now));
    await session.freshAccessToken({ minimumSeconds: HOUR }); // joins the renewal that is under way
  }
}

async function signInAgain(session: BrowserSession): Promise<void> {
  const done = session.signInPopup();
  const callback = harness.provider.authorize((await tab.windows.at(-1)?.navigated) ?? '');
  const message = { source: ANSWER_SOURCE, url: callback.href };
  tab.browser.send(answerChannel(stateIdentifier(callback)), message);
  await done;
}

describe("the 24 hours of Entra ID's refresh tokens for single-page applications (AADSTS700084)", () => {
  it('are warned of ten minutes before, to the millisecond, renewals or not', async () => {
    const session = await harness.signIn(tab);
    const endsAt = tab.browser.now + 24 * HOUR;
    await live(session, 24 * HOUR - SESSION_WARNING_MS - 60_000);
    expect(harness.provider.tokenRequests.length).toBeGreaterThan(20);
    expect(session.state).toMatchObject({ status: 'signed-in', sessionEndsAt: endsAt });
    expect(session.state.isEndingSoon).toBeUndefined();

    tab.browser.advance(59_999);
    const told: unknown[] = [];
    session.subscribe(({ isEndingSoon }) => told.push(isEndingSoon));
    tab.browser.advance(1);
    expect(told).toEqual([true]);
    expect(session.state).toMatchObject({ status: 'signed-in', isEndingSoon: true });
    expect(session.accessToken()).toBeDefined();
  });

  it('count from the sign-in over reloads and renewals', async () => {
    const first = await harness.signIn(tab);
    const endsAt = tab.browser.now + 24 * HOUR;
    await live(first, 12 * HOUR);
    first.dispose();
    const second = harness.open(tab);
    await second.start(PLAIN);
    await live(second, 12 * HOUR - SESSION_WARNING_MS);
    second.dispose();
    const third = harness.open(tab);
    await third.start(PLAIN);
    expect(third.state).toMatchObject({ sessionEndsAt: endsAt, isEndingSoon: true });
  });

  it('are told on waking, though no timer ran', async () => {
    const session = await harness.signIn(tab);
    tab.browser.now += 24 * HOUR - SESSION_WARNING_MS / 2;
    tab.wake();
    expect(session.state.isEndingSoon).toBe(true);
  });

  it('begin anew with a sign-in in a window, and the page stays', async () => {
    const session = await harness.signIn(tab);
    const pages = tab.navigations.length;
    await live(session, 24 * HOUR - SESSION_WARNING_MS);
    expect(session.state.isEndingSoon).toBe(true);
    await signInAgain(session);
    expect(session.state.isEndingSoon).toBeUndefined();
    expect(session.state.sessionEndsAt).toBe(tab.browser.now + 24 * HOUR);
    expect(tab.navigations).toHaveLength(pages);
  });

  it('are over sooner when a renewal says so (refresh_token_expires_in), never later', async () => {
    const session = await harness.signIn(tab);
    harness.provider.extra = { refresh_token_expires_in: 3600 };
    await session.renew();
    const endsAt = tab.browser.now + HOUR;
    expect(session.state.sessionEndsAt).toBe(endsAt);
    harness.provider.extra = { refresh_token_expires_in: 86_400 };
    await session.renew();
    expect(session.state.sessionEndsAt).toBe(endsAt);
  });
});

describe('other ends', () => {
  it('a refused renewal is told at once, while the access token is used to its end', async () => {
    const session = await harness.signIn(tab);
    harness.provider.revoke();
    await session.renew().catch(() => undefined);
    expect(session.state).toMatchObject({ status: 'signed-in', isEndingSoon: true });
    const reloaded = harness.open(tab);
    await reloaded.start(PLAIN);
    expect(reloaded.state).toMatchObject({ status: 'signed-in', isEndingSoon: true });
    tab.browser.advance(HOUR);
    expect(session.state).toMatchObject({ status: 'expired', isEndingSoon: true });
  });

  it('a provider that is down for a while is no end', async () => {
    const session = await harness.signIn(tab);
    harness.provider.tokenAnswers.push({ status: 503 });
    await session.renew().catch(() => undefined);
    expect(session.state).toMatchObject({ renewal: 'failing' });
    expect(session.state.isEndingSoon).toBeUndefined();
  });

  it.each([
    ['an hour without refresh token: ten minutes before', 3600, 3_000_000],
    ['ten minutes without refresh token: a fifth before', 600, 480_000],
  ])('%s', async (_name, life, warnedAfterMs) => {
    harness.provider.givesRefreshToken = false;
    harness.provider.accessTokenSeconds = life;
    const session = await harness.signIn(tab);
    tab.browser.advance(warnedAfterMs - 1);
    expect(session.state.isEndingSoon).toBeUndefined();
    tab.browser.advance(1);
    expect(session.state.isEndingSoon).toBe(true);
  });

  it('is not known elsewhere than with Entra ID: no warning', async () => {
    harness.provider.claims = { sub: 'keycloak-user' };
    const session = await harness.signIn(tab);
    await live(session, 30 * HOUR);
    expect(session.state).toMatchObject({ status: 'signed-in', renewal: 'ok' });
    expect(session.state.isEndingSoon).toBeUndefined();
  });
});
