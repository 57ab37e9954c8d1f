import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateStore } from './state-store.ts';

let folder: string;
let path: string;
let time = 1_000_000;
const now = () => time;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-state-'));
  path = join(folder, 'made', 'state.json');
  time = 1_000_000;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('StateStore', () => {
  it('finds what was stored until it expires', async () => {
    const sessions = (await StateStore.open({ now })).adapterFor('Session');
    await sessions.upsert('s1', { uid: 'u1', accountId: 'a' }, 60);
    expect(await sessions.find('s1')).toEqual({ uid: 'u1', accountId: 'a' });
    expect(await sessions.findByUid('u1')).toEqual({ uid: 'u1', accountId: 'a' });
    time += 60_000;
    expect(await sessions.find('s1')).toBeUndefined();
    expect(await sessions.findByUid('u1')).toBeUndefined();
  });

  it('keeps models apart', async () => {
    const store = await StateStore.open({ now });
    await store.adapterFor('Session').upsert('x', { uid: 'x' }, 60);
    expect(await store.adapterFor('Interaction').find('x')).toBeUndefined();
  });

  it('forgets expired entries when something is stored a minute later', async () => {
    const store = await StateStore.open({ now });
    const interactions = store.adapterFor('Interaction');
    for (const id of ['a', 'b', 'c']) await interactions.upsert(id, {}, 30);
    expect(store.size).toBe(3);
    time += 60_000;
    await interactions.upsert('d', {}, 30);
    expect(store.size).toBe(1);
  });

  it('consumes an authorization code, and no refresh token', async () => {
    const store = await StateStore.open({ now });
    for (const model of ['AuthorizationCode', 'RefreshToken']) {
      await store.adapterFor(model).upsert('x', { grantId: 'g' }, 60);
      await store.adapterFor(model).consume('x');
    }
    expect(await store.adapterFor('AuthorizationCode').find('x')).toEqual({
      grantId: 'g',
      consumed: 1000,
    });
    expect(await store.adapterFor('RefreshToken').find('x')).toEqual({ grantId: 'g' });
  });

  it('revokes by grant, and destroys by id', async () => {
    const refreshTokens = (await StateStore.open({ now })).adapterFor('RefreshToken');
    for (const [id, grantId] of [
      ['a', 'g1'],
      ['b', 'g1'],
      ['c', 'g2'],
      ['d', 'g2'],
    ] as const) {
      await refreshTokens.upsert(id, { grantId }, 60);
    }
    await refreshTokens.revokeByGrantId('g1');
    await refreshTokens.destroy('c');
    const found = await Promise.all(['a', 'b', 'c', 'd'].map(id => refreshTokens.find(id)));
    expect(found.map(Boolean)).toEqual([false, false, false, true]);
  });

  it('keeps sessions, grants and refresh tokens over a restart, and nothing else', async () => {
    const models = ['Session', 'Grant', 'RefreshToken', 'Interaction', 'AuthorizationCode'];
    const first = await StateStore.open({ path, now });
    await Promise.all(models.map(model => first.adapterFor(model).upsert('x', { uid: 'u' }, 60)));
    await first.adapterFor('Session').upsert('short', {}, 1);
    const second = await StateStore.open({ path, now });
    const found = await Promise.all(models.map(model => second.adapterFor(model).find('x')));
    expect(found.map(Boolean)).toEqual([true, true, true, false, false]);
    time += 2000;
    expect((await StateStore.open({ path, now })).size).toBe(3);
  });

  it('writes a file that only its owner may read', async () => {
    const store = await StateStore.open({ path, now });
    await store.adapterFor('Grant').upsert('x', {}, 60);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('has all changes on disk when each was awaited, and removals too', async () => {
    const grants = (await StateStore.open({ path, now })).adapterFor('Grant');
    const ids = Array.from({ length: 20 }, (_, index) => `g${index}`);
    await Promise.all(ids.map(id => grants.upsert(id, {}, 60)));
    await grants.destroy('g7');
    const kept = JSON.parse(await readFile(path, 'utf8')) as { entries: { id: string }[] };
    expect(kept.entries.map(({ id }) => id)).toEqual(ids.filter(id => id !== 'g7'));
  });

  it.each([
    ['cut short', '{"version":1,"entr'],
    ['of another version', '{"version":2,"entries":[]}'],
    ['with entries that are none', '{"version":1,"entries":[null,7,{"model":"Session"}]}'],
    ['without content', ''],
  ])('starts empty from a file %s', async (_what, content) => {
    const file = join(folder, 'state.json');
    await writeFile(file, content);
    expect((await StateStore.open({ path: file, now })).size).toBe(0);
  });

  it('does not start from what cannot be read', async () => {
    await expect(StateStore.open({ path: folder, now })).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
