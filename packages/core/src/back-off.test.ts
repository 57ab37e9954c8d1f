import { backOffMs, MAX_RETRY_AFTER_MS, parseRetryAfter } from './back-off.ts';

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
    ['99999999999999999999', MAX_RETRY_AFTER_MS],
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

  it('believes no more than the caller does', () => {
    expect(parseRetryAfter('600', NOW, 300_000)).toBe(300_000);
  });
});

describe('backOffMs', () => {
  const bounds = { baseDelayMs: 500, maxDelayMs: 16_000 };
  const waits = (random: number, minDelayMs?: number): number[] =>
    [0, 1, 2, 3, 4, 5, 6, 100].map(repetition =>
      backOffMs({ ...bounds, minDelayMs }, repetition, () => random)
    );

  it('stays below a ceiling that doubles', () => {
    expect(waits(1)).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 16_000, 16_000]);
  });

  it('is full jitter: any part of the ceiling, nothing included', () => {
    expect(waits(0.25)).toEqual([125, 250, 500, 1000, 2000, 4000, 4000, 4000]);
    expect(waits(0)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('keeps the floor', () => {
    expect(waits(0, 1000)).toEqual(Array.from({ length: 8 }, () => 1000));
  });
});
