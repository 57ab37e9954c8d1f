import type { Draft } from './draft.ts';

/** A draft as it lies in the database: what is in it is readable with the key and the right owner only. */
export interface SealedDraft {
  id: string;
  /** SHA-256 of the owner, so that one's own drafts are found without opening others'. */
  owner: string;
  /** SHA-256 of the owner and the Study Instance UID. */
  study: string;
  expiresAt: number;
  iv: Uint8Array<ArrayBuffer>;
  ciphertext: ArrayBuffer;
}

/** Bytes of the initialization vector. @see NIST SP 800-38D 8.2 */
const IV_BYTES = 12;
const LENGTH_BYTES = 4;

/** A key that script cannot read out (AES-GCM, 256 bits). */
export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @param owner - whose it is: an account's id, or a share link's own mark */
export async function sealDraft(draft: Draft, owner: string, key: CryptoKey): Promise<SealedDraft> {
  const record = {
    id: draft.id,
    owner: await digest(owner),
    study: await digest(`${owner}\n${draft.studyInstanceUID}`),
    expiresAt: draft.expiresAt,
  };
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const algorithm = { name: 'AES-GCM', iv, additionalData: bindingOf(record) };
  return { ...record, iv, ciphertext: await crypto.subtle.encrypt(algorithm, key, encode(draft)) };
}

/** The reverse of {@link sealDraft}; undefined for another owner's, another key's, or a changed one. */
export async function openDraft(
  sealed: SealedDraft,
  owner: string,
  key: CryptoKey
): Promise<Draft | undefined> {
  try {
    const binding = bindingOf({ ...sealed, owner: await digest(owner) });
    const algorithm = { name: 'AES-GCM', iv: sealed.iv, additionalData: binding };
    const draft = decode(await crypto.subtle.decrypt(algorithm, key, sealed.ciphertext));
    const study = await digest(`${owner}\n${draft.studyInstanceUID}`);
    return draft.id === sealed.id && study === sealed.study ? draft : undefined;
  } catch {
    return undefined;
  }
}

export async function digest(text: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), byte => byte.toString(16).padStart(2, '0')).join('');
}

/** What the ciphertext is bound to: moved to another record, it does not open. */
function bindingOf({ id, owner, study, expiresAt }: Omit<SealedDraft, 'iv' | 'ciphertext'>) {
  return new TextEncoder().encode([id, owner, study, expiresAt].join('\n'));
}

/** Length of the head, the head as JSON with the files' lengths, the files. */
function encode({ instances, ...rest }: Draft): Uint8Array<ArrayBuffer> {
  const files = instances.map(({ bytes, sopInstanceUID }) => ({
    length: bytes.length,
    sopInstanceUID,
  }));
  const head = new TextEncoder().encode(JSON.stringify({ ...rest, files }));
  const total = instances.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const encoded = new Uint8Array(LENGTH_BYTES + head.length + total);
  new DataView(encoded.buffer).setUint32(0, head.length);
  encoded.set(head, LENGTH_BYTES);
  let at = LENGTH_BYTES + head.length;
  for (const { bytes } of instances) {
    encoded.set(bytes, at);
    at += bytes.length;
  }
  return encoded;
}

function decode(encoded: ArrayBuffer): Draft {
  let at = LENGTH_BYTES + new DataView(encoded).getUint32(0);
  const head = new TextDecoder().decode(encoded.slice(LENGTH_BYTES, at));
  const { files, ...rest } = JSON.parse(head) as Omit<Draft, 'instances'> & {
    files: { length: number; sopInstanceUID?: string }[];
  };
  const instances = files.map(({ length, sopInstanceUID }) => {
    const bytes = new Uint8Array(encoded.slice(at, at + length));
    at += length;
    return { bytes, sopInstanceUID };
  });
  return { ...rest, instances };
}
