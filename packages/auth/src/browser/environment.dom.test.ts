import { jest } from '@jest/globals';
import { browserEnvironment } from './environment.ts';

describe('browserEnvironment', () => {
  it('wakes when the page is looked at again or the network is back, until ended', () => {
    const wake = jest.fn();
    const stop = browserEnvironment().onWake(wake);
    let visibility = 'hidden';
    Object.defineProperty(document, 'visibilityState', {
      get: () => visibility,
      configurable: true,
    });
    document.dispatchEvent(new Event('visibilitychange'));
    expect(wake).toHaveBeenCalledTimes(0);
    visibility = 'visible';
    document.dispatchEvent(new Event('visibilitychange'));
    window.dispatchEvent(new Event('focus'));
    window.dispatchEvent(new Event('online'));
    expect(wake).toHaveBeenCalledTimes(3);
    stop();
    window.dispatchEvent(new Event('focus'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(wake).toHaveBeenCalledTimes(3);
  });

  it('hears messages of its own origin only', () => {
    const heard: unknown[] = [];
    const stop = browserEnvironment().onMessage(data => heard.push(data));
    const send = (origin: string) =>
      window.dispatchEvent(new MessageEvent('message', { data: origin, origin }));
    send('https://evil.example');
    send(window.location.origin);
    stop();
    send(window.location.origin);
    expect(heard).toEqual([window.location.origin]);
  });

  it('tells a blocked window from an open one', () => {
    const { openWindow } = browserEnvironment();
    window.open = () => null;
    expect(openWindow()).toBeUndefined();
    window.open = () => {
      throw new Error('blocked');
    };
    expect(openWindow()).toBeUndefined();
    const replace = jest.fn();
    const opened = { closed: false, location: { replace }, focus: jest.fn(), close: jest.fn() };
    window.open = () => opened as unknown as Window;
    const popup = openWindow();
    popup?.navigate('https://id.example/');
    expect(replace).toHaveBeenCalledWith('https://id.example/');
    opened.closed = true;
    expect(popup?.closed).toBe(true);
  });

  it('does without a storage that is forbidden, without locks and without channels', async () => {
    const before = Object.getOwnPropertyDescriptor(window, 'sessionStorage') ?? {};
    Object.defineProperty(window, 'sessionStorage', {
      get: () => {
        throw new DOMException('denied', 'SecurityError');
      },
      configurable: true,
    });
    const environment = browserEnvironment();
    Object.defineProperty(window, 'sessionStorage', before);
    expect(environment.sessionStorage).toBeUndefined();
    expect(environment.openChannel('x', () => undefined)).toBeUndefined();
    await expect(environment.exclusively('x', async hasWaited => hasWaited)).resolves.toBe(false);
  });

  it('waits for a lock another page holds, and says so', async () => {
    const asked: unknown[] = [];
    const request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
      asked.push([name, rest.length]);
      const task = rest.at(-1) as (lock: unknown) => unknown;
      return task(rest.length === 2 ? null : { name });
    };
    Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
    const { exclusively } = browserEnvironment();
    await expect(exclusively('x', async hasWaited => hasWaited)).resolves.toBe(true);
    expect(asked).toEqual([
      ['x', 2],
      ['x', 1],
    ]);
  });
});
