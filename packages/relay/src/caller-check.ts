import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { DEFAULT_KEY_HEADER } from './settings-manifest.ts';
import type { CallerCredentials } from './settings.ts';

const digest = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();

/** A text that no header can hold, for a credential that is not set. */
const NOTHING = '\0';

/**
 * A check of what the caller presents: user name and password (Basic), or the key in its header; where both are set, either is enough, since Orthanc drops
 * the user name and password of its server entry when its user passes another Authorization on. It takes the same time whatever is wrong: digests of equal length
 * are compared, and a missing header is compared too.
 * @see RFC 7617 2
 */
export function callerCheck(caller: CallerCredentials): (headers: IncomingHttpHeaders) => boolean {
  const { username, password, key, keyHeader = DEFAULT_KEY_HEADER } = caller;
  const hasBasic = username !== undefined && password !== undefined;
  const expectedBasic = digest(hasBasic ? `${username}:${password}` : NOTHING);
  const expectedKey = digest(key ?? NOTHING);
  return headers => {
    const encoded = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(headers.authorization ?? '')?.[1];
    const isBasic = timingSafeEqual(digest(Buffer.from(encoded ?? '', 'base64')), expectedBasic);
    const given = headers[keyHeader];
    const isKey = timingSafeEqual(digest(typeof given === 'string' ? given : ''), expectedKey);
    return (isBasic && hasBasic && encoded !== undefined) || (isKey && key !== undefined);
  };
}
