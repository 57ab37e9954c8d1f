import { MAX_RETRY_AFTER_MS, pauseMs, ServiceGate } from './service-gate.ts';

const DOWN = { code: 'unreachable', text: 'down' };

function gate(random = () => 1, maxMs = 60_000) {
  const clock = { time: 1_000_000, now: () => clock.time };
  return { clock, gate: new ServiceGate(clock, maxMs, random) };
}

describe('pauses', () => {
  it.each([
    [0, 1, 1_000],
    [0, 0, 500],
    [3, 1, 8_000],
    [3, 0, 4_000],
    [30, 1, 60_000],
    [1_000_000, 0.5, 45_000],
  ])('after %i failures, at random %d: %i ms', (failures, random, expected) => {
    expect(pauseMs(failures, 60_000, () => random)).toBe(expected);
  });
});

describe('the gate before a service', () => {
  it('lets everybody in while all is well', () => {
    const { gate: open } = gate();
    expect([open.enter(), open.enter()]).toEqual([true, true]);
    expect(open.status()).toMatchObject({ state: 'open', failures: 0 });
  });

  it('keeps everybody out for the pause, and then lets one try', () => {
    const { gate: shut, clock } = gate();
    shut.failed(DOWN);
    clock.time += 999;
    expect(shut.isOpen()).toBe(false);
    clock.time += 1;
    expect([shut.enter(), shut.enter()]).toEqual([true, false]);
    expect(shut.status().state).toBe('probing');
    shut.succeeded();
    expect([shut.enter(), shut.enter()]).toEqual([true, true]);
  });

  it('waits longer each time, for hours at most as long as it is told', () => {
    const { gate: shut, clock } = gate();
    const pauses: number[] = [];
    for (let time = 0; time < 10; time += 1) {
      shut.failed(DOWN);
      pauses.push((shut.status().pausedUntil ?? 0) - clock.time);
      clock.time = shut.status().pausedUntil ?? 0;
      shut.enter();
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60, 60].map(seconds => seconds * 1_000));
    expect(shut.status().failingSince).toBe(1_000_000);
  });

  it.each([
    ['a wish longer than the pause', 120_000, 120_000],
    ['a wish shorter than the pause', 10, 1_000],
    ['a wish beyond reason', 86_400_000, MAX_RETRY_AFTER_MS],
  ])('honours Retry-After (RFC 9110 10.2.3): %s', (_, wish, expected) => {
    const { gate: shut, clock } = gate();
    shut.failed(DOWN, wish);
    expect((shut.status().pausedUntil ?? 0) - clock.time).toBe(expected);
  });

  it('lets the next one try when the first has learnt nothing', () => {
    const { gate: shut, clock } = gate();
    shut.failed(DOWN);
    clock.time += 1_000;
    expect(shut.enter()).toBe(true);
    shut.left();
    expect(shut.enter()).toBe(true);
  });
});
