export type { AccessTokenKind } from './access-token-kind.ts';
export { AuthError } from './auth-error.ts';
export type { AuthErrorCode } from './auth-error.ts';
export { chooseAccessToken } from './choose-access-token.ts';
export type {
  AccessTokenCandidate,
  AccessTokenChoice,
  AccessTokenRequest,
  NoAccessToken,
  NoAccessTokenReason,
  NoAccessTokenRemedy,
} from './choose-access-token.ts';
export { CLOCK_SKEW_MS, describeToken } from './describe-token.ts';
export type { DescribeTokenOptions, TokenDescription } from './describe-token.ts';
export { entraErrorAdvice, entraErrorNumber } from './entra-errors.ts';
export type { EntraErrorAdvice } from './entra-errors.ts';
export { OPERATIONS } from './permission.ts';
export type { Operation, Permission, PermissionCode } from './permission.ts';
export type { ServiceIdentity } from './service.ts';
