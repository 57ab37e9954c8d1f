import type { IdentityEndpoints } from './endpoints.ts';
import { OPENID_SCOPES } from './scopes.ts';

/**
 * The OpenID provider metadata, with the members that Entra ID publishes. As there, `revocation_endpoint`,
 * `introspection_endpoint` and `code_challenge_methods_supported` are missing (a client must not depend on them; PKCE
 * with S256 is required nevertheless).
 * @see OpenID Connect Discovery 1.0 section 3.
 */
export function discoveryDocument({ issuer, origin, paths }: IdentityEndpoints) {
  return {
    token_endpoint: `${origin}${paths.token}`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    jwks_uri: `${origin}${paths.keys}`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: [...OPENID_SCOPES],
    issuer,
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${origin}${paths.userinfo}`,
    authorization_endpoint: `${origin}${paths.authorize}`,
    device_authorization_endpoint: `${origin}${paths.deviceCode}`,
    end_session_endpoint: `${origin}${paths.logout}`,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'name',
      'preferred_username',
      'oid',
      'tid',
      'ver',
      'email',
    ],
  };
}
