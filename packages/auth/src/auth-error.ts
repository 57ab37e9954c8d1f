import type { Retry } from '@ohif-azure/core';
import { ProjectError } from '@ohif-azure/core';

/**
 * The codes of {@link AuthError}:
 * - `ERR_AUTH_PROVIDER_UNREACHABLE`: the identity provider did not answer, or says that it is busy;
 * - `ERR_AUTH_PROVIDER_CONFIGURATION`: it answers, but the settings here and there do not fit together;
 * - `ERR_AUTH_SIGNIN_REFUSED`: it refuses this user, or this application;
 * - `ERR_AUTH_CONSENT_REQUIRED`: the sign-in succeeds, or would, but a permission that is needed has not been granted;
 * - `ERR_AUTH_SIGNIN_CANCELLED`: the user closed the sign-in window, or the page cancelled;
 * - `ERR_AUTH_SIGNIN_TIMEOUT`: the sign-in window was left open for too long;
 * - `ERR_AUTH_POPUP_BLOCKED`: the browser did not open the sign-in window;
 * - `ERR_AUTH_CALLBACK_INVALID`: the answer of the provider does not belong to a sign-in of this tab;
 * - `ERR_AUTH_SIGNIN_REQUIRED`: nothing but a new sign-in helps;
 * - `ERR_AUTH_WORK_NOT_KEPT`: the page was not left to sign in, as what is not saved on it could not be kept;
 * - `ERR_AUTH_INSECURE_CONTEXT`: the page is not served over HTTPS, so that the browser withholds cryptography.
 */
export type AuthErrorCode =
  | 'ERR_AUTH_PROVIDER_UNREACHABLE'
  | 'ERR_AUTH_PROVIDER_CONFIGURATION'
  | 'ERR_AUTH_SIGNIN_REFUSED'
  | 'ERR_AUTH_CONSENT_REQUIRED'
  | 'ERR_AUTH_SIGNIN_CANCELLED'
  | 'ERR_AUTH_SIGNIN_TIMEOUT'
  | 'ERR_AUTH_POPUP_BLOCKED'
  | 'ERR_AUTH_CALLBACK_INVALID'
  | 'ERR_AUTH_SIGNIN_REQUIRED'
  | 'ERR_AUTH_WORK_NOT_KEPT'
  | 'ERR_AUTH_INSECURE_CONTEXT';

/**
 * A sign-in, or the getting of an access token, that failed. The message says in plain words what to do; it never holds claims,
 * authorization codes or tokens. Only an unreachable provider is `transient`.
 */
export class AuthError extends ProjectError {
  readonly code: AuthErrorCode;
  readonly retry: Retry;

  constructor(code: AuthErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retry = code === 'ERR_AUTH_PROVIDER_UNREACHABLE' ? 'transient' : 'permanent';
  }
}
