import { FakeTab } from '../../testing/fake-browser.ts';
import type { FakeWindow } from '../../testing/fake-browser.ts';
import { HOUR, PLAIN, SessionHarness } from '../../testing/session-harness.ts';
import type { BrowserSession } from './session-types.ts';
import { ANSWER_SOURCE, answerChannel, stateIdentifier } from './sign-in-popup.ts';

let harness: SessionHarness;
let tab: FakeTab;
beforeEach(async () => {
  harness = await SessionHarness.start();
  tab = new FakeTab();
});
afterEach(() => harness.stop());

const refused = (code: string): unknown => expect.objectContaining({ code, retry: 'permanent' });
const lastWindow = (): FakeWindow => tab.windows.at(-1) as FakeWindow;

/** The callback page in the sign-in window, cut off from its opener. */
function answerByChannel(callback: URL, source = ANSWER_SOURCE): void {
  const message = { source, url: callback.href };
  tab.browser.send(answerChannel(stateIdentifier(callback)), message);
}

async function started(change = {}): Promise<BrowserSession> {
  const session = harness.open(tab, change);
  await session.start(PLAIN);
  return session;
}

describe('sign-in in a window of its own', () => {
  it('opens the window before anything is awaited', async () => {
    const session = await started();
    const controller = new AbortController();
    const signIn = session.signInPopup({ signal: controller.signal });
    expect(tab.windows).toHaveLength(1);
    controller.abort();
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
  });

  it.each(['channel', 'message'])('signs in and stays on the page: answer by %s', async way => {
    const session = await started();
    const signIn = session.signInPopup();
    const callback = harness.provider.authorize(await lastWindow().navigated);
    expect(callback.searchParams.get('state')).toMatch(/^[0-9a-f]{32};popup$/);
    if (way === 'channel') answerByChannel(callback);
    else tab.message({ source: ANSWER_SOURCE, url: callback.href });
    await signIn;
    expect(session.state.status).toBe('signed-in');
    expect(lastWindow().closed).toBe(true);
    expect(tab.navigations).toEqual([]);
    expect(tab.browser.pendingTimers).toBe(1); // the renewal
    expect(tab.sessionStorage.length).toBe(1); // the session, encrypted
  });

  it('takes no answer but its own', async () => {
    const session = await started();
    const signIn = session.signInPopup();
    const callback = harness.provider.authorize(await lastWindow().navigated);
    const channel = answerChannel(stateIdentifier(callback));
    const other = new URL(callback);
    other.searchParams.set('state', 'other;popup');
    const foreign = callback.href.replace('viewer.example', 'evil.example');
    answerByChannel(callback, 'somebody');
    for (const url of [other.href, foreign, 'nonsense', 5, null]) {
      tab.browser.send(channel, { source: ANSWER_SOURCE, url });
    }
    tab.browser.send(channel, null);
    expect(session.state.status).toBe('signed-out');
    answerByChannel(callback);
    await signIn;
    expect(session.state.status).toBe('signed-in');
  });

  it('is cancelled by the page', async () => {
    const session = await started();
    const controller = new AbortController();
    const signIn = session.signInPopup({ signal: controller.signal });
    const callback = harness.provider.authorize(await lastWindow().navigated);
    controller.abort();
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
    expect(lastWindow().closed).toBe(true);
    expect(session.state).toEqual({ status: 'signed-out' }); // the user's own will is no problem
    answerByChannel(callback);
    expect(harness.provider.tokenRequests).toHaveLength(0);
    await expect(session.signInPopup({ signal: controller.signal })).rejects.toEqual(
      refused('ERR_AUTH_SIGNIN_CANCELLED')
    );
    expect(tab.windows).toHaveLength(1);
  });

  it('does not sign in what was cancelled while the code was being redeemed', async () => {
    const session = await started();
    const controller = new AbortController();
    const signIn = session.signInPopup({ signal: controller.signal });
    const { arrived, release } = harness.provider.hold();
    answerByChannel(harness.provider.authorize(await lastWindow().navigated));
    await arrived;
    controller.abort();
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
    const isOver = new Promise<void>(resolve => {
      tab.sessionStorage.onRemove = () => resolve();
    });
    release();
    await isOver;
    expect(session.state.status).toBe('signed-out');
    expect(session.accessToken()).toBeUndefined();
  });

  it('is told in the state while it is open, with its end, and cancelled by whoever shows that', async () => {
    const session = await started();
    const seen: unknown[] = [];
    session.subscribe(({ signInWindow }) => seen.push(signInWindow));
    const signIn = session.signInPopup({ timeoutMs: 60_000 });
    const until = tab.browser.now + 60_000;
    expect(session.state.signInWindow).toEqual({ until, isClosingNoticed: true });
    await lastWindow().navigated;
    session.cancelSignIn();
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
    expect(lastWindow().closed).toBe(true);
    expect(session.state).toEqual({ status: 'signed-out' });
    expect(seen).toEqual([{ until, isClosingNoticed: true }, undefined]);
    session.cancelSignIn(); // nothing to cancel
  });

  it('on a cross-origin isolated page a closed window is not noticed: cancelling ends it', async () => {
    const session = await started({ isIsolated: true });
    const signIn = session.signInPopup();
    await lastWindow().navigated;
    lastWindow().closed = true;
    tab.browser.advance(60_000);
    expect(session.state.signInWindow).toMatchObject({ isClosingNoticed: false });
    session.cancelSignIn();
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
    expect(session.state.signInWindow).toBeUndefined();
  });

  it('ends after its time', async () => {
    const session = await started();
    const signIn = session.signInPopup({ timeoutMs: 60_000 });
    await lastWindow().navigated;
    tab.browser.advance(60_000);
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_TIMEOUT'));
    expect(session.state.problem?.code).toBe('ERR_AUTH_SIGNIN_TIMEOUT');
    expect(tab.browser.pendingTimers).toBe(0);
  });

  it('notices within two seconds that the user closed the window', async () => {
    const session = await started();
    const signIn = session.signInPopup();
    await lastWindow().navigated;
    tab.browser.advance(10_000);
    lastWindow().closed = true;
    tab.browser.advance(2000);
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
  });

  it('waits on while a window that seems closed is in front: it may be cut off', async () => {
    const session = await started();
    const signIn = session.signInPopup();
    const callback = harness.provider.authorize(await lastWindow().navigated);
    lastWindow().closed = true;
    tab.isFocused = false;
    tab.browser.advance(20_000);
    answerByChannel(callback);
    await signIn;
    expect(session.state.status).toBe('signed-in');
  });

  it('does not believe a cross-origin isolated page about closed windows', async () => {
    const session = await started({ isIsolated: true });
    const signIn = session.signInPopup();
    const callback = harness.provider.authorize(await lastWindow().navigated);
    lastWindow().closed = true;
    tab.browser.advance(20_000);
    answerByChannel(callback);
    await signIn;
    expect(session.state.status).toBe('signed-in');
  });

  it('says so when the browser blocks the window', async () => {
    const session = await started();
    tab.isBlocking = true;
    await expect(session.signInPopup()).rejects.toEqual(refused('ERR_AUTH_POPUP_BLOCKED'));
    expect(session.state.problem?.code).toBe('ERR_AUTH_POPUP_BLOCKED');
    tab.isBlocking = false;
    const signIn = session.signInPopup();
    expect(session.state.problem).toBeUndefined(); // it is not blocked now
    session.cancelSignIn();
    await expect(signIn).rejects.toEqual(refused('ERR_AUTH_SIGNIN_CANCELLED'));
    expect(session.state).toEqual({ status: 'signed-out' });
  });

  it('joins the one that is open', async () => {
    const session = await started();
    const both = [session.signInPopup(), session.signInPopup()];
    expect(tab.windows).toHaveLength(1);
    expect(lastWindow().focused).toBe(1);
    answerByChannel(harness.provider.authorize(await lastWindow().navigated));
    await Promise.all(both);
  });

  it('closes the window when the provider cannot be reached', async () => {
    const session = await started();
    harness.provider.discoveryAnswer = { status: 503 };
    await expect(session.signInPopup()).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER_UNREACHABLE',
    });
    expect(lastWindow().closed).toBe(true);
    harness.provider.discoveryAnswer = undefined; // asked anew
    const signIn = session.signInPopup();
    answerByChannel(harness.provider.authorize(await lastWindow().navigated));
    await signIn;
    expect(session.state.problem).toBeUndefined();
  });

  it('accepts another account, and tells it', async () => {
    const session = await harness.signIn(tab);
    harness.provider.claims = {
      ...harness.provider.claims,
      oid: 'oid-2',
      sub: 's2',
      name: 'Other',
    };
    const signIn = session.signInPopup();
    const url = await lastWindow().navigated;
    expect(new URL(url).searchParams.get('login_hint')).toBe('owner@clinic.example');
    answerByChannel(harness.provider.authorize(url));
    await signIn;
    expect(session.state.account).toMatchObject({ id: 'oid-2.tenant-1', displayName: 'Other' });
  });

  it('mends an expired session, with a new end', async () => {
    const session = await harness.signIn(tab);
    tab.browser.now += 24 * HOUR;
    harness.provider.revoke();
    tab.wake();
    await session.renew().catch(() => undefined);
    expect(session.state).toMatchObject({
      status: 'expired',
      problem: { code: 'ERR_AUTH_SIGNIN_REQUIRED' },
    });
    const signIn = session.signInPopup();
    answerByChannel(harness.provider.authorize(await lastWindow().navigated));
    await signIn;
    expect(session.state).toMatchObject({ status: 'signed-in', renewal: 'ok' });
    expect(session.state.sessionEndsAt).toBe(tab.browser.now + 24 * HOUR);
    expect(session.state.problem).toBeUndefined();
  });
});

