import { createSearchMemory, SEARCH_MEMORY_MS } from './search-memory.ts';

function setUp() {
  const clock = { time: 0, now: () => clock.time };
  let loads = 0;
  const memory = createSearchMemory(clock);
  const ask = (key = 'a') => memory.recall(key, async () => (loads += 1));
  return { clock, memory, ask };
}

it('gives again what it found, until it is too old', async () => {
  const { clock, ask } = setUp();
  expect(await ask()).toBe(1);
  clock.time = SEARCH_MEMORY_MS - 1;
  expect(await ask()).toBe(1);
  clock.time = SEARCH_MEMORY_MS;
  expect(await ask()).toBe(2);
});

it('two that ask at the same time ask once', async () => {
  const { ask } = setUp();
  expect(await Promise.all([ask(), ask(), ask('b')])).toEqual([1, 1, 2]);
});

it('forgets when it is told to', async () => {
  const { memory, ask } = setUp();
  await ask();
  memory.clear();
  expect(await ask()).toBe(2);
});

it('does not remember a failure', async () => {
  const { memory, ask } = setUp();
  await expect(memory.recall('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await ask()).toBe(1);
});

it('holds no more than a few searches', async () => {
  const { ask } = setUp();
  for (const key of 'abcdefg') await ask(key);
  expect(await ask('g')).toBe(7);
  expect(await ask('a')).toBe(8);
});
