import { environmentAccessToken } from './index.ts';
import { ManualClock } from './testing/manual-clock.ts';

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (exp: unknown): string => `${part({ alg: 'none' })}.${part({ exp })}.MARKER`;

describe('environmentAccessToken', () => {
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const now = clock.time / 1000;
  const read = (DICOM_ACCESS_TOKEN?: string) =>
    environmentAccessToken({ environment: { DICOM_ACCESS_TOKEN }, clock }).accessToken();

  const GOOD = [
    ['RFC 6750 2.1: an opaque one', 'abc.def~-_+/=='],
    ['with a line break behind it', 'abc\n'],
    ['RFC 7519 4.1.4: valid for a second', jwt(now + 1)],
    ['design.md 5: within five minutes of clock skew', jwt(now - 299)],
    ['exp that is no number', jwt('soon')],
  ] as const;
  it.each(GOOD)('gives out %s', async (_cite, value) => {
    await expect(read(value)).resolves.toBe(value.trim());
  });

  const CONFIGURATION = 'ERR_AUTH_PROVIDER_CONFIGURATION';
  const BAD = [
    ['not set', undefined, CONFIGURATION, /^DICOM_ACCESS_TOKEN: expected .*it is not set$/],
    ['blank', ' \n', CONFIGURATION, /it is not set$/],
    [
      'with the scheme',
      'Bearer MARKER',
      CONFIGURATION,
      /without "Bearer"; it holds other characters/,
    ],
    ['with a line break in it', 'MARKER\r\nX: y', CONFIGURATION, /it holds other characters/],
    [
      'RFC 7519 4.1.4: ended',
      jwt(now - 300),
      'ERR_AUTH_SIGNIN_REQUIRED',
      /ended at 2025-12-31T23:55:00\.000Z; get a new one$/,
    ],
  ] as const;
  it.each(BAD)('refuses one that is %s', async (_cite, value, code, words) => {
    const error: unknown = await read(value).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code,
      retry: 'permanent',
      message: expect.stringMatching(words),
    });
    expect((error as Error).message).not.toContain('MARKER');
  });

  it('reads it anew each time', async () => {
    const environment: Record<string, string> = { DICOM_ACCESS_TOKEN: 'one' };
    const { accessToken } = environmentAccessToken({ environment, clock });
    await expect(accessToken()).resolves.toBe('one');
    environment['DICOM_ACCESS_TOKEN'] = 'two';
    await expect(accessToken({ renew: true })).resolves.toBe('two');
  });

  it('stops for an aborted signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    const { accessToken } = environmentAccessToken({ environment: {}, clock });
    await expect(accessToken({ signal })).rejects.toThrow('enough');
  });
});
