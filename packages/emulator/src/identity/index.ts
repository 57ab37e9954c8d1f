/** An identity provider for the local stack that behaves as Microsoft Entra ID does. */
export { ACCOUNTS, type DicomRole, type PracticeAccount } from './accounts.ts';
export { RELAY_CLIENT_ID, RELAY_CLIENT_SECRET, VIEWER_CLIENT_ID } from './clients.ts';
export { LOCAL_TENANT } from './endpoints.ts';
export { DICOM_AUDIENCE } from './scopes.ts';
export {
  createShareToken,
  DEFAULT_SHARE_TOKEN_TYPE,
  DEFAULT_SHARE_VALIDITY_SECONDS,
  type ShareTokenOptions,
} from './share-token.ts';
export {
  DEFAULT_ACCESS_TOKEN_SECONDS,
  DEFAULT_IDENTITY_PORT,
  startIdentityProvider,
  type IdentityProviderOptions,
  type RunningIdentityProvider,
} from './start.ts';
