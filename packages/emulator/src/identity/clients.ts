import type { ClientMetadata } from 'oidc-provider';

/** Client id of the viewer: a public single-page application. */
export const VIEWER_CLIENT_ID = 'ohif-viewer';
/** Client id of the relay, which signs in with {@link RELAY_CLIENT_SECRET}. */
export const RELAY_CLIENT_ID = 'relay';
/** For the local stack only: it is published here, so it protects nothing. */
export const RELAY_CLIENT_SECRET = 'relay-secret';

/** The grant of RFC 8628, for `ohif-azure --auth device-code`. */
export const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * The registered applications.
 * @param viewerOrigins - origins the viewer is served from.
 * @param redirectPath - path of the redirect URI on each of them; sign-in in a popup uses the same.
 * @param signedOutPath - path of the page after sign-out on each of them.
 */
export function registeredClients(
  viewerOrigins: readonly string[],
  redirectPath: string,
  signedOutPath: string
): ClientMetadata[] {
  return [
    {
      client_id: VIEWER_CLIENT_ID,
      client_name: 'OHIF Viewer for the Azure DICOM service',
      application_type: 'web',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', DEVICE_CODE_GRANT],
      response_types: ['code'],
      redirect_uris: viewerOrigins.map(origin => `${origin}${redirectPath}`),
      post_logout_redirect_uris: viewerOrigins.map(origin => `${origin}${signedOutPath}`),
    },
    {
      client_id: RELAY_CLIENT_ID,
      client_name: 'Orthanc relay',
      client_secret: RELAY_CLIENT_SECRET,
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
    },
  ];
}
