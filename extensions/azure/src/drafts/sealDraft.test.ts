import type { Draft } from './draft.ts';
import { makeKey, openDraft, sealDraft, type SealedDraft } from './sealDraft.ts';

const DRAFT: Draft = {
  id: 'a',
  kind: 'report',
  name: 'Nodule follow-up',
  studyInstanceUID: '1.2.3',
  sourceName: 'azure',
  account: { id: 'ada', displayName: 'Dr Ada Owner' },
  madeAt: 1,
  expiresAt: 2,
  instances: [
    { bytes: new Uint8Array([1, 2, 3]), sopInstanceUID: '1.2.3.4' },
    { bytes: new Uint8Array([4, 5]) },
  ],
};

let key: CryptoKey;
let sealed: SealedDraft;
beforeAll(async () => {
  key = await makeKey();
  sealed = await sealDraft(DRAFT, 'account:ada', key);
});

it('gives back what was sealed', async () => {
  expect(await openDraft(sealed, 'account:ada', key)).toEqual(DRAFT);
});

it('keeps nothing of it in the clear', () => {
  const text = JSON.stringify({
    ...sealed,
    ciphertext: Buffer.from(sealed.ciphertext).toString('latin1'),
  });
  for (const secret of ['Nodule', '1.2.3', 'ada', 'Ada']) expect(text).not.toContain(secret);
});

it('has a key that cannot be read out', async () => {
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
});

it.each<[string, (record: SealedDraft) => Promise<SealedDraft | undefined>]>([
  ['another account', async record => ({ ...record })],
  ['a record under another id', async record => ({ ...record, id: 'b' })],
  ['a longer life', async record => ({ ...record, expiresAt: 3 })],
  ['another study', async record => ({ ...record, study: '0'.repeat(64) })],
  [
    'a changed byte',
    async record => {
      const bytes = new Uint8Array(record.ciphertext.slice(0));
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      return { ...record, ciphertext: bytes.buffer };
    },
  ],
])('does not open for %s', async (what, change) => {
  const changed = await change(sealed);
  const owner = what === 'another account' ? 'account:bob' : 'account:ada';
  expect(changed && (await openDraft(changed, owner, key))).toBeUndefined();
});

it('does not open with another key', async () => {
  expect(await openDraft(sealed, 'account:ada', await makeKey())).toBeUndefined();
});
