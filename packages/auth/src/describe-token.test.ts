import type { TokenDescription } from './describe-token.ts';
import { describeToken } from './describe-token.ts';
import type { ServiceIdentity } from './service.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECONDS = NOW / 1000;
const STUDY = '1.2.840.113619.2.1';
const TENANT = '11111111-2222-3333-4444-555555555555';
const AZURE: ServiceIdentity = { dialect: 'azure' };
const STANDARD: ServiceIdentity = { dialect: 'standard' };
const AUDIENCE = 'https://dicom.healthcareapis.azure.com';

type Json = Record<string, unknown>;
const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const jwt = (claims: Json | string, header: Json | string = { alg: 'RS256' }): string =>
  `${part(header)}.${part(claims)}.c2lnbmF0dXJl`;

const ENTRA_V1 = {
  aud: AUDIENCE,
  iss: `https://sts.windows.net/${TENANT}/`,
  nbf: SECONDS - 600,
  exp: SECONDS + 3000,
  appid: 'client',
  appidacr: '0',
  name: 'Dr. Example',
  oid: 'oid-1',
  scp: 'Dicom.ReadWrite',
  tid: TENANT,
  upn: 'doctor@clinic.example',
  ver: '1.0',
};
const ENTRA_V2 = {
  ...ENTRA_V1,
  appid: undefined,
  appidacr: undefined,
  iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  azp: 'client',
  azpacr: '0',
  ver: '2.0',
};
const WITHOUT_SCP = { ...ENTRA_V1, scp: undefined };
const ID_V2 = {
  aud: 'client',
  iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
  exp: SECONDS + 3000,
  name: 'Dr. Example',
  oid: 'oid-1',
  tid: TENANT,
  nonce: 'n',
  preferred_username: 'doctor@clinic.example',
  ver: '2.0',
};
const KEYCLOAK = {
  exp: SECONDS + 300,
  iat: SECONDS,
  iss: 'https://id.clinic.example/realms/orthanc',
  aud: 'account',
  typ: 'Bearer',
  azp: 'orthanc',
  realm_access: { roles: ['doctor-role'] },
  scope: 'openid profile email',
  preferred_username: 'doctor',
};
const SHARE = {
  id: null,
  resources: [{ dicom_uid: STUDY, orthanc_id: 'abc', url: null, level: 'study' }],
  type: 'viewer-instant-link',
  expiration_date: '2026-03-01T13:00:00+00:00',
  validity_duration: null,
};
const HS256 = { alg: 'HS256', typ: 'JWT' };
const LOCAL = 'http://localhost:8081/tenant/v2.0';

/** Answers for search, retrieve, store and delete: y, n or u; then the code of the answer for store. */
function answers({ permits }: TokenDescription): string {
  const { search, retrieve, store } = permits;
  const letters = [search, retrieve, store, permits.delete].map(({ answer }) => answer[0]).join('');
  return `${letters} ${store.code}`;
}

