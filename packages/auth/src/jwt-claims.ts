/** The two JSON parts of a JWT (RFC 7519) as they stand, unverified. */
export interface DecodedJwt {
  readonly header: Claims;
  readonly claims: Claims;
}

/** JSON object from outside. Read members through {@link member} only, so that `__proto__` and inherited names give nothing. */
export type Claims = Readonly<Record<string, unknown>>;

/** Longer ones are not read: no server takes such a header (the usual limits are 8 to 32 kB for all headers together). */
export const MAX_JWT_CHARACTERS = 65_536;

const BASE64URL = /^[A-Za-z0-9_-]+$/;

function decodePart(part: string): Claims | undefined {
  if (!BASE64URL.test(part)) return undefined;
  const binary = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = Uint8Array.from(binary, character => character.charCodeAt(0));
  const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Claims)
    : undefined;
}

/**
 * Reads header and claims of a JWT in JWS compact serialization (RFC 7515 7.1). Nothing is verified: claims serve to choose and to
 * explain, never to trust. Of duplicate names the last one counts (RFC 7519 4).
 * @returns `undefined` for everything else, an encrypted JWT (RFC 7516, five parts) included. Never throws.
 */
export function decodeJwt(jwt: string): DecodedJwt | undefined {
  if (typeof jwt !== 'string' || jwt.length > MAX_JWT_CHARACTERS) return undefined;
  const parts = jwt.split('.', 4);
  if (parts.length !== 3) return undefined;
  try {
    const header = decodePart(parts[0] ?? '');
    const claims = decodePart(parts[1] ?? '');
    return header && claims ? { header, claims } : undefined;
  } catch {
    return undefined;
  }
}

/** An own member of a JSON object, never an inherited one. */
export function member(object: Claims, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** A member that is a string and not empty. */
export function stringMember(object: Claims, name: string): string | undefined {
  const value = member(object, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A member that is a NumericDate (RFC 7519 2), in milliseconds. */
export function dateMember(object: Claims, name: string): number | undefined {
  const value = member(object, name);
  if (typeof value !== 'number') return undefined;
  const ms = Math.round(value * 1000);
  return Number.isSafeInteger(ms) && ms > 0 ? ms : undefined;
}

/** The strings of a member that is one string or a list of them. */
export function stringsMember(object: Claims, name: string): string[] {
  const value = member(object, name);
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (!Array.isArray(value)) return [];
  return value.filter((item): item is string => typeof item === 'string' && item !== '');
}

/** The words of a space-separated list (RFC 8693 4.2 `scope`, Entra's `scp`); Entra and others also give a JSON list. */
export function wordsMember(object: Claims, name: string): string[] {
  return stringsMember(object, name).flatMap(text => text.split(' ').filter(word => word !== ''));
}
