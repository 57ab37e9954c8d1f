import { FakeBrowser, FakeTab } from '../../testing/fake-browser.ts';
import { loadStorageKey } from './storage-key.ts';

describe('loadStorageKey', () => {
  it('makes one key for the origin, which script cannot read out', async () => {
    const browser = new FakeBrowser();
    const load = () => loadStorageKey(new FakeTab(browser).environment());
    const [first, second] = await Promise.all([load(), load()]);
    const third = await load();
    expect(first).toMatchObject({
      extractable: false,
      algorithm: { name: 'AES-GCM', length: 256 },
    });
    expect(first?.usages).toEqual(['encrypt', 'decrypt']);
    expect(second).toBe(first);
    expect(third).toBe(first);
    expect(browser.pendingTimers).toBe(0);
  });

  it('gives none where the database fails, does not answer, or is not there', async () => {
    const tab = new FakeTab();
    tab.browser.indexedDB.behaviour = 'fails';
    await expect(loadStorageKey(tab.environment())).resolves.toBeUndefined();
    tab.browser.indexedDB.behaviour = 'hangs';
    const hanging = loadStorageKey(tab.environment());
    tab.browser.advance(3000);
    await expect(hanging).resolves.toBeUndefined();
    const without = { ...tab.environment(), indexedDB: undefined };
    await expect(loadStorageKey(without)).resolves.toBeUndefined();
  });
});
