import { jest } from '@jest/globals';
import { completePopupIfAny } from './complete-popup.ts';

class FakeChannel {
  static readonly sent: [name: string, message: unknown][] = [];
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  postMessage(message: unknown): void {
    FakeChannel.sent.push([this.name, message]);
  }
  close(): void {
    return undefined;
  }
}

describe('completePopupIfAny', () => {
  const close = jest.fn();
  const postMessage = jest.fn();
  beforeEach(() => {
    jest.useFakeTimers();
    FakeChannel.sent.length = 0;
    close.mockClear();
    postMessage.mockClear();
    Object.assign(globalThis, { BroadcastChannel: FakeChannel });
    window.close = close;
    Object.defineProperty(window, 'opener', { value: { postMessage }, configurable: true });
    document.body.innerHTML = '<main>viewer</main>';
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  const go = (path: string): string => {
    window.history.replaceState(null, '', path);
    return window.location.href;
  };

  const OTHER_PAGES = [
    ['the work list', '/'],
    ['a link with a state of its own', '/viewer?state=abc;popup'],
    ['the callback of a redirect', '/callback?code=x&state=abc'],
    ['another word behind the state', '/callback?code=x&state=abc;other'],
    ['no state', '/callback?code=x'],
  ] as const;
  it.each(OTHER_PAGES)('lets %s go on', (_name, path) => {
    go(path);
    expect(completePopupIfAny()).toBe(false);
    expect(FakeChannel.sent).toEqual([]);
    expect(document.body.textContent).toBe('viewer');
  });

  it.each(['code=MARKER', 'error=access_denied'])('hands over an answer: %s', answer => {
    const url = go(`/callback?${answer}&state=abc%3Bpopup`);
    expect(completePopupIfAny()).toBe(true);
    const message = { source: 'ohif-azure-sign-in', url };
    expect(FakeChannel.sent).toEqual([['ohif-azure-sign-in-abc', message]]);
    expect(postMessage.mock.calls).toEqual([[message, window.location.origin]]);
    expect(window.location.search).toBe('');
    expect(document.body.textContent).toBe('You can close this window.');
    jest.runAllTimers();
    expect(close).toHaveBeenCalledTimes(1);
  });

  it('does so though the window is cut off from its opener', () => {
    Object.defineProperty(window, 'opener', { value: null, configurable: true });
    go('/callback?code=MARKER&state=abc;popup');
    expect(completePopupIfAny()).toBe(true);
    expect(FakeChannel.sent).toHaveLength(1);
  });
});
