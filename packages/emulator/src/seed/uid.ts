import { createHash } from 'node:crypto';

/** The UUID that scopes the names below (RFC 9562 section 6.5); ours alone, never reused. */
const NAMESPACE = Buffer.from('6f1d7c52a0b84e0e9d3352b7c4e1f9a8', 'hex');

/**
 * The UID that belongs to a name: the same name always gives the same UID.
 *
 * @param name - any text, by convention a path such as `ct/series/1/17`.
 * @returns `2.25.` and the decimal value of the version 5 UUID of the name; at most 44 characters.
 * @see PS3.5 B.2 UUID derived UID; RFC 9562 section 5.5 UUID version 5.
 */
export function uidOf(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name, 'utf8').digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`).toString(10)}`;
}
