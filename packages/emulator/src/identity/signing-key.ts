import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { readJsonFile, writePrivateFile } from './private-file.ts';

/** File in the data folder that holds the private signing key, mode 0600. */
export const SIGNING_KEY_FILE = 'identity-signing-key.json';

/**
 * The RS256 key that access tokens and ID tokens are signed with, as a private JWK with `kid`, `use` and `alg`.
 * @param dataDir - folder that keeps the key, so that what was signed before a restart stays valid; omitted: a new key.
 * @returns the kept key; a new one where there is none or where the file does not hold one.
 * @throws the error of `node:fs` when the file cannot be read or written.
 */
export async function loadSigningKey(dataDir?: string): Promise<JWK> {
  if (dataDir === undefined) {
    return generateSigningKey();
  }
  const path = join(dataDir, SIGNING_KEY_FILE);
  const kept = await usableKey(await readJsonFile(path));
  if (kept !== undefined) {
    return kept;
  }
  const made = await generateSigningKey();
  await writePrivateFile(path, `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

/** The public part of a signing key, to verify with. */
export function publicPart({ kty, n, e, kid, use, alg }: JWK): JWK {
  return { kty, n, e, kid, use, alg };
}

async function generateSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), use: 'sig', alg: 'RS256' };
}

async function usableKey(value: unknown): Promise<JWK | undefined> {
  const jwk = value as JWK | undefined;
  if (jwk?.kty !== 'RSA' || typeof jwk.kid !== 'string' || typeof jwk.d !== 'string') {
    return undefined;
  }
  try {
    await importJWK(jwk, 'RS256');
    return jwk;
  } catch {
    return undefined;
  }
}
