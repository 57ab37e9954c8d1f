import type { Entry } from '../ledger/index.ts';
import type { RefusalReason } from '../refusal.ts';
import { blame, outcomeTransition, suspect } from './outcome-transition.ts';

const entry: Entry = {
  id: 'i',
  study: 's',
  state: 'waiting',
  seq: 1,
  epoch: 0,
  seenAt: 0,
  at: 0,
  attempts: 0,
};
const attempted = { entry, server: 'azure', bytes: 10, sopInstanceUID: '1.2' };
const policy = { maxAttempts: 3, maxPauseMs: 60_000, random: () => 1 };

describe('what an outcome makes of an entry', () => {
  // Codes: Azure DICOM service conformance statement v2, "Store failure reason codes"; PS3.18 Table I.2-2.
  it.each([
    ['stored', undefined, 'sent'],
    ['storedWithWarnings', undefined, 'sent'],
    ['alreadyStored', 45070, 'sent'],
    ['rejected', 43264, 'dead'],
    ['rejected', 43265, 'dead'],
    ['rejected', 290, 'dead'],
    ['rejected', 272, 'waiting'],
    ['rejected', 45071, 'waiting'],
    ['rejected', 45070, 'waiting'],
    ['rejected', undefined, 'waiting'],
    ['unknown', undefined, undefined],
    ['notSent', undefined, undefined],
  ] as const)('%s %s -> %s', (outcome, failureReason, to) => {
    expect(outcomeTransition(attempted, { outcome, failureReason }, policy)?.to).toBe(to);
  });

  // orthanc 2.6: 45070 means "the same three UIDs", not "the same content".
  it.each([
    ['different', 'dead', /has another instance under the same UIDs: its data set differs\.$/],
    ['notCompared', 'waiting', /could not be compared with this one\.$/],
  ] as const)('a duplicate that is %s: %s', (duplicate, to, text) => {
    const report = { outcome: 'rejected', failureReason: 45070, duplicate } as const;
    expect(outcomeTransition(attempted, report, policy)).toMatchObject({
      to,
      reason: { code: 'FailureReason 45070 (0xB00E)', text: expect.stringMatching(text) },
    });
  });

  it('names the reason in the decimal and the hexadecimal form, and in words', () => {
    const made = outcomeTransition(
      attempted,
      { outcome: 'rejected', failureReason: 43264 },
      policy
    );
    expect(made).toMatchObject({
      to: 'dead',
      sopInstanceUID: '1.2',
      reason: {
        code: 'FailureReason 43264 (0xA900)',
        text: expect.stringContaining('Validation failure'),
      },
    });
  });

  it('gives up after so many attempts, and waits longer before each', () => {
    const at = (attempts: number) =>
      suspect({ ...attempted, entry: { ...entry, attempts } }, { code: 'c', text: 't' }, policy);
    expect(at(0)).toMatchObject({ to: 'waiting', retryInMs: 1_000, counts: true });
    expect(at(1)).toMatchObject({ to: 'waiting', retryInMs: 2_000 });
    expect(at(2)).toMatchObject({ to: 'dead' });
  });
});

describe('whose fault a failed Store is', () => {
  // RFC 9110 15.5, 15.6; RFC 6585 4.
  it.each([
    ['service', 400, 'request'],
    ['service', 409, 'request'],
    ['service', 413, 'request'],
    ['service', 415, 'request'],
    ['service', 500, 'unclear'],
    ['access-token-refused', 401, 'service'],
    ['service', 403, 'service'],
    ['service', 404, 'service'],
    ['service', 424, 'service'],
    ['service', 429, 'service'],
    ['service', 503, 'service'],
    ['service', 504, 'service'],
    ['access-token', undefined, 'service'],
    ['not-connected', undefined, 'service'],
    ['redirect', undefined, 'service'],
    ['stopping', undefined, 'service'],
    ['unreachable', undefined, 'unclear'],
    ['timeout', undefined, 'unclear'],
    ['unreadable-answer', undefined, 'unclear'],
    ['malformed-body', undefined, 'request'],
  ] as [RefusalReason, number | undefined, string][])(
    '%s %s: %s',
    (reason, upstreamStatus, whose) => {
      expect(blame({ reason, upstreamStatus, message: '', retry: 'transient' })).toBe(whose);
    }
  );
});
