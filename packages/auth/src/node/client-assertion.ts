import type { KeyObject } from 'node:crypto';
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import type { Clock } from '@ohif-azure/core';
import { systemClock } from '@ohif-azure/core';
import { SignJWT } from 'jose';
import { AuthError } from '../auth-error.ts';
import { CLOCK_SKEW_MS } from '../describe-token.ts';

/**
 * How long an assertion is good for, in seconds, from when it is signed. It begins {@link CLOCK_SKEW_MS} before, so that a clock ahead by as
 * much does no harm; with that it is at the limit of Entra ID, "5-10 minutes after nbf at most" (Microsoft Learn, "certificate credentials").
 */
export const ASSERTION_LIFE_SECONDS = 300;

/** Below this, signatures of RSA are not taken any more (RFC 7518 3.3 and 3.5). */
const MIN_RSA_BITS = 2048;

/** Options of {@link clientAssertionSigner}. */
export interface ClientAssertionOptions {
  readonly clientId: string;
  /** Whom the assertion is for: the token endpoint. */
  readonly audience: string;
  /** PEM; of several certificates the first one counts. Its public part is registered with the identity provider. */
  readonly certificate: string;
  /** PEM: PKCS#8 or PKCS#1, encrypted or not; RSA of at least 2048 bits. May be the same text as `certificate`. */
  readonly privateKey: string;
  /** Of an encrypted private key. */
  readonly passphrase?: string;
  /** Entra ID: "should be PS256". Default: PS256. */
  readonly algorithm?: 'PS256' | 'RS256';
  /** Default: the machine's. */
  readonly clock?: Clock;
}

function unusable(what: string, cause?: unknown): AuthError {
  return new AuthError('ERR_AUTH_PROVIDER_CONFIGURATION', `The client certificate: ${what}`, {
    cause,
  });
}

function readCertificate(pem: string): X509Certificate {
  const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0];
  if (!block) throw unusable('expected PEM text with "BEGIN CERTIFICATE"');
  try {
    return new X509Certificate(block);
  } catch (cause) {
    throw unusable('cannot be read; expected PEM text', cause);
  }
}

function readPrivateKey(pem: string, passphrase?: string): KeyObject {
  const block = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]+?-----END \1-----/.exec(pem)?.[0];
  if (!block) throw unusable('expected the private key as PEM text with "BEGIN PRIVATE KEY"');
  let key: KeyObject;
  try {
    key = createPrivateKey({ key: block, format: 'pem', passphrase });
  } catch (cause) {
    throw unusable('its private key cannot be read; expected PEM text and its passphrase', cause);
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < MIN_RSA_BITS) {
    throw unusable(`expected an RSA private key of at least ${MIN_RSA_BITS} bits`);
  }
  return key;
}

function requireValid({ validFrom, validTo }: X509Certificate, now: number): void {
  if (now > Date.parse(validTo) + CLOCK_SKEW_MS) {
    throw unusable(`has expired on ${validTo}; make a new one and register it`);
  }
  if (now < Date.parse(validFrom) - CLOCK_SKEW_MS) {
    throw unusable(`is valid from ${validFrom} only; check the clock of this machine`);
  }
}

/**
 * Signs client assertions (JWT), a new one for each request. Header: `alg`, `typ`, `x5t#S256`; claims: `iss`, `sub`, `aud`, `jti`,
 * `nbf`, `iat`, `exp`.
 * @throws AuthError `ERR_AUTH_PROVIDER_CONFIGURATION` when certificate and private key cannot be read or do not belong together; the
 *   function it returns, when the certificate is not valid at the time.
 * @see RFC 7523 3; RFC 7515 4.1.8; Microsoft Learn, "Application authentication certificate credentials", "Assertion format"
 */
export function clientAssertionSigner(options: ClientAssertionOptions): () => Promise<string> {
  const { clientId, audience, algorithm = 'PS256', clock = systemClock } = options;
  const certificate = readCertificate(options.certificate);
  const key = readPrivateKey(options.privateKey, options.passphrase);
  if (!certificate.checkPrivateKey(key)) throw unusable('its private key is another one');
  const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
  return async () => {
    const now = clock.now();
    requireValid(certificate, now);
    const seconds = Math.floor(now / 1000);
    const notBefore = seconds - CLOCK_SKEW_MS / 1000;
    return await new SignJWT()
      .setProtectedHeader({ alg: algorithm, typ: 'JWT', 'x5t#S256': thumbprint })
      .setIssuer(clientId)
      .setSubject(clientId)
      .setAudience(audience)
      .setJti(randomUUID())
      .setNotBefore(notBefore)
      .setIssuedAt(notBefore)
      .setExpirationTime(seconds + ASSERTION_LIFE_SECONDS)
      .sign(key);
  };
}
