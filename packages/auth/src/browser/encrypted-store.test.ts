import { FakeStorage } from '../../testing/fake-browser.ts';
import { EncryptedStore } from './encrypted-store.ts';

const makeKey = (): Promise<CryptoKey> =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);

describe('EncryptedStore', () => {
  let storage: FakeStorage;
  let key: CryptoKey;
  let store: EncryptedStore;
  beforeEach(async () => {
    storage = new FakeStorage();
    key = await makeKey();
    store = new EncryptedStore({ prefix: 'p.', storage, crypto, key });
  });

  it('gives back what was kept, and only that', async () => {
    await store.set('a', 'MARKER ü 你');
    await store.set('empty', '');
    await expect(store.get('a')).resolves.toBe('MARKER ü 你');
    await expect(store.get('empty')).resolves.toBe('');
    await expect(store.get('b')).resolves.toBeNull();
    expect([...storage.items.values()].join()).not.toContain('MARKER');
  });

  it('removes, giving back what was there', async () => {
    await store.set('a', 'x');
    await expect(store.remove('a')).resolves.toBe('x');
    await expect(store.remove('a')).resolves.toBeNull();
    expect(storage.length).toBe(0);
  });

  it('lists its own names', async () => {
    storage.setItem('other', 'x');
    await store.set('a', 'x');
    await store.set('b', 'x');
    await expect(store.getAllKeys()).resolves.toEqual(['a', 'b']);
  });

  it('uses a new initialization vector each time (NIST SP 800-38D 8)', async () => {
    const sealed = await Promise.all(Array.from({ length: 50 }, () => store.seal('a', 'x')));
    expect(new Set(sealed.map(text => text.slice(0, 16))).size).toBe(50);
  });

  const HOSTILE: readonly (readonly [name: string, change: (sealed: string) => string])[] = [
    ['empty', () => ''],
    ['not base64', () => '{"access_token":"x"}'],
    ['cut', sealed => sealed.slice(0, 20)],
    ['changed', sealed => sealed.replace(/.{4}$/, 'AAAA')],
  ];
  it.each(HOSTILE)('takes what is %s as absent', async (_name, change) => {
    await store.set('a', 'value');
    storage.setItem('p.a', change(storage.getItem('p.a') ?? ''));
    await expect(store.get('a')).resolves.toBeNull();
  });

  it('takes what was kept under another name, or with another key, as absent', async () => {
    await store.set('a', 'value');
    storage.setItem('p.b', storage.getItem('p.a') ?? '');
    await expect(store.get('b')).resolves.toBeNull();
    const other = new EncryptedStore({ prefix: 'p.', storage, crypto, key: await makeKey() });
    await expect(other.get('a')).resolves.toBeNull();
  });
});
