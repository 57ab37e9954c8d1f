import { renewalDueAt, retryDelayMs } from './renewal-schedule.ts';

describe('renewalDueAt', () => {
  it.each([
    ['an hour: a minute before', 3600, 3540],
    ['five minutes (Keycloak): a minute before', 300, 240],
    ['a minute: after four fifths', 60, 48],
    ['ten seconds: after four fifths', 10, 8],
    ['a day: a minute before', 86_400, 86_340],
  ])('%s', (_name, life, due) => {
    expect(renewalDueAt(7000, 7000 + life * 1000)).toBe(7000 + due * 1000);
  });
});

describe('retryDelayMs', () => {
  it('grows to a minute', () => {
    const delays = [1, 2, 3, 4, 5, 6, 1000].map(failures => retryDelayMs(failures, true) / 1000);
    expect(delays).toEqual([5, 10, 20, 40, 60, 60, 60]);
  });
  it('is long for what will not pass by itself', () => {
    expect(retryDelayMs(1, false)).toBe(300_000);
  });
});
