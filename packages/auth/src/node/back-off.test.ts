import {
  backOffMs,
  DEFAULT_RETRY_POLICY,
  MAX_RETRY_AFTER_MS,
  parseRetryAfter,
} from './back-off.ts';

describe('parseRetryAfter (RFC 9110 10.2.3)', () => {
  const NOW = Date.UTC(1999, 11, 31, 23, 59, 0);
  /** The table of forms is core's; here it is what is believed at most. */
  const ROWS = [
    ['120', 120_000],
    ['300', MAX_RETRY_AFTER_MS],
    ['301', MAX_RETRY_AFTER_MS],
    ['99999999999999999999', MAX_RETRY_AFTER_MS],
    ['soon', undefined],
    [null, undefined],
  ] as const;
  it.each(ROWS)('%j -> %s ms', (value, expected) => {
    expect(parseRetryAfter(value, NOW)).toBe(expected);
  });
});

describe('backOffMs', () => {
  const ceilings = (random: number, policy = DEFAULT_RETRY_POLICY): number[] =>
    [0, 1, 2, 3, 4, 5, 6, 100].map(failures => backOffMs(policy, failures, () => random));

  it('stays below a ceiling that doubles', () => {
    expect(ceilings(1)).toEqual([500, 500, 1000, 2000, 4000, 8000, 16_000, 16_000]);
  });

  it('is full jitter: any part of the ceiling, nothing included', () => {
    expect(ceilings(0.25)).toEqual([125, 125, 250, 500, 1000, 2000, 4000, 4000]);
    expect(ceilings(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('keeps the floor of the policy', () => {
    expect(ceilings(0, { ...DEFAULT_RETRY_POLICY, minDelayMs: 1000 })).toEqual(
      Array.from({ length: 8 }, () => 1000)
    );
  });
});
