import type { Draft } from './draft.ts';
import type { DraftDatabase } from './draftDatabase.ts';
import { Drafts, type DraftsParts } from './Drafts.ts';
import { makeKey, type SealedDraft } from './sealDraft.ts';

const HOUR = 3_600_000;

/** One browser's database and locks, shared by its tabs. */
async function browser() {
  const records = new Map<string, SealedDraft>();
  const held = new Map<string, object>();
  const state = { now: 0, failure: undefined as Error | undefined };
  const database: DraftDatabase = {
    key: await makeKey(),
    all: async () => [...records.values()],
    async replace(put, removed) {
      if (state.failure) throw state.failure;
      removed.forEach(id => records.delete(id));
      if (put) records.set(put.id, put);
    },
  };
  const tab = (owners: string[] = ['account:ada'], parts: Partial<DraftsParts> = {}) => {
    const self = {};
    const drafts = new Drafts({
      isOn: true,
      open: async () => database,
      owners: async () => owners,
      now: () => state.now,
      locks: {
        take: async id => {
          if (!held.has(id)) held.set(id, self);
          return held.get(id) === self;
        },
        release: id => {
          if (held.get(id) === self) held.delete(id);
        },
        taken: async () => new Set(held.keys()),
      },
      ...parts,
    });
    /** As when the tab's process is killed. */
    const die = () => {
      for (const [id, owner] of held) if (owner === self) held.delete(id);
    };
    const offered = async () => {
      await drafts.refresh();
      return drafts.offered.get().map(({ id }) => id);
    };
    return { drafts, die, offered };
  };
  return { tab, records, state };
}

const draft = (id: string, change: Partial<Draft> = {}): Draft => ({
  id,
  kind: 'report',
  name: 'Follow-up',
  studyInstanceUID: '1.2',
  sourceName: 'azure',
  madeAt: 0,
  expiresAt: 24 * HOUR,
  instances: [{ bytes: new Uint8Array([1]) }],
  ...change,
});

it('offers what a tab that died had kept, and not what a tab works on', async () => {
  const { tab } = await browser();
  const first = tab();
  const second = tab();
  expect(await first.drafts.keep(draft('a'))).toBe(true);
  expect(await first.offered()).toEqual([]);
  expect(await second.offered()).toEqual([]);
  first.die();
  expect(await second.offered()).toEqual(['a']);
  expect(await second.drafts.take('a')).toBe(true);
  expect(await tab().drafts.take('a')).toBe(false);
});

it.each([
  ['the same account', ['account:ada'], ['a']],
  ['another account', ['account:bob'], []],
  ['the share link alone', ['link:x'], []],
  ['nobody', [], []],
])('is offered to %s: %j', async (_who, owners, expected) => {
  const { tab } = await browser();
  const first = tab();
  await first.drafts.keep(draft('a'));
  first.die();
  expect(await tab(owners).offered()).toEqual(expected);
});

it('a draft made with a share link is offered to who signs in with it', async () => {
  const { tab } = await browser();
  const before = tab(['link:x']);
  await before.drafts.keep(draft('a'));
  before.die();
  expect(await tab(['account:ada', 'link:x']).offered()).toEqual(['a']);
});

it('is gone after its time, also from disk', async () => {
  const { tab, records, state } = await browser();
  const { drafts, die, offered } = tab();
  await drafts.keep(draft('a'));
  die();
  state.now = 24 * HOUR - 1;
  expect(await offered()).toEqual(['a']);
  state.now = 24 * HOUR;
  expect(await offered()).toEqual([]);
  expect(records.size).toBe(0);
});

it('takes the place of the draft it replaces', async () => {
  const { tab, records } = await browser();
  const { drafts } = tab();
  await drafts.keep(draft('measurements', { kind: 'measurements' }));
  await drafts.keep(draft('report'), ['measurements']);
  expect([...records.keys()]).toEqual(['report']);
});

it('forgets what was saved', async () => {
  const { tab, records } = await browser();
  const { drafts, offered } = tab();
  await drafts.keep(draft('a'));
  await drafts.forget('a');
  expect(records.size).toBe(0);
  expect(await offered()).toEqual([]);
});

it.each([
  ['full', new DOMException('no room', 'QuotaExceededError')],
  ['forbidden', new DOMException('private window', 'SecurityError')],
] as const)(
  'storage is %s: says so, and goes on; says no more when it works again',
  async (off, failure) => {
    const { tab, state } = await browser();
    const { drafts } = tab();
    state.failure = failure;
    expect(await drafts.keep(draft('a'))).toBe(false);
    expect(drafts.off.get()).toBe(off);
    state.failure = undefined;
    expect(await drafts.keep(draft('a'))).toBe(true);
    expect(drafts.off.get()).toBeUndefined();
  }
);

it('keeps and offers nothing when the settings say so', async () => {
  const { tab, records } = await browser();
  const { drafts } = tab(['account:ada'], { isOn: false });
  expect(await drafts.keep(draft('a'))).toBe(false);
  expect(records.size).toBe(0);
  expect(drafts.off.get()).toBe('settings');
});