// One line a row.
// prettier-ignore
const ROWS: readonly (readonly [
  cite: string,
  jwt: string,
  service: ServiceIdentity,
  kind: TokenDescription['kind'],
  answers: string,
])[] = [
  // Entra ID, delegated.
  ['azure-dicom-service.md 5 "Tokens": v1.0, Dicom.ReadWrite', jwt(ENTRA_V1), AZURE, 'entra-access', 'yyyy permitted'],
  ['azure-dicom-service.md 5 "Tokens": v2.0 issuer', jwt(ENTRA_V2), AZURE, 'entra-access', 'yyyy permitted'],
  ['ohif-3.13.md B3: audience with slash', jwt({ ...ENTRA_V1, aud: `${AUDIENCE}/` }), AZURE, 'entra-access', 'yyyy permitted'],
  ['ohif-3.13.md B3: audience is the GUID', jwt({ ...ENTRA_V2, aud: '75e725bf-66ce-4cea-9b9a-5c4caae57f33' }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7519 4.1.3: aud is a list', jwt({ ...ENTRA_V1, aud: ['x', AUDIENCE] }), AZURE, 'entra-access', 'yyyy permitted'],
  ['azure-dicom-service.md 5 "Audience": other audience', jwt({ ...ENTRA_V1, aud: 'https://graph.microsoft.com' }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['RFC 7519 4.1.3: no audience', jwt({ ...ENTRA_V1, aud: undefined }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['audience from the settings', jwt({ ...ENTRA_V1, aud: 'api://emulator' }), { dialect: 'azure', audience: 'api://emulator' }, 'entra-access', 'yyyy permitted'],
  ['audiences from the settings', jwt({ ...ENTRA_V1, aud: 'api://b' }), { dialect: 'azure', audience: ['api://a', 'api://b/'] }, 'entra-access', 'yyyy permitted'],
  ['azure-dicom-service.md 5: without Dicom.ReadWrite', jwt({ ...ENTRA_V1, scp: 'Other.Read' }), AZURE, 'entra-access', 'uunn no-write-scope'],
  ['orthanc.md 5.4.6: Dicom.Read', jwt({ ...ENTRA_V1, scp: 'Dicom.Read' }), AZURE, 'entra-access', 'yynn no-write-scope'],
  ['scope among others', jwt({ ...ENTRA_V1, scp: 'openid Dicom.ReadWrite' }), AZURE, 'entra-access', 'yyyy permitted'],
  ['a name that only begins alike', jwt({ ...ENTRA_V1, scp: 'Dicom.ReadWriteNothing' }), AZURE, 'entra-access', 'uunn no-write-scope'],
  ['scope with its resource', jwt({ ...ENTRA_V1, scp: `${AUDIENCE}/Dicom.ReadWrite` }), AZURE, 'entra-access', 'yyyy permitted'],
  ['user_impersonation: role decides', jwt({ ...ENTRA_V1, scp: 'user_impersonation' }), AZURE, 'entra-access', 'uuuu server-decides'],
  ['azure-dicom-service.md 5 "OSS data actions": globalReader', jwt({ ...ENTRA_V1, roles: ['globalReader'] }), AZURE, 'entra-access', 'yynn no-write-role'],
  ['azure-dicom-service.md 5 "Azure RBAC": DICOM Data Reader', jwt({ ...ENTRA_V1, roles: ['DICOM Data Reader'] }), AZURE, 'entra-access', 'yynn no-write-role'],
  ['azure-dicom-service.md 5 "Azure RBAC": reader and owner', jwt({ ...ENTRA_V1, roles: ['DICOM Data Reader', 'DICOM Data Owner'] }), AZURE, 'entra-access', 'yyyy permitted'],
  // Entra ID, applications.
  ['azure-dicom-service.md 5 "First-party app": no application permissions', jwt(WITHOUT_SCP), AZURE, 'entra-access', 'uuuu server-decides'],
  ['Entra optional claim idtyp', jwt({ ...WITHOUT_SCP, idtyp: 'app' }), AZURE, 'entra-access', 'uuuu server-decides'],
  ['Entra application roles', jwt({ ...WITHOUT_SCP, roles: ['globalAdmin'] }), AZURE, 'entra-access', 'uuuu server-decides'],
  ['Entra idtyp user', jwt({ ...ENTRA_V1, idtyp: 'user' }), AZURE, 'entra-access', 'yyyy permitted'],
  ['Entra application, v2.0, audience is the GUID', jwt({ ...ENTRA_V2, scp: undefined, aud: '75e725bf-66ce-4cea-9b9a-5c4caae57f33', idtyp: 'app', azpacr: '1' }), AZURE, 'entra-access', 'uuuu server-decides'],
  ['Entra application, v2.0, by certificate (azpacr 2)', jwt({ ...ENTRA_V2, scp: undefined, azpacr: '2', roles: ['globalAdmin'] }), AZURE, 'entra-access', 'uuuu server-decides'],
  ['Entra application, v1.0, reader by its role', jwt({ ...WITHOUT_SCP, idtyp: 'app', roles: ['DICOM Data Reader'] }), AZURE, 'entra-access', 'uunn no-write-role'],
  ['Entra application of another audience', jwt({ ...WITHOUT_SCP, idtyp: 'app', aud: 'https://vault.azure.net' }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['Entra application, expired', jwt({ ...WITHOUT_SCP, idtyp: 'app', exp: SECONDS - 301 }), AZURE, 'entra-access', 'nnnn expired'],
  ['Entra managed identity (xms_mirid)', jwt({ ...WITHOUT_SCP, idtyp: 'app', xms_mirid: '/subscriptions/x' }), AZURE, 'entra-access', 'uuuu server-decides'],
  // Entra ID, other audiences.
  ['Learn "Microsoft Graph": the GUID as audience', jwt({ ...ENTRA_V1, aud: '00000003-0000-0000-c000-000000000000', scp: 'User.Read openid profile' }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['Learn "Microsoft Graph": nonce in the header', jwt({ ...ENTRA_V1, aud: 'https://graph.microsoft.com' }, { alg: 'RS256', nonce: 'x', typ: 'JWT' }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['ohif-3.13.md B3: the client id as audience, with a scope of its own', jwt({ ...ENTRA_V2, aud: 'client', scp: 'access_as_user' }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['Learn "Azure API for FHIR": the sister service', jwt({ ...ENTRA_V1, aud: 'https://x.fhir.azurehealthcareapis.com' }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['an audience that only begins alike', jwt({ ...ENTRA_V1, aud: `${AUDIENCE}.evil.example` }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  ['RFC 7519 4.1.3: an empty list', jwt({ ...ENTRA_V1, aud: [] }), AZURE, 'entra-access', 'nnnn wrong-audience'],
  // National clouds.
  ['Learn "National clouds": US Government', jwt({ ...ENTRA_V2, iss: `https://login.microsoftonline.us/${TENANT}/v2.0` }), AZURE, 'entra-access', 'yyyy permitted'],
  ['Learn "National clouds": China', jwt({ ...ENTRA_V1, iss: `https://sts.chinacloudapi.cn/${TENANT}/` }), AZURE, 'entra-access', 'yyyy permitted'],
  // A local provider with the claims of Entra.
  ['design.md 8: local provider', jwt({ ...ENTRA_V2, iss: LOCAL }, { alg: 'RS256', typ: 'at+jwt' }), AZURE, 'entra-access', 'yyyy permitted'],
  ['design.md 8: local provider, client credentials', jwt({ iss: LOCAL, tid: TENANT, oid: 'o', aud: AUDIENCE, exp: SECONDS + 60 }, { alg: 'RS256', typ: 'at+jwt' } ), AZURE, 'entra-access', 'uuuu server-decides'],
  ['design.md 8: local provider, ID token', jwt({ iss: LOCAL, tid: TENANT, oid: 'o', aud: 'ohif-viewer', exp: SECONDS + 60, at_hash: 'h' }), AZURE, 'entra-id', 'nnnn wrong-kind'],
  // Life.
  ['RFC 7519 4.1.4: past the skew of 5 min', jwt({ ...ENTRA_V1, exp: SECONDS - 300 }), AZURE, 'entra-access', 'nnnn expired'],
  ['RFC 7519 4.1.4: within the skew', jwt({ ...ENTRA_V1, exp: SECONDS - 299 }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7519 4.1.5: before the skew of 5 min', jwt({ ...ENTRA_V1, nbf: SECONDS + 301 }), AZURE, 'entra-access', 'nnnn not-yet-valid'],
  ['RFC 7519 4.1.5: within the skew', jwt({ ...ENTRA_V1, nbf: SECONDS + 300 }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7519 4.1.4: v2.0, past the skew', jwt({ ...ENTRA_V2, exp: SECONDS - 301 }), AZURE, 'entra-access', 'nnnn expired'],
  ['RFC 7519 4.1.5: v2.0, not yet valid', jwt({ ...ENTRA_V2, nbf: SECONDS + 3600 }), AZURE, 'entra-access', 'nnnn not-yet-valid'],
  ['RFC 7519 4.1.4: no exp does not end', jwt({ ...ENTRA_V1, exp: undefined }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7519 2: exp that is text is no date', jwt({ ...ENTRA_V1, exp: '1' }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7519 2: exp with a fraction', jwt({ ...ENTRA_V1, exp: SECONDS - 300.5 }), AZURE, 'entra-access', 'nnnn expired'],
  ['RFC 7519 4.1.6: iat in the future is not judged', jwt({ ...ENTRA_V1, iat: SECONDS + 9999 }), AZURE, 'entra-access', 'yyyy permitted'],
  // ID tokens.
  ['OpenID Connect Core 2: ID token, expired', jwt({ ...ID_V2, exp: SECONDS - 9999 }), AZURE, 'entra-id', 'nnnn wrong-kind'],
  ['OpenID Connect Core 2: ID token whose audience is the service', jwt({ ...ID_V2, aud: AUDIENCE }), AZURE, 'entra-id', 'nnnn wrong-kind'],
  ['OpenID Connect Core 3.3.2.11 c_hash', jwt({ iss: 'https://id.example', aud: 'client', c_hash: 'h' }), STANDARD, 'entra-id', 'nnnn wrong-kind'],
  ['ohif-3.13.md B3: ID token, v2.0', jwt(ID_V2), AZURE, 'entra-id', 'nnnn wrong-kind'],
  ['ohif-3.13.md B3: ID token without nonce', jwt({ ...ID_V2, nonce: undefined }), AZURE, 'entra-id', 'nnnn wrong-kind'],
  ['ohif-3.13.md B3: ID token, v1.0', jwt({ ...ID_V2, iss: ENTRA_V1.iss, ver: '1.0', nonce: undefined }), STANDARD, 'entra-id', 'nnnn wrong-kind'],
  ['ID token with app roles', jwt({ ...ID_V2, roles: ['Admin'] }), AZURE, 'entra-id', 'nnnn wrong-kind'],
  ['Keycloak typ ID', jwt({ ...KEYCLOAK, typ: 'ID' }), STANDARD, 'entra-id', 'nnnn wrong-kind'],
  ['OpenID Connect Core 3.1.3.6 at_hash', jwt({ iss: 'https://id.example', aud: 'client', exp: SECONDS + 9, at_hash: 'h' }), STANDARD, 'entra-id', 'nnnn wrong-kind'],
  // Other providers.
  ['orthanc.md 5.1: Keycloak', jwt(KEYCLOAK), STANDARD, 'oidc-access', 'uuuu server-decides'],
  ['ohif-3.13.md B3: Keycloak, old, with nonce', jwt({ ...KEYCLOAK, nonce: 'n' }), STANDARD, 'oidc-access', 'uuuu server-decides'],
  ['Keycloak at the Azure DICOM service', jwt(KEYCLOAK), AZURE, 'oidc-access', 'nnnn wrong-audience'],
  ['Keycloak, audience from the settings', jwt(KEYCLOAK), { dialect: 'standard', audience: 'orthanc-api' }, 'oidc-access', 'nnnn wrong-audience'],
  ['Keycloak, expired', jwt({ ...KEYCLOAK, exp: SECONDS - 400 }), STANDARD, 'oidc-access', 'nnnn expired'],
  ['Keycloak refresh token', jwt({ ...KEYCLOAK, typ: 'Refresh' }, HS256), STANDARD, 'opaque', 'nnnn wrong-kind'],
  ['Keycloak, not yet valid', jwt({ ...KEYCLOAK, nbf: SECONDS + 400 }), STANDARD, 'oidc-access', 'nnnn not-yet-valid'],
  ['Keycloak offline token', jwt({ ...KEYCLOAK, typ: 'Offline' }, HS256), STANDARD, 'opaque', 'nnnn wrong-kind'],
  ['Keycloak, service account', jwt({ ...KEYCLOAK, client_id: 'relay', preferred_username: 'service-account-relay' }), STANDARD, 'oidc-access', 'uuuu server-decides'],
  ['Keycloak, audience from the settings, in a list', jwt({ ...KEYCLOAK, aud: ['account', 'orthanc-api'] }), { dialect: 'standard', audience: 'orthanc-api' }, 'oidc-access', 'uuuu server-decides'],
  ['RFC 9068 at+jwt', jwt({ iss: 'https://id.example', aud: 'x', exp: SECONDS + 9, client_id: 'c' }, { alg: 'ES256', typ: 'at+jwt' } ), STANDARD, 'oidc-access', 'uuuu server-decides'],
  ['Entra ID at another server', jwt(ENTRA_V1), STANDARD, 'entra-access', 'uuuu server-decides'],
  // Share tokens.
  ['orthanc.md 5.1: viewer-instant-link', jwt(SHARE, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: download-instant-link', jwt({ ...SHARE, type: 'download-instant-link' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: ohif-viewer-publication', jwt({ ...SHARE, type: 'ohif-viewer-publication' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: stone-viewer-publication', jwt({ ...SHARE, type: 'stone-viewer-publication' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: osimis-viewer-publication', jwt({ ...SHARE, type: 'osimis-viewer-publication' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: volview-viewer-publication', jwt({ ...SHARE, type: 'volview-viewer-publication' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: meddream-viewer-publication', jwt({ ...SHARE, type: 'meddream-viewer-publication' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: inbox-link', jwt({ ...SHARE, type: 'inbox-link' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: type "invalid"', jwt({ ...SHARE, type: 'invalid' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: meddream-instant-link is foreign', 'eyJ0b2tlbiI6Ik1lZERyZWFtIn0', STANDARD, 'opaque', 'uuuu server-decides'],
  ['orthanc.md 5.1: expired publication', jwt({ ...SHARE, type: 'ohif-viewer-publication', expiration_date: '2026-02-28T12:00:00Z' }, HS256), STANDARD, 'orthanc-share', 'nnnn expired'],
  ['orthanc.md 5.1: no expiration_date at all', jwt({ ...SHARE, expiration_date: undefined }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: no exp counts, there is none', jwt({ ...SHARE, exp: SECONDS - 9999 }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.4.1: HS384 and HS512 as well', jwt(SHARE, { alg: 'HS512' }), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.4.1: no type', jwt({ ...SHARE, type: undefined }, HS256), STANDARD, 'opaque', 'uuuu server-decides'],
  ['orthanc.md 5.4.1: resources no list', jwt({ ...SHARE, resources: {} }, HS256), STANDARD, 'opaque', 'uuuu server-decides'],
  ['design.md 8: share token at the local service', jwt(SHARE, HS256), AZURE, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: never expires', jwt({ ...SHARE, expiration_date: null }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: expired', jwt({ ...SHARE, expiration_date: '2026-03-01T11:00:00Z' }, HS256), STANDARD, 'orthanc-share', 'nnnn expired'],
  ['orthanc.md 5.1: no time zone is UTC', jwt({ ...SHARE, expiration_date: '2026-03-01T11:54:00.000000' }, HS256), STANDARD, 'orthanc-share', 'nnnn expired'],
  ['orthanc.md 5.1: no time zone, still valid', jwt({ ...SHARE, expiration_date: '2026-03-01T12:30:00.000000' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.1: an end that is no date', jwt({ ...SHARE, expiration_date: 'soon' }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['orthanc.md 5.4.1: RS256 is not a share token', jwt(SHARE), STANDARD, 'opaque', 'uuuu server-decides'],
  ['orthanc.md 5.4.1: with an issuer it is not', jwt({ ...SHARE, iss: 'https://x' }, HS256), STANDARD, 'oidc-access', 'uuuu server-decides'],
  // Opaque.
  ['ohif-3.13.md B3: not a JWT', 'AAAA-bbbb_1234', AZURE, 'opaque', 'uuuu server-decides'],
  ['RFC 7516: encrypted, five parts', 'eyJhbGciOiJSU0EifQ.a.b.c.d', AZURE, 'opaque', 'uuuu server-decides'],
  ['RFC 6750 2.1: a space', 'Bearer abc', AZURE, 'opaque', 'nnnn wrong-kind'],
  ['RFC 6750 2.1: a line break', 'abc\r\nX-Evil: 1', AZURE, 'opaque', 'nnnn wrong-kind'],
  ['RFC 6750 2.1: empty', '', AZURE, 'opaque', 'nnnn wrong-kind'],
  ['HMAC JWT without issuer', jwt({ sub: 'x' }, HS256), AZURE, 'opaque', 'uuuu server-decides'],
  // Hostile.
  ['RFC 8725 3.1: alg none', jwt(ENTRA_V1, { alg: 'none' }), AZURE, 'entra-access', 'nnnn wrong-kind'],
  ['RFC 8725 3.1: alg nOnE on a share token', jwt(SHARE, { alg: 'nOnE' }), STANDARD, 'orthanc-share', 'nnnn wrong-kind'],
  ['RFC 7515 4.1.1: no alg', jwt(ENTRA_V1, {}), AZURE, 'entra-access', 'nnnn wrong-kind'],
  ['RFC 7515 2: not base64url', `${part({ alg: 'RS256' })}.e30+.x`, AZURE, 'opaque', 'uuuu server-decides'],
  ['not JSON', `${part('nope')}.${part('nope')}.x`, AZURE, 'opaque', 'uuuu server-decides'],
  ['a list, not an object', `${part([])}.${part([])}.x`, AZURE, 'opaque', 'uuuu server-decides'],
  ['RFC 7519 4: of duplicates the last counts', jwt(`{"iss":"https://a","aud":"x","aud":"${AUDIENCE}","scope":"s"}`), AZURE, 'oidc-access', 'uuuu server-decides'],
  ['__proto__ gives no claims', jwt(`{"__proto__":{"iss":"${ENTRA_V1.iss}","scp":"Dicom.ReadWrite","aud":"${AUDIENCE}"}}`), AZURE, 'opaque', 'uuuu server-decides'],
  ['constructor as a claim', jwt('{"constructor":{"prototype":1},"iss":"constructor"}'), STANDARD, 'oidc-access', 'uuuu server-decides'],
  ['claims of wrong types', jwt({ iss: 5, aud: { a: 1 }, scp: [1, null], exp: '9', resources: 'x', roles: {} }, { alg: 7 }), AZURE, 'opaque', 'nnnn wrong-kind'],
  ['numbers beyond dates', jwt({ ...ENTRA_V1, exp: 1e308, nbf: -1e308 }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7519 4: of duplicates in the header the last counts', jwt(ENTRA_V1, '{"alg":"RS256","alg":"none"}'), AZURE, 'entra-access', 'nnnn wrong-kind'],
  ['RFC 7519 4: scp twice', jwt(`{"iss":"${ENTRA_V1.iss}","aud":"${AUDIENCE}","scp":"Dicom.ReadWrite","scp":"Dicom.Read"}`), AZURE, 'entra-access', 'yynn no-write-scope'],
  ['__proto__ in the header', jwt(ENTRA_V1, '{"__proto__":{"alg":"RS256"}}'), AZURE, 'entra-access', 'nnnn wrong-kind'],
  ['__proto__ beside claims changes none', jwt(`{"__proto__":{"scp":"Dicom.ReadWrite"},"iss":"${ENTRA_V1.iss}","aud":"${AUDIENCE}","scp":"Dicom.Read"}`), AZURE, 'entra-access', 'yynn no-write-scope'],
  ['inherited names as claims', jwt('{"toString":1,"valueOf":[],"hasOwnProperty":0}'), AZURE, 'opaque', 'uuuu server-decides'],
  ['deep lists', jwt(`${'['.repeat(3000)}${']'.repeat(3000)}`), AZURE, 'opaque', 'uuuu server-decides'],
  ['deep objects in a claim', jwt(`{"iss":"https://a","scope":"s","x":${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}}`), STANDARD, 'oidc-access', 'uuuu server-decides'],
  ['deep resources', jwt({ ...SHARE, resources: [[[[SHARE.resources]]]] }, HS256), STANDARD, 'orthanc-share', 'yynn read-only-link'],
  ['a thousand scopes', jwt({ ...ENTRA_V1, scp: `${'a '.repeat(1000)}Dicom.ReadWrite` }), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 3629 3: not UTF-8', `${part({ alg: 'RS256' })}.${Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url')}.x`, AZURE, 'opaque', 'uuuu server-decides'],
  ['RFC 8259 8.1: a byte order mark is skipped', jwt(`\ufeff${JSON.stringify(ENTRA_V1)}`), AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7515 7.1: empty parts', '..', AZURE, 'opaque', 'uuuu server-decides'],
  ['RFC 7515 7.1: no signature', `${part({ alg: 'RS256' })}.${part(ENTRA_V1)}.`, AZURE, 'entra-access', 'yyyy permitted'],
  ['RFC 7515 7.1: four parts', `${jwt(ENTRA_V1)}.x`, AZURE, 'opaque', 'uuuu server-decides'],
  ['a NUL behind a token', `${jwt(ENTRA_V1)}\u0000`, AZURE, 'entra-access', 'nnnn wrong-kind'],
  ['letters that look like ASCII', jwt({ ...ENTRA_V1, scp: 'Dicom.ReadWritе' }), AZURE, 'entra-access', 'uunn no-write-scope'],
  ['just short of the longest', `${part({ alg: 'RS256' })}.${part({ ...ENTRA_V1, x: 'a'.repeat(48_000) })}.x`, AZURE, 'entra-access', 'yyyy permitted'],
  ['longer than any header', 'a'.repeat(65_537), AZURE, 'opaque', 'nnnn wrong-kind'],
];

describe('describeToken', () => {
  it('has a source for each row', () => {
    expect(ROWS.filter(([cite]) => cite.trim() === '')).toEqual([]);
    expect(new Set(ROWS.map(([cite]) => cite)).size).toBe(ROWS.length);
  });

  it.each(ROWS)('%s', (_cite, token, service, kind, expected) => {
    const description = describeToken(token, { service, now: NOW });
    expect([description.kind, answers(description)]).toEqual([kind, expected]);
  });

  it('gives what an access token of Entra ID says', () => {
    expect(describeToken(jwt(ENTRA_V1), { service: AZURE, now: NOW })).toMatchObject({
      audience: [AUDIENCE],
      scopes: ['Dicom.ReadWrite'],
      roles: [],
      issuer: ENTRA_V1.iss,
      expiresAt: NOW + 3_000_000,
      notBefore: NOW - 600_000,
      resources: [],
      name: 'Dr. Example',
      username: 'doctor@clinic.example',
    });
  });

  it('gives what a Keycloak access token says', () => {
    expect(describeToken(jwt(KEYCLOAK), { service: STANDARD, now: NOW })).toMatchObject({
      roles: ['doctor-role'],
      scopes: ['openid', 'profile', 'email'],
      username: 'doctor',
    });
  });

  it('gives the studies and the end of a share token', () => {
    const resources = [
      ...SHARE.resources,
      { dicom_uid: '1.2.3.004', level: 'Study' },
      { dicom_uid: '1.9', level: 'series' },
      { dicom_uid: '<script>', level: 'study' },
      null,
      'x',
    ];
    const description = describeToken(jwt({ ...SHARE, resources }, HS256), {
      service: STANDARD,
      now: NOW,
    });
    expect(description).toMatchObject({
      resources: [STUDY, '1.2.3.004'],
      hasOtherResources: true,
      shareType: 'viewer-instant-link',
      expiresAt: NOW + 3_600_000,
    });
  });

  it('shows names as one line of bounded length', () => {
    const name = `Dr.\u0000\n\u202eEvil${'x'.repeat(5000)}`;
    const description = describeToken(jwt({ ...ENTRA_V1, name }), { service: AZURE, now: NOW });
    expect(description.name).toMatch(/^Dr\. Evilx+$/);
    expect(description.name?.length).toBeLessThanOrEqual(256);
  });

  it('puts no claim into a reason', () => {
    for (const [, token, service] of ROWS) {
      const { permits } = describeToken(token, { service, now: NOW });
      for (const { reason } of Object.values(permits)) {
        expect(reason).not.toMatch(/clinic\.example|Dr\. Example|1111-2222|graph\.microsoft/);
        expect(reason).toMatch(/^It .+\.$|^The .+\.$|^This .+\.$/);
      }
    }
  });

  it('stands anything that is not a string', () => {
    for (const value of [undefined, null, 5, {}, []]) {
      const description = describeToken(value as unknown as string, { service: AZURE, now: NOW });
      expect(description.kind).toBe('opaque');
    }
  });

  describe('takes less than a millisecond for 8 kB', () => {
    const LONGEST_MS = 1;
    const BYTES = 8192;
    const hostile: readonly (readonly [what: string, token: string])[] = [
      ['deep lists that do not end', jwt('['.repeat(5900))],
      ['deep objects', jwt(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`)],
      ['nothing but dots', '.'.repeat(BYTES)],
      ['nothing but letters', 'A'.repeat(BYTES)],
      ['nothing but padding', '='.repeat(BYTES)],
      ['spaces as scopes, NULs as a name', jwt({ iss: 'x', scp: ' '.repeat(5000), name: '\u0000'.repeat(150) })],
      ['a long share token', jwt({ ...SHARE, resources: Array.from({ length: 400 }, () => ({ a: 1 })) }, HS256)],
      ['a long host', jwt({ iss: `https://${'a.'.repeat(2500)}` })],
      ['a long end', jwt({ ...SHARE, expiration_date: '2026-'.repeat(1100) }, HS256)],
      ['many roles', jwt({ ...ENTRA_V1, roles: Array.from({ length: 700 }, (_, index) => `r${index}`) })],
      ['many names', jwt(Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`__proto__${index}`, 0])))],
    ]; // prettier-ignore
    /** All of them and each row of the table, made as long by their signature. */
    const tokens = [...hostile, ...ROWS.map(([cite, token]) => [cite, token] as const)]
      .filter(([, { length }]) => length <= BYTES)
      .map(([what, token]) => {
        const [header = '', claims, ...rest] = token.split('.');
        const isJwt = claims !== undefined && rest.length === 1;
        const room = 'A'.repeat(BYTES - token.length);
        return [what, isJwt ? `${header}.${claims}.${room}${rest[0]}` : `${token}${room}`] as const;
      });

    it('tries 8 kB each, over the whole table', () => {
      expect(tokens.filter(([, { length }]) => length !== BYTES).map(([what]) => what)).toEqual([]);
      expect(tokens.length).toBeGreaterThan(110);
    });

    /** What the code costs, not what else the machine does: of many runs the fastest, and no more runs than are needed. */
    function fastestMs(token: string): number {
      let best = Infinity;
      for (let run = 0; run < 500 && best >= LONGEST_MS; run++) {
        const start = performance.now();
        describeToken(token, { service: AZURE, now: NOW });
        best = Math.min(best, performance.now() - start);
      }
      return best;
    }

    it.each(tokens)('%s', (_what, token) => {
      expect(fastestMs(token)).toBeLessThan(LONGEST_MS);
    });
  });
});
