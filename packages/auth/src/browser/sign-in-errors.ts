import type { ErrorResponse } from 'oidc-client-ts';
import type { AuthErrorCode } from '../auth-error.ts';
import { AuthError } from '../auth-error.ts';
import { entraErrorNumber, oauthErrorInWords } from '../entra-errors.ts';

/** What was under way when it failed. */
export type SignInStep = 'sign-in' | 'renewal';

const UNREACHABLE =
  'The sign-in service cannot be reached, or does not take requests from this page. Check the network, then try again.';
const CALLBACK_INVALID =
  'This address is the answer to a sign-in that was not started in this tab, or is over. Sign in again.';
const SIGN_IN_REQUIRED = 'Your sign-in has ended. Sign in again to continue.';

/** RFC 6749 5.2 and OpenID Connect Core 3.1.2.6: only the user, signing in again, can help. */
const NEEDS_USER = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
  'account_selection_required',
]);
/** RFC 6749 4.1.2.1 and 5.2: the settings here and there do not fit together. */
const CONFIGURATION = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_request_uri',
  'invalid_resource',
  'invalid_scope',
  'invalid_target',
  'unauthorized_client',
  'unsupported_grant_type',
  'unsupported_response_type',
]);
/** Nobody has agreed to the permissions, or only an administrator may. Entra ID's `suberror` says so, which oidc-client-ts leaves out. */
const CONSENT_NUMBERS: ReadonlySet<number | undefined> = new Set([65001, 90094]);
const BUSY = new Set(['temporarily_unavailable', 'server_error']);

/** Texts of oidc-client-ts 3.5 for answers that do not belong to a sign-in of this tab. */
const NOT_OURS =
  /^(No (matching )?state |State does not match|No (client_id|authority) on state|(authority|client_id) mismatch|Expected code|nonce in id_token)/;

/** Errors are told apart by name: classes differ between realms. */
function asError(error: unknown): { readonly name: string; readonly message: string } {
  const { name, message } = (error ?? {}) as { name?: unknown; message?: unknown };
  return {
    name: typeof name === 'string' ? name : 'unknown failure',
    message: typeof message === 'string' ? message : '',
  };
}

/** Causes of oidc-client-ts hold the request's form and the provider's text, so tokens and names: only the kind is kept. */
export function scrubbed(error: unknown): Error {
  const { name } = asError(error);
  if (name === 'TypeError') return error as Error; // of the platform's fetch: no answer at all
  const kind = new Error(name);
  kind.name = 'ScrubbedError';
  return kind;
}

function fromOAuthError(response: ErrorResponse, step: SignInStep): [AuthErrorCode, string] {
  const error = response.error ?? '';
  const words = oauthErrorInWords(error, response.error_description);
  if (BUSY.has(error)) {
    return ['ERR_AUTH_PROVIDER_UNREACHABLE', `The sign-in service is busy (${words}). Try again.`];
  }
  if (CONFIGURATION.has(error)) {
    return [
      'ERR_AUTH_PROVIDER_CONFIGURATION',
      `The sign-in settings do not fit the sign-in service: ${words}. Ask your administrator.`,
    ];
  }
  if (step === 'renewal' && NEEDS_USER.has(error)) {
    return ['ERR_AUTH_SIGNIN_REQUIRED', `${SIGN_IN_REQUIRED} Reason: ${words}.`];
  }
  // The number chooses the words, no more: without it the answer is refused all the same.
  if (
    error === 'consent_required' ||
    CONSENT_NUMBERS.has(entraErrorNumber(response.error_description))
  ) {
    return ['ERR_AUTH_CONSENT_REQUIRED', `A permission has not been granted: ${words}.`];
  }
  if (error === 'invalid_grant') {
    return [
      'ERR_AUTH_CALLBACK_INVALID',
      `The sign-in service does not accept this answer, or no longer: ${words}. Sign in again.`,
    ];
  }
  return ['ERR_AUTH_SIGNIN_REFUSED', `The sign-in was refused: ${words}.`];
}

function classify(error: unknown, step: SignInStep): [AuthErrorCode, string] {
  const { name, message } = asError(error);
  if (name === 'ErrorResponse') return fromOAuthError(error as ErrorResponse, step);
  if (name === 'ErrorTimeout' || name === 'TypeError') {
    return ['ERR_AUTH_PROVIDER_UNREACHABLE', UNREACHABLE];
  }
  if (NOT_OURS.test(message)) return ['ERR_AUTH_CALLBACK_INVALID', CALLBACK_INVALID];
  // A gateway's page in place of the endpoint's answer; oidc-client-ts does not give the status along.
  if (message.startsWith('Invalid response Content-Type') || name === 'SyntaxError') {
    return ['ERR_AUTH_PROVIDER_UNREACHABLE', UNREACHABLE];
  }
  const status = Number(/\((\d{3})\)/.exec(message)?.[1]);
  if (status >= 500 || status === 429 || status === 408) {
    return ['ERR_AUTH_PROVIDER_UNREACHABLE', UNREACHABLE];
  }
  const answer = Number.isNaN(status) ? 'an answer that is not understood' : `status ${status}`;
  return [
    'ERR_AUTH_PROVIDER_CONFIGURATION',
    `The sign-in service gave ${answer}. Ask your administrator to check the sign-in settings.`,
  ];
}

/** Puts a failure of oidc-client-ts, or of the network, into the project's terms. */
export function toAuthError(error: unknown, step: SignInStep): AuthError {
  if (error instanceof AuthError) return error;
  const [code, message] = classify(error, step);
  return new AuthError(code, message, { cause: scrubbed(error) });
}

/** A new sign-in is needed. */
export function signInRequired(): AuthError {
  return new AuthError('ERR_AUTH_SIGNIN_REQUIRED', SIGN_IN_REQUIRED);
}

/** An answer of the provider that is not to one of our questions. */
export function callbackInvalid(): AuthError {
  return new AuthError('ERR_AUTH_CALLBACK_INVALID', CALLBACK_INVALID);
}

/** The browser withholds cryptography. */
export function insecureContext(): AuthError {
  return new AuthError(
    'ERR_AUTH_INSECURE_CONTEXT',
    'Sign-in works only on pages served over HTTPS (or from localhost). Open the viewer with an address that begins with https://, or ask your administrator to set up HTTPS.'
  );
}
