/** The longest UID, in characters. @see PS3.5 9.1 */
export const MAX_UID_LENGTH = 64;

const UID = /^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+$/;

/**
 * Tells whether `text` is a valid UID: at most 64 characters, two or more numeric components, no leading zeros, no padding.
 * @see PS3.5 9.1 UID Encoding Rules
 */
export function isUID(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_UID_LENGTH && UID.test(text);
}

/**
 * Makes a UID that nobody else has: `2.25.` and a random UUID as a decimal number (at most 44 characters).
 * @param uuid - a UUID to derive the UID from; by default a new random one (version 4).
 * @throws TypeError when `uuid` is not a UUID.
 * @see PS3.5 B.2 UUID Derived UID
 */
export function newUID(uuid: string = randomUUID()): string {
  const digits = uuid.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/i.test(digits)) throw new TypeError('newUID: expected a UUID');
  return `2.25.${BigInt(`0x${digits}`)}`;
}

/**
 * A random UUID (version 4). `crypto.randomUUID` is absent on pages that are not served over HTTPS or from localhost
 * (a hospital's viewer on plain HTTP is one); `getRandomValues` is there.
 * @see RFC 9562 5.4
 */
export function randomUUID(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
