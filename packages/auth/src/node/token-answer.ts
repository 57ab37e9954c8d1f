import type { AuthErrorCode } from '../auth-error.ts';
import { AuthError } from '../auth-error.ts';
import { entraErrorAdvice, entraErrorNumber, oauthErrorInWords } from '../entra-errors.ts';
import type { IssuedAccessToken } from './access-token-source.ts';
import type { TokenAnswer } from './token-request.ts';

/** An answer that is not an access token. The message names the error, Entra's number (AADSTS) and what helps; it holds no secret. */
export class TokenAnswerError extends AuthError {
  /** HTTP status. */
  readonly status: number;
  /** `error` of RFC 6749 5.2; `undefined`: the answer holds none, or something that is no error code. */
  readonly oauthError: string | undefined;
  /** The digits after `AADSTS`, to look up or to show. Never decide by it: Entra ID changes them. */
  readonly entraErrorNumber: number | undefined;
  /** The answer says "later" (429, 5xx, `temporarily_unavailable`): the same request is worth sending again. */
  readonly isThrottled: boolean;
  /** The server's wish, in milliseconds. */
  readonly retryAfterMs: number | undefined;

  constructor(code: AuthErrorCode, message: string, answer: TokenAnswer) {
    super(code, message);
    this.status = answer.status;
    this.oauthError = oauthErrorOf(answer);
    this.entraErrorNumber = entraErrorNumber(descriptionOf(answer));
    this.isThrottled = code === 'ERR_AUTH_PROVIDER_UNREACHABLE';
    this.retryAfterMs = answer.retryAfterMs;
  }
}

/** The mistakes of RFC 6749 5.2 that stand for a refusal of this application; the others are mistakes in the settings. */
const REFUSALS = new Set(['invalid_client', 'unauthorized_client', 'access_denied']);
const BUSY = new Set(['temporarily_unavailable', 'server_error']);

/** `error` of RFC 6749 5.2, when it is one. */
export function oauthErrorOf({ body }: TokenAnswer): string | undefined {
  const error = body?.['error'];
  return typeof error === 'string' && /^[a-z0-9_]{1,64}$/i.test(error) ? error : undefined;
}

function descriptionOf({ body }: TokenAnswer): string | null {
  const description = body?.['error_description'];
  return typeof description === 'string' ? description : null;
}

function saysLater(answer: TokenAnswer): boolean {
  const { status, request } = answer;
  return (
    status >= 500 ||
    status === 429 ||
    status === 408 ||
    request.laterStatuses?.has(status) === true ||
    BUSY.has(oauthErrorOf(answer) ?? '')
  );
}

function wordsOf(answer: TokenAnswer): string {
  const { request, body } = answer;
  if (typeof body?.['error'] === 'string') {
    const description = descriptionOf(answer);
    const words = oauthErrorInWords(body['error'], description);
    const isExplained = entraErrorAdvice(entraErrorNumber(description)) !== undefined;
    return isExplained || !request.hint ? `: ${words}` : `: ${words}; ${request.hint}`;
  }
  if (saysLater(answer)) return '';
  return ` without an OAuth error; ${request.hint ?? 'check the token endpoint'}`;
}

/** The error that an answer stands for. */
export function answerError(answer: TokenAnswer): TokenAnswerError {
  const message = `${answer.where}: ${answer.status}${wordsOf(answer)}`;
  if (saysLater(answer)) {
    return new TokenAnswerError('ERR_AUTH_PROVIDER_UNREACHABLE', message, answer);
  }
  const isRefused = REFUSALS.has(oauthErrorOf(answer) ?? '');
  const code = isRefused ? 'ERR_AUTH_SIGNIN_REFUSED' : 'ERR_AUTH_PROVIDER_CONFIGURATION';
  return new TokenAnswerError(code, message, answer);
}

/** Some endpoints give a string of digits (managed identity, Entra ID v1.0). */
function positive(value: unknown): number | undefined {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return number > 0 && Number.isFinite(number) ? number : undefined;
}

/** Milliseconds from when the request was sent; managed identity of App Service gives `expires_on`, seconds since 1970, only. */
function lifeOf({ body, askedAt }: TokenAnswer): number | undefined {
  const seconds = positive(body?.['expires_in']);
  if (seconds !== undefined) return seconds * 1000;
  const endsAt = positive(body?.['expires_on']);
  return endsAt === undefined ? undefined : positive(endsAt * 1000 - askedAt);
}

/** A positive number of the answer's body, or `undefined`. */
export function positiveMember({ body }: TokenAnswer, name: string): number | undefined {
  return positive(body?.[name]);
}

/** A string of the answer's body that is not empty, or `undefined`. */
export function textMember({ body }: TokenAnswer, name: string): string | undefined {
  const value = body?.[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * The body of an answer of status 200.
 * @throws TokenAnswerError for every other status, and for what is not JSON.
 */
export function successOf(answer: TokenAnswer): TokenAnswer {
  if (answer.status !== 200) throw answerError(answer);
  if (!answer.body) throw unfit(answer, 'expected JSON; check the token endpoint');
  return answer;
}

/** An answer of status 200 that is not what was asked for. */
export function unfit(answer: TokenAnswer, what: string): TokenAnswerError {
  return new TokenAnswerError(
    'ERR_AUTH_PROVIDER_CONFIGURATION',
    `${answer.where}: ${what}`,
    answer
  );
}

/**
 * The access token of an answer (RFC 6749 5.1).
 * @throws TokenAnswerError when it holds none.
 */
export function issuedFrom(answer: TokenAnswer): IssuedAccessToken {
  successOf(answer);
  const value = textMember(answer, 'access_token');
  if (value === undefined || !/^[\x21-\x7e]+$/.test(value)) {
    throw unfit(answer, 'the answer holds no "access_token"; check the token endpoint');
  }
  if (textMember(answer, 'token_type')?.toLowerCase() !== 'bearer') {
    throw unfit(answer, 'expected "token_type" Bearer');
  }
  return { value, lifeMs: lifeOf(answer) };
}
