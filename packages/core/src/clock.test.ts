import { sleep, systemClock } from './clock.ts';

describe('sleep', () => {
  it('uses the clock given', async () => {
    const waits: number[] = [];
    const clock = {
      now: () => 0,
      sleep: (ms: number) => {
        waits.push(ms);
        return Promise.resolve();
      },
    };
    await sleep(clock, 3_600_000);
    expect(waits).toEqual([3_600_000]);
  });

  it('ends with the reason of the signal, at once where it is aborted already', async () => {
    const reason = new Error('closed');
    await expect(sleep(systemClock, 3_600_000, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  it('ends with the reason of the signal while it waits', async () => {
    const reason = new Error('closed');
    const controller = new AbortController();
    const waiting = sleep({ now: () => 0 }, 3_600_000, controller.signal);
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('treats a negative wait as none', async () => {
    await expect(sleep(systemClock, -5)).resolves.toBeUndefined();
  });
});
