import type { FetchLike } from '@ohif-azure/core';
import type { ReasonText } from '../reasons.ts';

/** What is checked. What is undefined is not known, and the checks that need it say so. */
export interface Deployment {
  /** DICOMweb root with the version and the partition, without a slash at its end. */
  readonly serviceUrl?: string;
  readonly dialect: 'azure' | 'standard';
  /** OpenID provider of the viewer's sign-in. */
  readonly authority?: string;
  readonly clientId?: string;
  readonly scopes?: readonly string[];
  /** Origin of the viewer, such as `https://viewer.example`. */
  readonly viewerOrigin?: string;
  /** Path of the redirect URI. Default `/callback`. */
  readonly redirectPath?: string;
}

/** What can be told of an access token; `describeToken` of `@ohif-azure/auth` gives it. */
export interface TokenFacts {
  readonly kind: string;
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  /** Milliseconds since 1970. */
  readonly expiresAt?: number;
  readonly permits: Readonly<
    Record<
      'search' | 'retrieve' | 'store' | 'delete',
      { readonly answer: 'yes' | 'no' | 'unknown'; readonly code: string; readonly reason: string }
    >
  >;
}

/** What the checks work with. */
export interface DoctorTools {
  readonly fetch: FetchLike;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** What an AADSTS number means, and what helps; `entraErrorAdvice` of `@ohif-azure/auth`. */
  readonly explainEntra?: (number: number) => Pick<ReasonText, 'meaning' | 'remedy'> | undefined;
  readonly describeToken: (accessToken: string) => TokenFacts;
}

/** The longest wait for one answer, in milliseconds. */
export const CHECK_TIMEOUT_MS = 15_000;

/** The answer to a question of a check, or why there is none. */
export type Asked =
  | { readonly response: Response; readonly text: string }
  | { readonly response?: undefined; readonly why: string };

/** More than this is not read of an answer that is only looked at, in characters. */
const MAX_TEXT = 2_000_000;

/** Codes of Node for an address that leads nowhere, in words. */
const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host’s name cannot be looked up',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate chain is incomplete',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
};

/** Why a request had no answer, in words, without the address. */
export function whyNoAnswer(error: unknown): string {
  let current: unknown = error;
  for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth += 1) {
    const { code, name, cause, errors } = current as Record<string, unknown>;
    if (name === 'TimeoutError') return `no answer within ${CHECK_TIMEOUT_MS / 1000} seconds`;
    if (typeof code === 'string' && Object.hasOwn(NETWORK, code)) return NETWORK[code] ?? code;
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return 'no answer';
}

/** Asks once, without cookies, and reads the answer as text. Never rejects. */
export async function ask(
  { fetch }: Pick<DoctorTools, 'fetch'>,
  url: string,
  init: RequestInit = {}
): Promise<Asked> {
  try {
    const response = await fetch(url, {
      credentials: 'omit',
      signal: AbortSignal.timeout(CHECK_TIMEOUT_MS),
      ...init,
    });
    return { response, text: (await response.text()).slice(0, MAX_TEXT) };
  } catch (error) {
    return { why: whyNoAnswer(error) };
  }
}

/** The number of an error of Entra ID in a text of its, or undefined. */
export function entraNumberIn(text: string): number | undefined {
  const digits = /\bAADSTS(\d{4,8})\b/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** A JSON object, or undefined. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
