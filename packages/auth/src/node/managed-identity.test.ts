import { inspect } from 'node:util';
import type { AuthError } from '../auth-error.ts';
import type { ManagedIdentityOptions } from './index.ts';
import { IMDS_ENDPOINT, managedIdentityEndpoint, managedIdentitySource } from './index.ts';
import { ManualClock } from './testing/manual-clock.ts';
import type { Answer } from './testing/scripted-endpoint.ts';
import { issued, refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';

const VM = 'Learn how-to-use-vm-token';
const APP = 'Learn Container Apps managed-identity "REST endpoint reference"';
const HEADER = 'MARKER-853b9a84';
/** What the platform's `fetch` sends with every request. */
const OF_FETCH = [
  'accept',
  'accept-encoding',
  'accept-language',
  'connection',
  'host',
  'sec-fetch-mode',
  'user-agent',
];

describe('managedIdentitySource', () => {
  let endpoint: ScriptedEndpoint;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    endpoint = await new ScriptedEndpoint().start();
  });
  afterEach(() => endpoint.stop());

  const machine = (options: ManagedIdentityOptions = {}) =>
    managedIdentitySource({
      endpoint: { url: `${endpoint.origin}/metadata/identity/oauth2/token` },
      clock,
      random: () => 0.1,
      ...options,
    });
  const app = (options: ManagedIdentityOptions = {}) =>
    managedIdentitySource({
      endpoint: { url: `${endpoint.origin}/msi/token`, identityHeader: HEADER },
      clock,
      ...options,
    });

  const DICOM = 'https://dicom.healthcareapis.azure.com';
  // prettier-ignore
  const REQUESTS = [
    [`${VM} "Sample request"`, machine, {}, '/metadata/identity/oauth2/token', { 'api-version': '2018-02-01', resource: DICOM }, { metadata: 'true' }],
    [`${VM} client_id`, machine, { clientId: 'c' }, '/metadata/identity/oauth2/token', { 'api-version': '2018-02-01', resource: DICOM, client_id: 'c' }, { metadata: 'true' }],
    [`${VM} resource`, machine, { resource: 'https://r/?a&b' }, '/metadata/identity/oauth2/token', { 'api-version': '2018-02-01', resource: 'https://r/?a&b' }, { metadata: 'true' }],
    [APP, app, {}, '/msi/token', { 'api-version': '2019-08-01', resource: DICOM }, { 'x-identity-header': HEADER }],
    [`${APP} client_id`, app, { clientId: 'c' }, '/msi/token', { 'api-version': '2019-08-01', resource: DICOM, client_id: 'c' }, { 'x-identity-header': HEADER }],
  ] as const;
  it.each(REQUESTS)('asks as %s says, and sends nothing else', async (...row) => {
    const [, source, options, path, query, headers] = row;
    await expect(source(options).accessToken()).resolves.toBe('one');
    expect(endpoint.requests).toHaveLength(1);
    const [seen] = endpoint.requests;
    expect(seen).toMatchObject({ method: 'GET', body: '' });
    expect(seen?.url.pathname).toBe(path);
    expect([...(seen?.url.searchParams ?? [])].sort()).toEqual(Object.entries(query).sort());
    const sent = Object.entries(seen?.headers ?? {}).filter(([name]) => !OF_FETCH.includes(name));
    expect(Object.fromEntries(sent)).toEqual(headers);
  });

  const inSeconds = (seconds: number): string => String(clock.time / 1000 + seconds);
  // prettier-ignore
  const LIVES: readonly (readonly [cite: string, life: () => object, kept: number, renewed: number])[] = [
    [`${VM} expires_in in a string`, () => ({ expires_in: '86399', expires_on: inSeconds(86_399) }), 86_098, 86_099],
    [`${APP} expires_on only`, () => ({ expires_on: inSeconds(3600) }), 3299, 3300],
    ['expires_on as a number', () => ({ expires_on: Number(inSeconds(3600)) }), 3299, 3300],
    ['expires_on in the past: as five minutes', () => ({ expires_on: inSeconds(-60) }), 239, 240],
    ['no life told: as five minutes', () => ({}), 239, 240],
  ];
  it.each(LIVES)('keeps one of %s', async (_cite, life, kept, renewed) => {
    endpoint.answers = [issued('one', null, life()), issued('two')];
    const { accessToken } = app();
    await accessToken();
    clock.time += kept * 1000;
    await expect(accessToken()).resolves.toBe('one');
    clock.time += (renewed - kept) * 1000;
    await expect(accessToken()).resolves.toBe('two');
  });

  // prettier-ignore
  const LATER: readonly (readonly [cite: string, source: typeof machine, answer: Answer, waitMs: number])[] = [
    [`${VM} 404: IMDS endpoint is updating`, machine, { status: 404 }, 1000],
    [`${VM} 410: available within 70 seconds`, machine, { status: 410 }, 10_000],
    [`${VM} 429`, machine, { status: 429 }, 1000],
    [`${VM} 5xx: after at least 1 second`, machine, refused('unknown', 'x', 500), 1000],
    ['RFC 9110 10.2.3', machine, { status: 429, headers: { 'Retry-After': '3' } }, 3000],
    ['RFC 9110 15.6.4', app, { status: 503, headers: { 'Retry-After': '3' } }, 3000],
  ];
  it.each(LATER)('asks again after %s', async (_cite, source, answer, waitMs) => {
    endpoint.answers = [answer, issued('late')];
    await expect(source().accessToken()).resolves.toBe('late');
    expect(clock.waits).toEqual([waitMs]);
  });

  it('waits more than 70 seconds for IMDS that is gone', async () => {
    endpoint.answers = [{ status: 410 }];
    await expect(machine().accessToken()).rejects.toMatchObject({ retry: 'transient' });
    expect(clock.waits).toEqual(Array.from({ length: 7 }, () => 10_000));
  });

  // prettier-ignore
  const ERRORS: readonly (readonly [cite: string, source: typeof machine, answer: Answer, code: string, words: RegExp])[] = [
    [`${VM} 400 Identity not found`, machine, refused('invalid_request', 'Identity not found'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /400: invalid_request; check that a system-assigned identity is assigned/],
    [`${VM} 400 bad_request_102`, machine, refused('bad_request_102'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /bad_request_102; check/],
    [`${VM} 401 unauthorized_client`, machine, refused('unauthorized_client', 'x', 401), 'ERR_AUTH_SIGNIN_REFUSED', /unauthorized_client; check/],
    [`${VM} AADSTS50001`, machine, refused('invalid_resource', 'AADSTS50001: MARKER'), 'ERR_AUTH_PROVIDER_CONFIGURATION', /AADSTS50001\); check the resource/],
    ['App Service: an error of its own form', app, { status: 400, body: '{"statusCode":400,"message":"MARKER"}' }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /400 without an OAuth error; check that a system-assigned identity/],
    ['App Service: 404 is not IMDS updating', app, { status: 404 }, 'ERR_AUTH_PROVIDER_CONFIGURATION', /404 without an OAuth error/],
    ['nobody there', machine, { destroy: true }, 'ERR_AUTH_PROVIDER_UNREACHABLE', /no managed identity answered; this works on Azure only/],
  ];
  it.each(ERRORS)('explains %s', async (_cite, source, answer, code, words) => {
    endpoint.answers = [answer];
    const error = await source()
      .accessToken()
      .catch((caught: unknown) => caught as AuthError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('MARKER');
  });

  it('does not carry the header to another address', async () => {
    const other = await new ScriptedEndpoint().start();
    endpoint.answers = [{ status: 302, headers: { Location: other.url } }];
    const result = await app()
      .accessToken()
      .catch((error: AuthError) => error.code);
    await other.stop();
    expect(result).toBe('ERR_AUTH_PROVIDER_UNREACHABLE');
    expect(other.requests).toHaveLength(0);
  });

  it('refuses a header or an address that cannot be sent, without repeating it', () => {
    const url = endpoint.url;
    const bad = [
      { url, identityHeader: 'MARKER\r\nX: y' },
      { url, identityHeader: '' },
      { url: 'MARKER' },
      { url: 'http://u:MARKER@127.0.0.1/' },
    ];
    for (const wrong of bad) {
      expect(() => managedIdentitySource({ endpoint: wrong })).toThrow(
        /^managedIdentitySource: (?!.*MARKER)/
      );
    }
  });
});

describe('managedIdentityEndpoint', () => {
  const url = 'http://localhost:42356/msi/token';
  const ROWS = [
    [`${VM} "Sample request"`, {}, { url: IMDS_ENDPOINT }],
    ['a header alone', { IDENTITY_HEADER: 'h' }, { url: IMDS_ENDPOINT }],
    [APP, { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: 'h' }, { url, identityHeader: 'h' }],
  ] as const;
  it.each(ROWS)('%s', (_cite, environment, expected) => {
    expect(managedIdentityEndpoint(environment)).toEqual(expected);
  });

  it.each([
    ['Azure Arc', { IDENTITY_ENDPOINT: url, IMDS_ENDPOINT: 'http://localhost:40342' }],
    [
      'Service Fabric',
      { IDENTITY_ENDPOINT: url, IDENTITY_HEADER: 'MARKER', IDENTITY_SERVER_THUMBPRINT: 't' },
    ],
  ])('says that %s is not supported', (_name, environment) => {
    expect(() => managedIdentityEndpoint(environment)).toThrow(
      /^Managed identity of Azure Arc and of Service Fabric is not supported(?!.*MARKER)/
    );
  });

  it('is the address of the documentation', () => {
    expect(IMDS_ENDPOINT).toBe('http://169.254.169.254/metadata/identity/oauth2/token');
  });
});
