import { createHash, timingSafeEqual } from 'node:crypto';
import type { CallerCredentials } from './settings.ts';

const digest = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();

/**
 * A check of the header Authorization. It takes the same time whatever is wrong: digests of equal length are compared, and a missing
 * header is compared too.
 * @see RFC 7617 2
 */
export function basicCredentialsCheck({
  username,
  password,
}: CallerCredentials): (authorization: string | undefined) => boolean {
  const expected = digest(`${username}:${password}`);
  return authorization => {
    const encoded = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(authorization ?? '')?.[1];
    const isSame = timingSafeEqual(digest(Buffer.from(encoded ?? '', 'base64')), expected);
    return isSame && encoded !== undefined;
  };
}
