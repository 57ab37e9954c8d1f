import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync, sign } from 'node:crypto';

/** DER (ITU-T X.690 8.1): tag, length, content. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 0x80
      ? Buffer.from([content.length])
      : Buffer.from([0x82, content.length >> 8, content.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
}
const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const utcTime = (date: Date): Buffer =>
  der(
    0x17,
    Buffer.from(
      `${date
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2)}`
    )
  );

/** 1.2.840.113549.1.1.11, sha256WithRSAEncryption (RFC 4055 5), with NULL. */
const SHA256_RSA = sequence(
  der(0x06, Buffer.from('2a864886f70d01010b', 'hex')),
  Buffer.from([0x05, 0x00])
);
/** CN=test (2.5.4.3). */
const NAME = sequence(
  der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('test'))))
);

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

export interface TestCertificate {
  readonly certificate: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** PKCS#8. */
  readonly privateKeyPem: string;
}

/** A certificate of its own key, made for this run (RFC 5280 4.1): no key lies in the repository, and none expires there. */
export function selfSignedCertificate(
  { validFrom = new Date('2025-01-01'), validTo = new Date('2030-01-01'), bits = 2048 } = {},
  keys = generateKeyPairSync('rsa', { modulusLength: bits })
): TestCertificate {
  const { publicKey, privateKey } = keys;
  const toBeSigned = sequence(
    der(0x02, Buffer.from([1])), // serial number; version 1 is the default
    SHA256_RSA,
    NAME,
    sequence(utcTime(validFrom), utcTime(validTo)),
    NAME,
    publicKey.export({ type: 'spki', format: 'der' })
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const bytes = sequence(toBeSigned, SHA256_RSA, der(0x03, Buffer.from([0]), signature));
  return {
    certificate: pem('CERTIFICATE', bytes),
    privateKey,
    publicKey,
    privateKeyPem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}
