import { backOffMs } from '@ohif-azure/core';
import { DEFAULT_RETRY_POLICY, nextWaitMs } from './retry.ts';

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
