import type { AuthError } from '../auth-error.ts';
import { clientCredentialsSource, staticAccessToken } from './index.ts';
import { ManualClock } from './testing/manual-clock.ts';
import type { Answer, SeenRequest } from './testing/scripted-endpoint.ts';
import { issued, refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';

const SECRET = 'MARKER-secret';

describe('clientCredentialsSource', () => {
  let endpoint: ScriptedEndpoint;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    endpoint = await new ScriptedEndpoint().start();
  });
  afterEach(() => endpoint.stop());

  const source = (url = endpoint.url) =>
    clientCredentialsSource({
      tokenEndpoint: url,
      clientId: 'relay',
      clientSecret: SECRET,
      scope: 'https://dicom.healthcareapis.azure.com/.default',
      clock,
    });

  it('asks as RFC 6749 4.4.2 says', async () => {
    await expect(source().accessToken()).resolves.toBe('one');
    const [{ method, headers, form }] = endpoint.requests as [SeenRequest];
    expect(method).toBe('POST');
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'relay',
      client_secret: SECRET,
      scope: 'https://dicom.healthcareapis.azure.com/.default',
    });
  });

  const LIVES = [
    ['an hour: five minutes ahead', 3600, 3299, 3300],
    ['ten minutes: after 80 %', 600, 479, 480],
    ['a minute: after 80 %', 60, 47, 48],
    ['digits in a string', '3600', 3299, 3300],
    ['no life told: as five minutes', null, 239, 240],
    ['a life that is no number: as five minutes', 'x', 239, 240],
  ] as const;
  it.each(LIVES)('keeps one of %s', async (_name, expiresIn, kept, renewed) => {
    endpoint.answers = [issued('one', expiresIn), issued('two')];
    const { accessToken } = source();
    await accessToken();
    clock.time += kept * 1000;
    await expect(accessToken()).resolves.toBe('one');
    clock.time += (renewed - kept) * 1000;
    await expect(accessToken()).resolves.toBe('two');
  });

  it('sends one request for all who ask at once', async () => {
    const { accessToken } = source();
    const values = await Promise.all(Array.from({ length: 20 }, () => accessToken()));
    expect(new Set(values)).toEqual(new Set(['one']));
    expect(endpoint.requests).toHaveLength(1);
  });

  it('gets a new one when asked to', async () => {
    endpoint.answers = [issued('one'), issued('two')];
    const { accessToken } = source();
    await accessToken();
    await expect(accessToken({ renew: true })).resolves.toBe('two');
    await expect(accessToken()).resolves.toBe('two');
  });

  it('gives out what is still valid while the provider is down, and recovers', async () => {
    endpoint.answers = [issued('one'), { status: 503, body: 'busy' }];
    const { accessToken } = source();
    await accessToken();
    clock.time += 3_400_000;
    await expect(accessToken()).resolves.toBe('one');
    await expect(accessToken({ renew: true })).rejects.toMatchObject({ retry: 'transient' });
    clock.time += 200_000;
    await expect(accessToken()).rejects.toMatchObject({ code: 'ERR_AUTH_PROVIDER_UNREACHABLE' });
    endpoint.answers = [issued('two')];
    await expect(accessToken()).resolves.toBe('two');
  });

  it('does not hide a refusal behind what is still valid', async () => {
    endpoint.answers = [issued('one'), refused('invalid_client', 'AADSTS7000222: x', 401)];
    const { accessToken } = source();
    await accessToken();
    clock.time += 3_400_000;
    await expect(accessToken()).rejects.toMatchObject({ code: 'ERR_AUTH_SIGNIN_REFUSED' });
  });

  it('ends the wait of the one who aborts, not of the others', async () => {
    const { accessToken } = source();
    const controller = new AbortController();
    const aborted = accessToken({ signal: controller.signal });
    const waiting = accessToken();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    await expect(waiting).resolves.toBe('one');
    await expect(accessToken({ signal: controller.signal })).rejects.toThrow('enough');
  });

  it('does not carry the secret to another address', async () => {
    const other = await new ScriptedEndpoint().start();
    endpoint.answers = [{ status: 307, headers: { Location: other.url } }];
    const result = await source()
      .accessToken()
      .catch((error: AuthError) => error.code);
    await other.stop();
    expect(result).toBe('ERR_AUTH_PROVIDER_UNREACHABLE');
    expect(other.requests).toHaveLength(0);
  });

  const LEARN = 'Learn reference-error-codes';
  // prettier-ignore
  const ERRORS: readonly (readonly [cite: string, answer: Answer, code: AuthError['code'], words: RegExp])[] = [
    [`${LEARN} 7000215`, refused('invalid_client', 'AADSTS7000215: MARKER', 401), 'ERR_AUTH_SIGNIN_REFUSED', /secret is wrong \(invalid_client, AADSTS7000215\); set the secret's value/],
    [`${LEARN} 7000222`, refused('invalid_client', 'AADSTS7000222: MARKER', 401), 'ERR_AUTH_SIGNIN_REFUSED', /AADSTS7000222\); make a new one/],
    [`${LEARN} 700016`, refused('unauthorized_client', 'AADSTS700016: MARKER'), 'ERR_AUTH_SIGNIN_REFUSED', /AADSTS700016\); check client id and tenant id/],
    [`${LEARN} 90002`, refused('invalid_request', 'AADSTS90002: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /AADSTS90002\); check the tenant id/],
    [`${LEARN} 500011`, refused('invalid_resource', 'AADSTS500011: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /AADSTS500011\); check the scope/],
    [`${LEARN} 1002012`, refused('invalid_scope', 'AADSTS1002012: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /AADSTS1002012\); use https:.*\.default/],
    [`${LEARN} 70011`, refused('invalid_scope', 'AADSTS70011: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /AADSTS70011\); check the scope/],
    [`${LEARN} 7000218`, refused('invalid_client', 'AADSTS7000218: MARKER', 401), 'ERR_AUTH_SIGNIN_REFUSED', /AADSTS7000218\)/],
    [`${LEARN} 7000112`, refused('unauthorized_client', 'AADSTS7000112: MARKER'), 'ERR_AUTH_SIGNIN_REFUSED', /AADSTS7000112\); have the administrator enable it/],
    [`${LEARN} 50105`, refused('invalid_grant', 'AADSTS50105: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /AADSTS50105\); have the administrator assign one/],
    ['a number that is not known', refused('invalid_grant', 'AADSTS99999: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /: 400: invalid_grant, AADSTS99999$/],
    ['RFC 6749 5.2 without a description', refused('invalid_client', undefined, 401), 'ERR_AUTH_SIGNIN_REFUSED', /: 401: invalid_client$/],
    ['RFC 6749 4.1.2.1 temporarily_unavailable', refused('temporarily_unavailable', 'MARKER'), 'ERR_AUTH_PROVIDER_UNREACHABLE', /temporarily_unavailable$/],
    ['an error code with a secret in it', refused('MARKER secret'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /unknown error$/],
    ['RFC 9110 15.6.4', { status: 503, body: '<html>MARKER' }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /: 503$/],
    ['RFC 6585 4', { status: 429 }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /: 429$/],
    ['RFC 9110 15.5.5', { status: 404, body: 'MARKER' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /404 without an OAuth error/],
    ['RFC 6749 5.1: not JSON', { body: '<html>MARKER' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /expected JSON/],
    ['RFC 6749 5.1: null', { body: 'null' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /expected JSON/],
    ['RFC 6749 5.1: no access_token', { body: '{"token_type":"Bearer","x":"MARKER"}' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /holds no "access_token"/],
    ['RFC 6749 7.1: another type', { body: '{"access_token":"MARKER","token_type":"mac"}' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /"token_type" Bearer/],
    ['line cut', { destroy: true }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /did not answer/],
  ];
  it.each(ERRORS)('explains %s', async (_cite, answer, code, words) => {
    endpoint.answers = [answer];
    const error = await source()
      .accessToken()
      .catch((caught: unknown) => caught as AuthError);
    expect(error).toMatchObject({
      code,
      retry: code === 'ERR_AUTH_PROVIDER_UNREACHABLE' ? 'transient' : 'permanent',
      message: expect.stringMatching(words),
    });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('MARKER');
  });

  it('keeps a query string of the endpoint out of the message', async () => {
    endpoint.answers = [{ status: 404 }];
    await expect(source(`${endpoint.url}?sig=MARKER`).accessToken()).rejects.toMatchObject({
      message: expect.not.stringContaining('MARKER'),
    });
  });

  it('refuses an endpoint that is no URL', () => {
    for (const url of ['', 'login', 'file:///x', 'https://u:MARKER@h/t']) {
      expect(() => source(url)).toThrow(/^clientCredentialsSource: "tokenEndpoint"(?!.*MARKER)/);
    }
  });
});

describe('staticAccessToken', () => {
  it('gives the same for ever', async () => {
    const { accessToken } = staticAccessToken('abc.def');
    await expect(accessToken({ renew: true })).resolves.toBe('abc.def');
  });

  it('refuses what cannot stand in a header, without repeating it', () => {
    for (const value of ['', 'MARKER x', 'MARKER\n']) {
      expect(() => staticAccessToken(value)).toThrow(/^staticAccessToken: expected(?!.*MARKER)/);
    }
  });
});