describe('signing out', () => {
  it('forgets first, then ends the session at the provider; never revokes', async () => {
    const session = await harness.signIn(tab);
    const seen: unknown[] = [];
    session.subscribe(({ status }) => seen.push([status, tab.navigations.length]));
    const pages = tab.navigations.length;
    await session.signOut();
    expect(seen).toEqual([['signed-out', pages]]);
    expect(session.accessToken()).toBeUndefined();
    expect(tab.sessionStorage.length).toBe(0);
    const url = new URL(tab.navigations.at(-1) ?? '');
    expect(url.pathname).toBe('/tenant-1/v2.0/logout');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      id_token_hint: expect.stringMatching(/^eyJ/),
      post_logout_redirect_uri: 'https://viewer.example/signed-out',
    });
    expect(harness.provider.tokenRequests).toHaveLength(1);
    const reloaded = await started();
    expect(reloaded.state.status).toBe('signed-out');
  });

  it('goes to the signed-out page where the provider has no such address', async () => {
    harness.provider.metadataChange = { end_session_endpoint: undefined };
    const session = await harness.signIn(tab);
    await session.signOut();
    expect(tab.navigations.at(-1)).toBe('https://viewer.example/signed-out');
  });

  it('forgets though the provider cannot be reached', async () => {
    (await harness.signIn(tab)).dispose();
    harness.provider.discoveryAnswer = { status: 503 };
    const session = await started();
    expect(session.state.status).toBe('signed-in');
    await expect(session.signOut()).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER_UNREACHABLE',
    });
    expect(session.state.status).toBe('signed-out');
    expect(tab.sessionStorage.length).toBe(0);
  });

  it('is not undone by a renewal that was under way', async () => {
    const session = await harness.signIn(tab);
    const { arrived, release } = harness.provider.hold();
    const renewal = session.renew();
    await arrived;
    await session.signOut();
    release();
    await renewal;
    expect(session.state.status).toBe('signed-out');
    expect(tab.sessionStorage.length).toBe(0);
  });

  it('is heard by the other tabs of this account, and by no others', async () => {
    const session = await harness.signIn(tab);
    const copy = tab.duplicate();
    const inCopy = harness.open(copy);
    await inCopy.start(PLAIN);
    harness.provider.claims = { ...harness.provider.claims, oid: 'oid-2', sub: 's2' };
    const stranger = await harness.signIn(new FakeTab(tab.browser));
    await session.signOut();
    expect(inCopy.state.status).toBe('signed-out');
    expect(copy.sessionStorage.length).toBe(0);
    expect(stranger.state.status).toBe('signed-in');
  });
});

describe('copies of a tab', () => {
  it('renew once between them, though refresh tokens are good for one use', async () => {
    const session = await harness.signIn(tab);
    const inCopy = harness.open(tab.duplicate());
    await inCopy.start(PLAIN);
    await Promise.all([session.renew(), inCopy.renew()]);
    expect(harness.provider.tokenRequests).toHaveLength(2);
    expect(inCopy.accessToken()).toBe(session.accessToken());
    await inCopy.renew();
    expect(harness.provider.tokenRequests).toHaveLength(3);
    expect(inCopy.state.renewal).toBe('ok');
  });

  it('hand over nothing in the clear', async () => {
    const session = await harness.signIn(tab);
    const heard: string[] = [];
    const listeners = tab.browser.channels.get('ohif-azure-session');
    listeners?.add(data => heard.push(JSON.stringify(data)));
    await session.renew();
    await session.signOut();
    expect(heard).toHaveLength(2);
    expect(heard.join()).not.toMatch(/MARKER|eyJ/);
  });
});
