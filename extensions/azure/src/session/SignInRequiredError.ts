import type { NoAccessToken, NoAccessTokenReason } from '@ohif-azure/auth';
import { ProjectError } from '@ohif-azure/core';

/** No access token at hand may do what was asked; `message` says why in words a clinician understands. */
export class SignInRequiredError extends ProjectError {
  override readonly code = 'ERR_AUTH_SIGNIN_REQUIRED';
  override readonly retry = 'permanent';
  readonly reason: NoAccessTokenReason;

  constructor({ message, reason }: NoAccessToken) {
    super(message);
    this.reason = reason;
  }
}
