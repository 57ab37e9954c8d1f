import { inspect } from 'node:util';
import type { AuthError } from '../auth-error.ts';
import type { DeviceCodeOptions, DeviceCodePrompt } from './index.ts';
import { deviceCodeSource } from './index.ts';
import { ManualClock, stoppedClock } from './testing/manual-clock.ts';
import type { Answer } from './testing/scripted-endpoint.ts';
import { issued, refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';

const LEARN = 'Learn v2-oauth2-device-code';
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const DEVICE_CODE = 'MARKER-device-code';
const pending = refused('authorization_pending', 'AADSTS70016: x');

const offered = (change: object = {}): Answer => ({
  body: JSON.stringify({
    device_code: DEVICE_CODE,
    user_code: 'WDJB-MJHT',
    verification_uri: 'https://example.org/device',
    expires_in: 900,
    interval: 5,
    ...change,
  }),
});

describe('deviceCodeSource', () => {
  let authorization: ScriptedEndpoint;
  let token: ScriptedEndpoint;
  let clock: ManualClock;
  let prompts: DeviceCodePrompt[];
  beforeEach(async () => {
    clock = new ManualClock();
    prompts = [];
    authorization = await new ScriptedEndpoint().start();
    token = await new ScriptedEndpoint().start();
    authorization.answers = [offered()];
  });
  afterEach(() => Promise.all([authorization.stop(), token.stop()]));

  const source = (options: Partial<DeviceCodeOptions> = {}) =>
    deviceCodeSource({
      deviceAuthorizationEndpoint: authorization.url,
      tokenEndpoint: token.url,
      clientId: 'cli',
      scope: 'dicom offline_access',
      prompt: prompt => void prompts.push(prompt),
      clock,
      random: () => 0.5,
      ...options,
    });
  const failure = (): Promise<AuthError> =>
    source()
      .accessToken()
      .then(
        () => Promise.reject(new Error('expected a failure')),
        (error: unknown) => error as AuthError
      );

  it('asks as RFC 8628 3.1 and 3.4 say, and shows the code', async () => {
    token.answers = [pending, pending, issued('one')];
    await expect(source().accessToken()).resolves.toBe('one');
    expect(authorization.requests.map(({ form }) => form)).toEqual([
      { scope: 'dicom offline_access', client_id: 'cli' },
    ]);
    const form = { grant_type: GRANT, device_code: DEVICE_CODE, client_id: 'cli' };
    expect(token.requests.map(request => request.form)).toEqual([form, form, form]);
    expect(prompts).toEqual([
      {
        userCode: 'WDJB-MJHT',
        verificationURI: 'https://example.org/device',
        verificationURIComplete: undefined,
        endsAt: clock.time - 15_000 + 900_000,
      },
    ]);
  });

  it('hands on verification_uri_complete (RFC 8628 3.3.1)', async () => {
    const verification_uri_complete = 'https://example.org/device?user_code=WDJB-MJHT';
    authorization.answers = [offered({ verification_uri_complete })];
    await source().accessToken();
    expect(prompts[0]?.verificationURIComplete).toBe(verification_uri_complete);
  });

  const slower = refused('slow_down');
  // prettier-ignore
  const WAITS: readonly (readonly [cite: string, offer: object, answers: Answer[], waits: readonly number[]])[] = [
    ['RFC 8628 3.2: interval', { interval: 7 }, [pending], [7000, 7000]],
    ['RFC 8628 3.2: default of 5 seconds', { interval: undefined }, [pending], [5000, 5000]],
    ['an interval that is none', { interval: -1 }, [], [5000]],
    ['an interval below a second', { interval: 0.001 }, [], [1000]],
    ['RFC 8628 3.5: slow_down, this and all that follow', {}, [slower, pending, slower], [5000, 10_000, 10_000, 15_000]],
    ['RFC 8628 3.5: no answer doubles', {}, [{ destroy: true }, { destroy: true }, pending], [5000, 10_000, 20_000, 20_000]],
    ['RFC 9110 15.6.4: 503 doubles', {}, [{ status: 503 }], [5000, 10_000]],
    ['RFC 9110 10.2.3: 429 with Retry-After', {}, [{ status: 429, headers: { 'Retry-After': '33' } }], [5000, 33_000]],
    ['doubles up to a minute', {}, Array.from({ length: 6 }, () => ({ status: 503 })), [5000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]],
  ];
  it.each(WAITS)('waits: %s', async (_cite, offer, answers, waits) => {
    authorization.answers = [offered(offer)];
    token.answers = [...answers, issued('one')];
    await expect(source().accessToken()).resolves.toBe('one');
    expect(clock.waits).toEqual(waits);
  });

  // prettier-ignore
  const ENDS: readonly (readonly [cite: string, answer: Answer, code: AuthError['code'], words: RegExp])[] = [
    ['RFC 8628 3.5: access_denied', refused('access_denied', 'MARKER'), 'ERR_AUTH_SIGNIN_REFUSED', /declined \(access_denied\)/],
    [`${LEARN}: authorization_declined`, refused('authorization_declined', 'MARKER'), 'ERR_AUTH_SIGNIN_REFUSED', /declined \(authorization_declined\)/],
    ['RFC 8628 3.5: expired_token', refused('expired_token', 'AADSTS70019: MARKER'), 'ERR_AUTH_SIGNIN_TIMEOUT', /has expired before anybody used it/],
    [`${LEARN}: bad_verification_code`, refused('bad_verification_code', 'MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /400: bad_verification_code$/],
    ['Learn reference-error-codes 7000218', refused('invalid_client', 'AADSTS7000218: MARKER', 401), 'ERR_AUTH_SIGNIN_REFUSED', /allow public client flows/],
    ['Learn reference-error-codes 53003', refused('invalid_grant', 'AADSTS53003: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /Conditional Access/],
    ['RFC 6749 5.1: not JSON', { body: 'MARKER' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /expected JSON/],
  ];
  it.each(ENDS)('ends with %s', async (_cite, answer, code, words) => {
    token.answers = [pending, answer];
    const error = await failure();
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(token.requests).toHaveLength(2);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('MARKER');
  });

  it.each([
    ['RFC 8628 3.2: expires_in', { expires_in: 12, interval: 5 }, pending, [5000, 5000, 5000]],
    ['no answer until the end', { expires_in: 12, interval: 5 }, { destroy: true }, [5000, 10_000]],
    ['busy until the end', { expires_in: 12, interval: 5 }, { status: 503 }, [5000, 10_000]],
  ])('stops when the code expires: %s', async (_cite, offer, answer, waits) => {
    authorization.answers = [offered(offer)];
    token.answers = [answer];
    await expect(failure()).resolves.toMatchObject({ code: 'ERR_AUTH_SIGNIN_TIMEOUT' });
    expect(clock.waits).toEqual(waits);
    expect(authorization.requests).toHaveLength(1);
  });

  // prettier-ignore
  const OFFERS: readonly (readonly [cite: string, answer: Answer, words: RegExp])[] = [
    ['RFC 8628 3.2: no device_code', offered({ device_code: undefined }), /expected "device_code"/],
    ['RFC 8628 3.2: no user_code', offered({ user_code: 7 }), /expected "device_code"/],
    ['control characters for the terminal', offered({ user_code: 'a\u001b[2J' }), /expected "device_code"/],
    ['an address that is no page', offered({ verification_uri: 'javascript:MARKER' }), /expected "device_code"/],
    ['RFC 6749 5.2: invalid_scope', refused('invalid_scope', 'AADSTS70011: MARKER'), /check the scope/],
    ['Learn reference-error-codes 700016', refused('unauthorized_client', 'AADSTS700016: MARKER'), /check client id and tenant id/],
    ['not JSON', { body: '<html>MARKER' }, /expected JSON/],
  ];
  it.each(OFFERS)('shows nothing for %s', async (_cite, answer, words) => {
    authorization.answers = [answer];
    const error = await failure();
    expect(error.message).toMatch(words);
    expect(prompts).toEqual([]);
    expect(token.requests).toHaveLength(0);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('MARKER');
  });

  it('asks for the code again after 429, before anything is shown', async () => {
    authorization.answers = [{ status: 429, headers: { 'Retry-After': '4' } }, offered()];
    await expect(source().accessToken()).resolves.toBe('one');
    expect(clock.waits).toEqual([4000, 5000]);
    expect(prompts).toHaveLength(1);
  });

  it('shows one code to all who ask at once', async () => {
    const { accessToken } = source();
    await Promise.all(Array.from({ length: 20 }, () => accessToken()));
    expect(prompts).toHaveLength(1);
  });

  it('passes on what the prompt throws', async () => {
    const prompt = (): void => {
      throw new Error('no terminal');
    };
    await expect(source({ prompt }).accessToken()).rejects.toThrow('no terminal');
    expect(token.requests).toHaveLength(0);
  });

  it('stops to ask when nobody waits any more', async () => {
    const stopped = stoppedClock(clock.time);
    const controller = new AbortController();
    const result = source({ clock: stopped.clock }).accessToken({ signal: controller.signal });
    await stopped.waiting;
    controller.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
    expect(token.requests).toHaveLength(0);
  });

  describe('renewal', () => {
    const refreshes = () =>
      token.requests.map(({ form }) => form['refresh_token']).filter(value => value !== undefined);

    it('uses the refresh token, each time the latest (RFC 6749 6)', async () => {
      token.answers = [
        issued('one', 3600, { refresh_token: 'r1' }),
        issued('two', 3600, { refresh_token: 'r2' }),
        issued('three'),
        issued('four'),
      ];
      const { accessToken } = source();
      for (const value of ['one', 'two', 'three', 'four']) {
        await expect(accessToken()).resolves.toBe(value);
        clock.time += 3_300_000;
      }
      expect(refreshes()).toEqual(['r1', 'r2', 'r2']);
      expect(token.requests[1]?.form).toEqual({
        grant_type: 'refresh_token',
        refresh_token: 'r1',
        client_id: 'cli',
        scope: 'dicom offline_access',
      });
      expect(prompts).toHaveLength(1);
    });

    it.each([
      ['RFC 6749 5.2: invalid_grant', refused('invalid_grant', 'AADSTS700082: x')],
      ['Learn reference-error-codes: interaction_required', refused('interaction_required')],
    ])('shows a new code after %s', async (_cite, answer) => {
      token.answers = [issued('one', 3600, { refresh_token: 'r1' }), answer, issued('two')];
      const { accessToken } = source();
      await accessToken();
      await expect(accessToken({ renew: true })).resolves.toBe('two');
      expect(prompts).toHaveLength(2);
      // The one that was refused is not tried again.
      await accessToken({ renew: true });
      expect(prompts).toHaveLength(3);
      expect(refreshes()).toEqual(['r1']);
    });

    it('shows a new code where there is no refresh token', async () => {
      token.answers = [issued('one'), issued('two')];
      const { accessToken } = source();
      await accessToken();
      await expect(accessToken({ renew: true })).resolves.toBe('two');
      expect(prompts).toHaveLength(2);
    });

    it('keeps the refresh token while the provider is busy', async () => {
      const { accessToken } = source();
      token.answers = [
        issued('one', 3600, { refresh_token: 'r1' }),
        { status: 503 },
        issued('two', 3600),
      ];
      await accessToken();
      await expect(accessToken({ renew: true })).resolves.toBe('two');
      expect(refreshes()).toEqual(['r1', 'r1']);
      expect(prompts).toHaveLength(1);
    });

    it('does not ask the user for what only an administrator can mend', async () => {
      token.answers = [
        issued('one', 3600, { refresh_token: 'r1' }),
        refused('unauthorized_client', 'AADSTS7000112: x'),
      ];
      const { accessToken } = source();
      await accessToken();
      await expect(accessToken({ renew: true })).rejects.toMatchObject({
        code: 'ERR_AUTH_SIGNIN_REFUSED',
      });
      expect(prompts).toHaveLength(1);
    });
  });

  it('refuses endpoints that are no URLs', () => {
    expect(() => source({ tokenEndpoint: 'x' })).toThrow(/"tokenEndpoint"/);
    expect(() => source({ deviceAuthorizationEndpoint: 'x' })).toThrow(
      /"deviceAuthorizationEndpoint"/
    );
  });
});
