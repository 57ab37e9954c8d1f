import { jest } from '@jest/globals';
import { loadOidcProvider } from './library.ts';

describe('loadOidcProvider', () => {
  it('keeps back the notice about the Node.js version, and nothing else', async () => {
    const warn = jest.spyOn(globalThis.console, 'warn').mockImplementation(() => {});
    try {
      const loading = loadOidcProvider();
      globalThis.console.warn('oidc-provider WARNING: something else');
      const { Provider } = await loading;
      expect(Provider).toEqual(expect.any(Function));
      expect(warn.mock.calls).toEqual([['oidc-provider WARNING: something else']]);
    } finally {
      warn.mockRestore();
    }
  });

  it('gives console.warn back', async () => {
    const before = globalThis.console.warn;
    await loadOidcProvider();
    expect(globalThis.console.warn).toBe(before);
  });
});
