import type { BrowserEnvironment } from './environment.ts';

/** A name nobody can guess: 128 random bits in hexadecimal. */
export function randomName(crypto: BrowserEnvironment['crypto']): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
