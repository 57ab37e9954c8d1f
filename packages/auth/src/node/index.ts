export { staticAccessToken } from './access-token-source.ts';
export type {
  AccessTokenOptions,
  AccessTokenSource,
  IssuedAccessToken,
  TokenSourceOptions,
} from './access-token-source.ts';
export { AUTH_CONNECTION_INFO_VARIABLE, parseAuthConnectionInfo } from './auth-connection-info.ts';
export type { AuthConnectionInfo } from './auth-connection-info.ts';
export { DEFAULT_RETRY_POLICY } from './back-off.ts';
export type { RetryPolicy } from './back-off.ts';
export { cachedAccessTokenSource } from './cached-access-token-source.ts';
export { clientCertificateSource, clientCredentialsSource } from './client-credentials.ts';
export type { ClientCertificateOptions, ClientCredentialsOptions } from './client-credentials.ts';
export { deviceCodeSource } from './device-code.ts';
export type { DeviceCodeOptions, DeviceCodePrompt } from './device-code.ts';
export { ACCESS_TOKEN_VARIABLE, environmentAccessToken } from './environment-access-token.ts';
export type { EnvironmentAccessTokenOptions } from './environment-access-token.ts';
export {
  IMDS_ENDPOINT,
  managedIdentityEndpoint,
  managedIdentitySource,
} from './managed-identity.ts';
export type { ManagedIdentityEndpoint, ManagedIdentityOptions } from './managed-identity.ts';
export { TokenAnswerError } from './token-answer.ts';
