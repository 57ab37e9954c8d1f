import { FakeTab } from '../../testing/fake-browser.ts';
import { PLAIN, RETURN_TO, SessionHarness } from '../../testing/session-harness.ts';
import type { BrowserSession, SignInByRedirectOptions } from './session-types.ts';
import { BEFORE_REDIRECT_TIMEOUT_MS } from './session-types.ts';

let harness: SessionHarness;
let tab: FakeTab;
beforeEach(async () => {
  harness = await SessionHarness.start();
  tab = new FakeTab();
});
afterEach(() => harness.stop());

async function started(): Promise<BrowserSession> {
  const session = harness.open(tab);
  await session.start(PLAIN);
  return session;
}

const notKept: unknown = expect.objectContaining({
  code: 'ERR_AUTH_WORK_NOT_KEPT',
  retry: 'permanent',
  message: expect.stringMatching(/^The page was not left.*pop-up windows.*\.$/),
});

/** A draft that is written when `finish` is called. */
function slowDraft(): { keep: () => Promise<void>; begun: Promise<void>; finish: () => void } {
  let finish = (): void => undefined;
  let begin = (): void => undefined;
  const begun = new Promise<void>(resolve => (begin = resolve));
  const written = new Promise<void>(resolve => (finish = resolve));
  const keep = (): Promise<void> => {
    begin();
    return written;
  };
  return { keep, begun, finish };
}

describe('where it comes back to', () => {
  // prettier-ignore
  const ROWS: readonly (readonly [cite: string, page: string, options: SignInByRedirectOptions | undefined, returnTo: string])[] = [
    ['issue "redirect": the page it is on', '/azure?StudyInstanceUIDs=1.2&x=1#top', undefined, '/azure?StudyInstanceUIDs=1.2&x=1#top'],
    ['the path it is told', '/azure', { returnTo: RETURN_TO }, RETURN_TO],
    ['RFC 9700 2.1.1: no token of a link', '/azure?StudyInstanceUIDs=1.2&Token=MARKERSHARE', undefined, '/azure?StudyInstanceUIDs=1.2'],
    ['no token in the fragment', '/azure?a=1#access_token=MARKER', undefined, '/azure?a=1'],
    ['no answer of the provider', '/azure?code=MARKER&state=x&a=1', undefined, '/azure?a=1'],
    ['RFC 9700 4.11: not to another origin', '/', { returnTo: 'https://evil.example/' }, '/'],
    ['RFC 9700 4.11: not to another origin, by two slashes', '/', { returnTo: '//evil.example/' }, '/'],
    ['not to the callback', '/callback?code=MARKER&state=x', undefined, '/'],
    ['not to the signed-out page', '/signed-out', undefined, '/'],
  ];
  it.each(ROWS)('%s', async (_cite, page, options, returnTo) => {
    const session = await started();
    tab.path = page;
    await session.signInByRedirect(options);
    const callback = harness.provider.authorize(tab.navigations.at(-1) ?? '');
    expect(tab.navigations.join()).not.toContain('MARKER');
    await expect(harness.open(tab).start(callback)).resolves.toEqual({ returnTo });
  });
});

describe('what is not saved on the page', () => {
  it('is on disk before the page is left, however long that takes', async () => {
    const session = await started();
    const draft = slowDraft();
    const order: string[] = [];
    session.onBeforeRedirect(draft.keep);
    session.onBeforeRedirect(() => void order.push('another'));
    const leaving = session.signInByRedirect({ beforeRedirect: () => void order.push('last') });
    await draft.begun;
    tab.browser.advance(BEFORE_REDIRECT_TIMEOUT_MS - 1);
    expect(tab.navigations).toEqual([]);
    expect(order).toEqual(['another']);
    draft.finish();
    await leaving;
    expect(order).toEqual(['another', 'last']);
    expect(tab.navigations).toHaveLength(1);
    expect(tab.browser.pendingTimers).toBe(0);
  });

  it('keeps the page when it cannot be kept: full disk, private mode', async () => {
    const session = await started();
    const stop = session.onBeforeRedirect(() =>
      Promise.reject(new Error('QuotaExceededError for MARKERPATIENT'))
    );
    const error = await session.signInByRedirect().catch((reason: unknown) => reason);
    expect(error).toEqual(notKept);
    expect(String((error as Error).cause)).not.toContain('MARKER');
    expect(session.state.problem?.code).toBe('ERR_AUTH_WORK_NOT_KEPT');
    expect(tab.navigations).toEqual([]);
    expect(tab.sessionStorage.length).toBe(0); // nothing is left of the sign-in

    stop();
    await session.signInByRedirect();
    expect(tab.navigations).toHaveLength(1);
  });

  it.each(['a throw', 'beforeRedirect'])('keeps the page: %s', async way => {
    const session = await started();
    const fail = (): void => {
      throw new Error('MARKER');
    };
    if (way === 'a throw') session.onBeforeRedirect(fail);
    const options = way === 'beforeRedirect' ? { beforeRedirect: fail } : {};
    await expect(session.signInByRedirect(options)).rejects.toEqual(notKept);
    expect(tab.navigations).toEqual([]);
  });

  it('keeps the page when it takes too long', async () => {
    const session = await started();
    const draft = slowDraft();
    session.onBeforeRedirect(draft.keep);
    const leaving = session.signInByRedirect();
    await draft.begun;
    tab.browser.advance(BEFORE_REDIRECT_TIMEOUT_MS);
    await expect(leaving).rejects.toEqual(notKept);
    draft.finish();
    expect(tab.navigations).toEqual([]);
  });

  it('is not touched when the provider cannot be reached', async () => {
    const session = await started();
    harness.provider.discoveryAnswer = { status: 503 };
    let asked = 0;
    session.onBeforeRedirect(() => void (asked += 1));
    await expect(session.signInByRedirect()).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER_UNREACHABLE',
    });
    expect(asked).toBe(0);
  });
});

it('follows a blocked window, and ends a window that is open', async () => {
  const session = await started();
  tab.isBlocking = true;
  await expect(session.signInPopup()).rejects.toMatchObject({ code: 'ERR_AUTH_POPUP_BLOCKED' });
  tab.isBlocking = false;
  const popup = session.signInPopup();
  const cancelled = expect(popup).rejects.toMatchObject({ code: 'ERR_AUTH_SIGNIN_CANCELLED' });
  await session.signInByRedirect();
  await cancelled;
  expect(tab.windows.at(-1)?.closed).toBe(true);
  expect(tab.navigations).toHaveLength(1);
});
