import type { Claims, DecodedJwt } from './jwt-claims.ts';
import { member, stringMember } from './jwt-claims.ts';

/**
 * What an access token is, judged by its shape:
 * - `entra-access`: an access token of Microsoft Entra ID, or of a provider that writes the same claims;
 * - `entra-id`: an ID token (of Entra ID, or of any other provider). It says who signed in; it is never sent to a DICOM service;
 * - `oidc-access`: an access token of another OpenID provider (Keycloak and others);
 * - `orthanc-share`: the read-only JWT of a share link of Orthanc's authorization service;
 * - `opaque`: everything else.
 */
export type AccessTokenKind =
  'entra-access' | 'entra-id' | 'oidc-access' | 'orthanc-share' | 'opaque';

/** Hosts that issue for Entra ID: public and national clouds (Microsoft Learn, "National clouds"), and external tenants. */
const ENTRA_ISSUER_HOSTS =
  /^(sts\.windows\.net|login\.microsoftonline\.(com|us)|login\.windows\.net|(login|sts)\.(partner\.microsoftonline|chinacloudapi)\.cn|[a-z0-9-]+\.ciamlogin\.com)$/;

/** Keeps the parsing of URLs away from hostile lengths. */
const MAX_ISSUER_CHARACTERS = 2048;

/** Tells whether `url` is at a host of Microsoft Entra ID. */
export function isEntraHost(url: string | undefined): boolean {
  if (url === undefined || url.length > MAX_ISSUER_CHARACTERS || !URL.canParse(url)) return false;
  return ENTRA_ISSUER_HOSTS.test(new URL(url).hostname);
}

/** Tells whether claims are of Entra ID or of a provider that writes the same ones (a tenant id with a user or a scope). */
export function isEntraLike(claims: Claims): boolean {
  if (isEntraHost(stringMember(claims, 'iss'))) return true;
  if (stringMember(claims, 'tid') === undefined) return false;
  return ['scp', 'oid', 'idtyp', 'roles'].some(name => member(claims, name) !== undefined);
}

/** `iss`-less, HMAC-signed, with a list of resources and a type: `TokenCreationRequest` of orthanc-auth-service. */
function isOrthancShare({ header, claims }: DecodedJwt): boolean {
  const algorithm = stringMember(header, 'alg') ?? '';
  return (
    /^(HS|none$)/i.test(algorithm) &&
    member(claims, 'iss') === undefined &&
    Array.isArray(member(claims, 'resources')) &&
    typeof member(claims, 'type') === 'string'
  );
}

/** Claims that only access tokens have: Entra's, RFC 9068's `scope`, Keycloak's. */
const ACCESS_CLAIMS = [
  'scp',
  'scope',
  'idtyp',
  'appid',
  'appidacr',
  'azpacr',
  'realm_access',
  'resource_access',
];
/** Claims that only ID tokens have: OpenID Connect Core 2 and 3.1.3.6. (Old Keycloak access tokens have a `nonce` too: `typ` decides first.) */
const ID_CLAIMS = ['nonce', 'at_hash', 'c_hash'];

type Use = 'access' | 'id' | 'other';

function useOf({ header, claims }: DecodedJwt, isForService: boolean): Use {
  // Keycloak says in its own claim what a token is for: Bearer, ID, Refresh, Offline, Logout.
  const keycloakType = stringMember(claims, 'typ');
  if (keycloakType === 'Bearer') return 'access';
  if (keycloakType === 'ID') return 'id';
  if (keycloakType === 'Refresh' || keycloakType === 'Offline' || keycloakType === 'Logout') {
    return 'other';
  }
  if (/^(application\/)?at\+jwt$/i.test(stringMember(header, 'typ') ?? '')) return 'access'; // RFC 9068 2.1
  if (ACCESS_CLAIMS.some(name => member(claims, name) !== undefined)) return 'access';
  if (ID_CLAIMS.some(name => member(claims, name) !== undefined)) return 'id';
  if (isForService) return 'access';
  // What is left of Entra's is an ID token: its audience is the client, and no scope is in it.
  return isEntraLike(claims) ? 'id' : 'access';
}

/**
 * The kind of a decoded JWT.
 * @param isForService - its audience is the DICOM service's.
 */
export function kindOf(jwt: DecodedJwt, isForService: boolean): AccessTokenKind {
  if (isOrthancShare(jwt)) return 'orthanc-share';
  if (stringMember(jwt.claims, 'iss') === undefined && !isEntraLike(jwt.claims)) return 'opaque';
  const use = useOf(jwt, isForService);
  if (use === 'id') return 'entra-id';
  if (use === 'other') return 'opaque';
  return isEntraLike(jwt.claims) ? 'entra-access' : 'oidc-access';
}
