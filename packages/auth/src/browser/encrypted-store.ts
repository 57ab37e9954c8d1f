import type { StateStore } from 'oidc-client-ts';

/** Options of {@link EncryptedStore}. */
export interface EncryptedStoreOptions {
  /** Goes before each name. */
  readonly prefix: string;
  readonly storage: Storage;
  readonly crypto: { readonly subtle: SubtleCrypto; getRandomValues: Crypto['getRandomValues'] };
  /** AES-GCM. */
  readonly key: CryptoKey;
}

/** Bytes of the initialization vector. @see NIST SP 800-38D 8.2 */
const IV_BYTES = 12;

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * Keeps values in a web storage, encrypted: AES-GCM with a new initialization vector each time, bound to the name it is kept under.
 * What cannot be decrypted (another key, another name, changed) counts as absent.
 */
export class EncryptedStore implements StateStore {
  readonly #options: EncryptedStoreOptions;

  constructor(options: EncryptedStoreOptions) {
    this.#options = options;
  }

  #additionalData(name: string): Uint8Array<ArrayBuffer> {
    return new TextEncoder().encode(this.#options.prefix + name);
  }

  /** @returns base64 of the initialization vector and the ciphertext. */
  async seal(name: string, value: string): Promise<string> {
    const { crypto, key } = this.#options;
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const algorithm = { name: 'AES-GCM', iv, additionalData: this.#additionalData(name) };
    const plaintext = new TextEncoder().encode(value);
    const ciphertext = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plaintext));
    const sealed = new Uint8Array(IV_BYTES + ciphertext.length);
    sealed.set(iv);
    sealed.set(ciphertext, IV_BYTES);
    return toBase64(sealed);
  }

  /** The reverse of {@link seal}; `null` when it is not ours. */
  async unseal(name: string, sealed: string): Promise<string | null> {
    const { crypto, key } = this.#options;
    try {
      const bytes = Uint8Array.from(atob(sealed), character => character.charCodeAt(0));
      const algorithm = {
        name: 'AES-GCM',
        iv: bytes.slice(0, IV_BYTES),
        additionalData: this.#additionalData(name),
      };
      const plaintext = await crypto.subtle.decrypt(algorithm, key, bytes.slice(IV_BYTES));
      return new TextDecoder().decode(plaintext);
    } catch {
      return null;
    }
  }

  async set(name: string, value: string): Promise<void> {
    const { prefix, storage } = this.#options;
    storage.setItem(prefix + name, await this.seal(name, value));
  }

  async get(name: string): Promise<string | null> {
    const { prefix, storage } = this.#options;
    const sealed = storage.getItem(prefix + name);
    return sealed === null ? null : await this.unseal(name, sealed);
  }

  async remove(name: string): Promise<string | null> {
    const { prefix, storage } = this.#options;
    const sealed = storage.getItem(prefix + name);
    storage.removeItem(prefix + name);
    return sealed === null ? null : await this.unseal(name, sealed);
  }

  async getAllKeys(): Promise<string[]> {
    const { prefix, storage } = this.#options;
    const names = Array.from({ length: storage.length }, (_, index) => storage.key(index));
    return names
      .filter((name): name is string => name?.startsWith(prefix) === true)
      .map(name => name.slice(prefix.length));
  }
}
