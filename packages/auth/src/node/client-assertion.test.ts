import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { jwtVerify } from 'jose';
import type { AuthError } from '../auth-error.ts';
import type { ClientCertificateOptions } from './index.ts';
import { clientCertificateSource } from './index.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { issued, refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';
import { selfSignedCertificate } from './testing/self-signed-certificate.ts';

const OWN = selfSignedCertificate();
const OTHER = selfSignedCertificate();
const PASSPHRASE = 'MARKER-passphrase';
const ENCRYPTED = OWN.privateKey.export({
  type: 'pkcs8',
  format: 'pem',
  cipher: 'aes-256-cbc',
  passphrase: PASSPHRASE,
}) as string;
const ELLIPTIC = String(
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  })
);

describe('clientCertificateSource', () => {
  let endpoint: ScriptedEndpoint;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    endpoint = await new ScriptedEndpoint().start();
  });
  afterEach(() => endpoint.stop());

  const source = (options: Partial<ClientCertificateOptions> = {}) =>
    clientCertificateSource({
      tokenEndpoint: endpoint.url,
      clientId: 'relay',
      scope: 'https://dicom.healthcareapis.azure.com/.default',
      certificate: OWN.certificate,
      privateKey: OWN.privateKeyPem,
      clock,
      ...options,
    });
  const assertion = (index = 0): string => endpoint.requests[index]?.form['client_assertion'] ?? '';
  const verified = (jwt = assertion()) =>
    jwtVerify(jwt, OWN.publicKey, { currentDate: new Date(clock.time) });

  it('asks as RFC 7523 2.2 says', async () => {
    await expect(source().accessToken()).resolves.toBe('one');
    expect(endpoint.requests[0]?.form).toEqual({
      grant_type: 'client_credentials',
      client_id: 'relay',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      scope: 'https://dicom.healthcareapis.azure.com/.default',
    });
  });

  it('signs what Entra ID expects (Learn certificate-credentials, "Assertion format")', async () => {
    await source().accessToken();
    const { protectedHeader, payload } = await verified();
    const { raw, fingerprint256 } = new X509Certificate(OWN.certificate);
    const thumbprint = createHash('sha256').update(raw).digest();
    expect(thumbprint.toString('hex')).toBe(fingerprint256.replaceAll(':', '').toLowerCase());
    expect(protectedHeader).toEqual({
      alg: 'PS256',
      typ: 'JWT',
      'x5t#S256': thumbprint.toString('base64url'),
    });
    const now = clock.time / 1000;
    expect(payload).toEqual({
      iss: 'relay',
      sub: 'relay',
      aud: endpoint.url,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      nbf: now - 300,
      iat: now - 300,
      exp: now + 300,
    });
  });

  const KEYS: readonly (readonly [cite: string, options: Partial<ClientCertificateOptions>])[] = [
    ['RFC 7518 3.3: RS256', { algorithm: 'RS256' }],
    ['RFC 7518 3.5: PS256', { algorithm: 'PS256' }],
    ['RFC 5958 3: encrypted PKCS#8', { privateKey: ENCRYPTED, passphrase: PASSPHRASE }],
    [
      'RFC 8017 A.1.2: PKCS#1',
      { privateKey: String(OWN.privateKey.export({ type: 'pkcs1', format: 'pem' })) },
    ],
    [
      'RFC 7468 2: one file for both, key first, chain behind',
      {
        certificate: OWN.privateKeyPem + OWN.certificate + OTHER.certificate,
        privateKey: OWN.privateKeyPem + OWN.certificate + OTHER.certificate,
      },
    ],
  ];
  it.each(KEYS)('takes %s', async (_cite, options) => {
    await source(options).accessToken();
    const { protectedHeader } = await verified();
    expect(protectedHeader.alg).toBe(options.algorithm ?? 'PS256');
  });

  it('signs a new one for each request, repetitions too (RFC 7519 4.1.7)', async () => {
    endpoint.answers = [{ status: 503, headers: { 'Retry-After': '30' } }, issued('one')];
    await source().accessToken();
    const jtis = await Promise.all([0, 1].map(async i => (await verified(assertion(i))).payload));
    expect(jtis[0]?.jti).not.toBe(jtis[1]?.jti);
    expect(Number(jtis[1]?.iat) - Number(jtis[0]?.iat)).toBe(30);
  });

  // prettier-ignore
  const UNUSABLE: readonly (readonly [why: string, options: () => Partial<ClientCertificateOptions>, words: RegExp])[] = [
    ['certificate of another key', () => ({ certificate: OTHER.certificate }), /its private key is another one/],
    ['certificate not PEM', () => ({ certificate: 'MARKER' }), /expected PEM text with "BEGIN CERTIFICATE"/],
    ['certificate damaged', () => ({ certificate: OWN.certificate.replace(/\n.{8}/, '\nMARKERxx') }), /cannot be read/],
    ['key not PEM', () => ({ privateKey: 'MARKER' }), /"BEGIN PRIVATE KEY"/],
    ['key damaged', () => ({ privateKey: OWN.privateKeyPem.replace(/\n.{8}/, '\nMARKERxx') }), /private key cannot be read/],
    ['no passphrase', () => ({ privateKey: ENCRYPTED }), /and its passphrase/],
    ['another passphrase', () => ({ privateKey: ENCRYPTED, passphrase: 'MARKER' }), /and its passphrase/],
    ['elliptic curve', () => ({ privateKey: ELLIPTIC }), /RSA private key of at least 2048 bits/],
    ['RFC 7518 3.3: 1024 bits', () => {
      const { certificate, privateKeyPem } = selfSignedCertificate({ bits: 1024 });
      return { certificate, privateKey: privateKeyPem };
    }, /RSA private key of at least 2048 bits/],
  ];
  it.each(UNUSABLE)('refuses at once: %s', (_why, options, words) => {
    let error: AuthError | undefined;
    try {
      source(options());
    } catch (caught) {
      error = caught as AuthError;
    }
    expect(error).toMatchObject({
      code: 'ERR_AUTH_PROVIDER_CONFIGURATION',
      message: expect.stringMatching(words),
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('MARKER');
  });

  it('refuses an endpoint that is no URL before it looks at the certificate', () => {
    expect(() => source({ tokenEndpoint: 'login', certificate: '' })).toThrow(TypeError);
  });

  it('tells of a certificate that is not valid at the time, and asks nobody', async () => {
    const { accessToken } = source();
    clock.time = Date.parse('2030-01-01T00:05:01Z');
    await expect(accessToken()).rejects.toMatchObject({
      code: 'ERR_AUTH_PROVIDER_CONFIGURATION',
      message: expect.stringMatching(/has expired on Jan +1 00:00:00 2030 GMT; make a new one/),
    });
    clock.time = Date.parse('2024-12-31T23:54:59Z');
    await expect(accessToken()).rejects.toMatchObject({
      message: expect.stringMatching(/valid from Jan +1 .*check the clock/),
    });
    expect(endpoint.requests).toHaveLength(0);
  });

  it.each(['2030-01-01T00:05:00Z', '2024-12-31T23:55:00Z'])(
    'leaves a certificate whose time is only just not to the provider: clocks differ (%s)',
    async time => {
      clock.time = Date.parse(time);
      await expect(source().accessToken()).resolves.toBe('one');
    }
  );

  it.each([
    ['ahead', 300],
    ['behind', -299],
  ])('is valid by a clock that this one is five minutes %s of', async (_name, seconds) => {
    await source().accessToken();
    const theirs = new Date(clock.time - seconds * 1000);
    const verification = jwtVerify(assertion(), OWN.publicKey, { currentDate: theirs });
    await expect(verification).resolves.toBeDefined();
  });

  it('explains Learn reference-error-codes 700027', async () => {
    endpoint.answers = [refused('invalid_client', 'AADSTS700027: MARKER', 401)];
    await expect(source().accessToken()).rejects.toMatchObject({
      code: 'ERR_AUTH_SIGNIN_REFUSED',
      entraErrorNumber: 700027,
      message: expect.stringMatching(/AADSTS700027\); register this certificate/),
    });
  });
});
