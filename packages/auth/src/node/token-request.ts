import type { Clock, FetchLike } from '@ohif-azure/core';
import { redactURL, systemClock } from '@ohif-azure/core';
import { AuthError } from '../auth-error.ts';
import { parseRetryAfter } from './back-off.ts';

/** The longest wait for a token endpoint's answer, in milliseconds. */
export const TOKEN_REQUEST_TIMEOUT_MS = 30_000;

/** More than any answer of a token endpoint is not read, in characters. */
const MAX_ANSWER_CHARACTERS = 1_000_000;

/** A request for an access token, or on the way to one. */
export interface TokenRequest {
  readonly url: string;
  /** Parameters of a form: the request is then a POST, else a GET. */
  readonly form?: Readonly<Record<string, string>>;
  /** Default: `Accept: application/json`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What may be wrong when nobody answers, for the message. */
  readonly whenSilent?: string;
  /** What helps, for the message, when the answer does not say. */
  readonly hint?: string;
  /** Statuses that say "later", besides 429 and 5xx, with the wait that stands in for Retry-After, in milliseconds. */
  readonly laterStatuses?: ReadonlyMap<number, number | undefined>;
}

/** With what it is sent. */
export interface TokenRequestTools {
  readonly clock?: Clock;
  readonly fetch?: FetchLike;
  readonly signal?: AbortSignal;
  /** Default: {@link TOKEN_REQUEST_TIMEOUT_MS}. */
  readonly timeoutMs?: number;
}

/** The answer, of any status. */
export interface TokenAnswer {
  readonly request: TokenRequest;
  /** Method, origin and path, for messages. */
  readonly where: string;
  readonly status: number;
  /** The JSON object; `undefined`: it is something else. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** Milliseconds; `undefined`: the answer does not say. */
  readonly retryAfterMs: number | undefined;
  /** When the request was sent: what is issued lives from then at the earliest. */
  readonly askedAt: number;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (text.length > MAX_ANSWER_CHARACTERS) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sends a token request and reads the answer. Redirects are not followed: what the request carries goes to this address and to no other.
 * @throws AuthError `ERR_AUTH_PROVIDER_UNREACHABLE` when there is no answer.
 * @throws the signal's reason when `signal` is aborted.
 */
export async function sendTokenRequest(
  request: TokenRequest,
  tools: TokenRequestTools
): Promise<TokenAnswer> {
  const { url, form, headers } = request;
  const { clock = systemClock, fetch: fetchLike = fetch, signal } = tools;
  const method = form ? 'POST' : 'GET';
  const where = `${method} ${redactURL(url)}`;
  const timeout = AbortSignal.timeout(tools.timeoutMs ?? TOKEN_REQUEST_TIMEOUT_MS);
  const askedAt = clock.now();
  signal?.throwIfAborted();
  try {
    const response = await fetchLike(url, {
      method,
      headers: headers ?? { Accept: 'application/json' },
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(form && { body: new URLSearchParams(form) }),
    });
    const { status } = response;
    const retryAfterMs =
      parseRetryAfter(response.headers.get('Retry-After'), clock.now()) ??
      request.laterStatuses?.get(status);
    const body = parseObject(await response.text());
    return { request, where, status, body, retryAfterMs, askedAt };
  } catch (cause) {
    signal?.throwIfAborted();
    const why = request.whenSilent ?? 'the identity provider did not answer';
    throw new AuthError(
      'ERR_AUTH_PROVIDER_UNREACHABLE',
      `${where}: ${why}; check the address and the network`,
      { cause }
    );
  }
}
