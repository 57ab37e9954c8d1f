import { fakeClock } from '../testing/fake-clock.ts';
import { RetrieveError } from './errors.ts';
import type { RetrieveErrorCode } from './errors.ts';
import { heal } from './heal.ts';

const failure = (code: RetrieveErrorCode, retryAfterMs?: number) =>
  new RetrieveError(code, 'test', { retryAfterMs });

/** How often it is tried when it always fails so, and the waits between; random is one half. */
const ROWS: [string, unknown, number[]][] = [
  [
    'a lost line',
    failure('ERR_RETRIEVE_UNREACHABLE'),
    [200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
  ],
  [
    'a cut answer',
    failure('ERR_RETRIEVE_UNREADABLE'),
    [200, 400, 800, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000],
  ],
  [
    'a busy service that says when (RFC 9110 10.2.3)',
    failure('ERR_RETRIEVE_THROTTLED', 4_000),
    [4_000, 4_000],
  ],
  [
    'a busy service that wants more time than there is',
    failure('ERR_RETRIEVE_THROTTLED', 11_000),
    [],
  ],
  ['not there', failure('ERR_RETRIEVE_NOT_FOUND'), []],
  ['refused', failure('ERR_RETRIEVE_FORBIDDEN'), []],
  ['a mistake of ours', new TypeError('test'), []],
];

describe('healing', () => {
  it.each(ROWS)('%s', async (_name, error, waits) => {
    const clock = fakeClock();
    let attempts = 0;
    const read = heal(
      () => {
        attempts += 1;
        return Promise.reject(error as Error);
      },
      { clock, random: () => 0.5, healMs: 10_000 }
    );
    await expect(read).rejects.toBe(error);
    expect(clock.waits).toEqual(waits);
    expect(attempts).toBe(waits.length + 1);
  });

  it('an access token that is being renewed heals', async () => {
    const answers = [failure('ERR_RETRIEVE_UNAUTHORIZED'), failure('ERR_RETRIEVE_UNREACHABLE')];
    const read = heal(
      () => {
        const error = answers.shift();
        return error ? Promise.reject(error) : Promise.resolve('there');
      },
      { clock: fakeClock(), random: () => 0.5, healMs: 10_000 }
    );
    await expect(read).resolves.toBe('there');
  });

  it('who leaves does not wait', async () => {
    const stop = new AbortController();
    const read = heal(
      () => {
        stop.abort(new Error('left'));
        return Promise.reject(failure('ERR_RETRIEVE_UNREACHABLE'));
      },
      { clock: fakeClock(), random: () => 0.5, healMs: 10_000 },
      stop.signal
    );
    await expect(read).rejects.toThrow('left');
  });
});
