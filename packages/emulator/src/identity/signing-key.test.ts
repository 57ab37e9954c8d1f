import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSigningKey, SIGNING_KEY_FILE } from './signing-key.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-key-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('loadSigningKey', () => {
  it('keeps one key in a folder, for its owner alone', async () => {
    const first = await loadSigningKey(folder);
    expect(first).toMatchObject({ kty: 'RSA', alg: 'RS256', use: 'sig', kid: expect.any(String) });
    expect(await loadSigningKey(folder)).toEqual(first);
    expect((await stat(join(folder, SIGNING_KEY_FILE))).mode & 0o777).toBe(0o600);
  });

  it('makes a new key each time without a folder', async () => {
    expect((await loadSigningKey()).kid).not.toBe((await loadSigningKey()).kid);
  });

  it.each([
    ['no JSON', 'nothing'],
    ['no key', '{}'],
    ['a damaged key', '{"kty":"RSA","kid":"k","n":"AQAB","e":"AQAB","d":"AQAB"}'],
  ])('replaces a file with %s', async (_what, content) => {
    await writeFile(join(folder, SIGNING_KEY_FILE), content);
    const made = await loadSigningKey(folder);
    expect(made.kid).toHaveLength(43);
    expect(await loadSigningKey(folder)).toEqual(made);
  });
});
