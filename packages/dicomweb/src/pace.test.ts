import { Pace, yieldToTasks } from './pace.ts';

/** Work of one millisecond for each look at the clock. */
function scene(yieldTo: () => Promise<void>) {
  let nowMs = 0;
  return new Pace(yieldTo, () => (nowMs += 1));
}

async function work(pace: Pace, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    const rest = pace.rest();
    if (rest) await rest;
    else await undefined;
  }
}

/** How often the event loop turned until the work was done. */
async function turnsDuring(done: Promise<void>): Promise<number> {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    if (isDone) return;
    turns += 1;
    setImmediate(count);
  };
  setImmediate(count);
  await done;
  isDone = true;
  return turns;
}

describe('Pace', () => {
  it('lets other tasks run about every 30 ms of work', async () => {
    const turns = await turnsDuring(work(scene(yieldToTasks), 1_000));
    expect(turns).toBeGreaterThanOrEqual(30);
  });

  it('work without it keeps all other tasks waiting, however many promises it awaits', async () => {
    const never = () => new Promise<void>(() => undefined);
    const unpaced = { rest: () => undefined } as unknown as Pace;
    expect(await turnsDuring(work(unpaced, 1_000))).toBe(0);
    // So does one that never gives way: the work stands still.
    const stopped = work(scene(never), 1_000).then(() => 'done');
    const first = await Promise.race([stopped, yieldToTasks().then(() => 'waits')]);
    expect(first).toBe('waits');
  });

  it('is not in the way of short work that waits for other things', async () => {
    let nowMs = 0;
    const pace = new Pace(yieldToTasks, () => nowMs);
    for (let step = 0; step < 5; step += 1) {
      expect(pace.rest()).toBeUndefined();
      nowMs += 20;
      await new Promise(resolve => setImmediate(resolve));
      await yieldToTasks();
      nowMs += 1_000;
    }
  });

  it('all work that shares it gives way together', async () => {
    let yields = 0;
    const pace = scene(() => {
      yields += 1;
      return yieldToTasks();
    });
    await Promise.all([work(pace, 200), work(pace, 200), work(pace, 200)]);
    expect(yields).toBeGreaterThanOrEqual(600 / 31 - 1);
    expect(yields).toBeLessThanOrEqual(60);
  });
});
