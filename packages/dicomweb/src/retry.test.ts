import { backOffMs, DEFAULT_RETRY_POLICY, nextWaitMs, parseRetryAfter } from './retry.ts';

describe('parseRetryAfter (RFC 9110 10.2.3)', () => {
  const NOW = Date.UTC(1999, 11, 31, 23, 59, 0);
  const ROWS = [
    ['120', 120_000],
    [' 5 ', 5000],
    ['0', 0],
    ['Fri, 31 Dec 1999 23:59:59 GMT', 59_000],
    ['Friday, 31-Dec-99 23:59:59 GMT', 59_000],
    ['Fri Dec 31 23:59:59 1999 GMT', 59_000],
    ['Fri, 31 Dec 1999 23:00:00 GMT', 0],
    ['99999999999999999999', 86_400_000],
    ['-1', undefined],
    ['1.5', undefined],
    ['1e3', undefined],
    ['1999-12-31', undefined],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ] as const;
  it.each(ROWS)('%j -> %s ms', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });
});

describe('waits', () => {
  it('stay below a ceiling that doubles', () => {
    const ceilings = [0, 1, 2, 3, 4, 5, 6, 100].map(attempt =>
      backOffMs(DEFAULT_RETRY_POLICY, attempt, () => 1)
    );
    expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 16_000, 16_000]);
  });

  it('end with the repetitions, and with the minute', () => {
    const policy = DEFAULT_RETRY_POLICY;
    expect(nextWaitMs(policy, 4, 0, 1, () => 0)).toBe(1);
    expect(nextWaitMs(policy, 5, 0, 1, () => 0)).toBeUndefined();
    expect(nextWaitMs(policy, 0, 59_000, 1000, () => 0)).toBe(1000);
    expect(nextWaitMs(policy, 0, 59_000, 1001, () => 0)).toBeUndefined();
  });
});
