import { inspect } from 'node:util';
import { jest } from '@jest/globals';
import type { AccessTokenSource } from './index.ts';
import {
  clientCertificateSource,
  clientCredentialsSource,
  deviceCodeSource,
  managedIdentitySource,
} from './index.ts';
import { ManualClock } from './testing/manual-clock.ts';
import type { Answer } from './testing/scripted-endpoint.ts';
import { issued, refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';
import { selfSignedCertificate } from './testing/self-signed-certificate.ts';

const OWN = selfSignedCertificate();
/** Of the private key, and of what is signed with it: neither may be seen. */
const KEY_LINE = OWN.privateKeyPem.split('\n')[3] ?? '';

const offer = {
  device_code: 'MARKER-device-code',
  user_code: 'ABCD',
  verification_uri: 'https://example.org/device',
};

/** issue 3, item 5: marked secrets through every failure. */
const FAILURES: readonly (readonly [name: string, answer: Answer])[] = [
  ['401', { status: 401, body: 'MARKER' }],
  ['403', { status: 403, body: 'MARKER' }],
  ['429', { status: 429, headers: { 'Retry-After': 'MARKER' }, body: 'MARKER' }],
  ['500', { status: 500, body: 'MARKER' }],
  ['503 in JSON', refused('MARKER x', 'MARKER', 503)],
  ['invalid_client', refused('invalid_client', 'AADSTS7000215: MARKER', 401)],
  ['invalid_grant', refused('invalid_grant', 'AADSTS50034: MARKER')],
  ['error that is an object', { status: 400, body: '{"error":{"x":"MARKER"}}' }],
  ['redirect', { status: 307, headers: { Location: '/MARKER' } }],
  ['line cut', { destroy: true }],
  ['cut in half', { cut: true, body: '{"access_token":"MARKER' }],
  ['not JSON', { body: 'MARKER' }],
  ['a list', { body: '["MARKER"]' }],
  ['no token_type', { body: '{"access_token":"MARKER"}' }],
  ['an access token with a line break', issued('MARKER\r\nX: y')],
  ['an access token that is a number', { body: '{"access_token":1,"x":"MARKER"}' }],
  ['__proto__', { body: '{"__proto__":{"access_token":"MARKER","token_type":"Bearer"}}' }],
];

describe('secrets', () => {
  let endpoint: ScriptedEndpoint;
  let authorization: ScriptedEndpoint;
  let output: string;
  beforeEach(async () => {
    output = '';
    const note = (text: unknown): boolean => {
      output += String(text);
      return true;
    };
    jest.spyOn(process.stdout, 'write').mockImplementation(note);
    jest.spyOn(process.stderr, 'write').mockImplementation(note);
    for (const name of ['debug', 'error', 'info', 'log', 'warn'] as const) {
      jest.spyOn(console, name).mockImplementation(note);
    }
    endpoint = await new ScriptedEndpoint().start();
    authorization = await new ScriptedEndpoint().start();
    authorization.answers = [{ body: JSON.stringify(offer) }];
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await Promise.all([endpoint.stop(), authorization.stop()]);
  });

  const SOURCES: Record<string, () => AccessTokenSource> = {
    secret: () => clientCredentialsSource({ ...common(), clientSecret: 'MARKER-secret' }),
    certificate: () =>
      clientCertificateSource({
        ...common(),
        certificate: OWN.certificate,
        privateKey: OWN.privateKeyPem,
      }),
    'virtual machine': () => managedIdentitySource({ ...common(), endpoint: { url: marked() } }),
    app: () =>
      managedIdentitySource({
        ...common(),
        endpoint: { url: marked(), identityHeader: 'MARKER-header' },
      }),
    'device code': () =>
      deviceCodeSource({
        ...common(),
        deviceAuthorizationEndpoint: authorization.url,
        prompt: () => undefined,
      }),
  };
  const marked = (): string => `${endpoint.url}?sig=MARKER`;
  const common = () => ({
    tokenEndpoint: marked(),
    clientId: 'client',
    scope: 'scope',
    clock: new ManualClock(),
  });

  const ROWS = Object.keys(SOURCES).flatMap(source =>
    FAILURES.map(([name, answer]) => [source, name, answer] as const)
  );
  it.each(ROWS)('%s: %s shows none', async (source, _name, answer) => {
    endpoint.answers = [answer];
    const made = SOURCES[source]?.();
    const error = await made?.accessToken().then(
      () => 'no failure',
      (caught: unknown) => caught
    );
    expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_AUTH_/) });
    const shown = [output, inspect(error, { depth: 9, showHidden: true }), inspect(made)];
    shown.push(JSON.stringify(error), String((error as Error).stack));
    const assertion = endpoint.requests[0]?.form['client_assertion'] ?? KEY_LINE;
    for (const secret of ['MARKER', KEY_LINE, assertion]) {
      expect(shown.join('\n')).not.toContain(secret);
    }
  });

  it('reach the endpoint they are for', async () => {
    for (const make of Object.values(SOURCES)) await make().accessToken();
    const seen = JSON.stringify(endpoint.requests);
    expect(seen).toContain('MARKER-secret');
    expect(seen).toContain('MARKER-header');
    expect(seen).toContain('MARKER-device-code');
    expect(seen).not.toContain(KEY_LINE);
    expect(JSON.stringify(authorization.requests)).not.toContain('MARKER');
  });
});
