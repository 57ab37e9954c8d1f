import {
  DICOM_AUDIENCE,
  GRAPH_AUDIENCE,
  GRAPH_RESOURCE,
  resourceOfClientCredentials,
  resourceOfScopes,
  scopeClaim,
} from './scopes.ts';

const ENTRA_SCOPES = 'Microsoft identity platform, "Scopes and permissions"';
const DICOM_READ_WRITE = `${DICOM_AUDIENCE}/Dicom.ReadWrite`;

describe('the resource of a sign-in', () => {
  const ROWS = [
    // cite, scope, resource (undefined: refused)
    ['azure-dicom-service.md section 5, scope', DICOM_READ_WRITE, DICOM_AUDIENCE],
    [`${ENTRA_SCOPES}: .default`, `${DICOM_AUDIENCE}/.default`, DICOM_AUDIENCE],
    ['ohif-3.13.md B5', `openid profile offline_access ${DICOM_READ_WRITE}`, DICOM_AUDIENCE],
    [`${ENTRA_SCOPES}: OpenID scopes alone are for Graph`, 'openid profile', GRAPH_RESOURCE],
    [`${ENTRA_SCOPES}: a short name is Graph's`, 'openid User.Read', GRAPH_RESOURCE],
    ['RFC 6749 section 3.3: scope may be missing', undefined, GRAPH_RESOURCE],
    ['ohif-3.13.md B5: one resource per access token', `${DICOM_READ_WRITE} User.Read`, undefined],
    [`${ENTRA_SCOPES}: another API's scope in short form`, 'Dicom.ReadWrite', undefined],
    ['azure-dicom-service.md section 5: one scope only', `${DICOM_AUDIENCE}/Dicom.Read`, undefined],
    ['hostile', '__proto__', undefined],
    ['hostile: only begins with the audience', `${DICOM_AUDIENCE}.evil.test/x`, undefined],
  ] as const;

  it.each(ROWS)('%s: %s', (_cite, scope, want) => {
    const found = resourceOfScopes(scope);
    expect('resource' in found ? found.resource : undefined).toBe(want);
  });

  it('says which scope is at fault', () => {
    expect(resourceOfScopes('openid Dicom.ReadWrite')).toEqual({
      problem: expect.stringContaining(`expected openid, profile, email, offline_access`),
      scope: 'Dicom.ReadWrite',
    });
  });
});

describe('the resource of client credentials', () => {
  const ENTRA_DAEMON = 'Microsoft identity platform, "client credentials flow": scope';
  const ROWS = [
    [ENTRA_DAEMON, `${DICOM_AUDIENCE}/.default`, DICOM_AUDIENCE],
    [ENTRA_DAEMON, `${GRAPH_RESOURCE}/.default`, GRAPH_RESOURCE],
    [`${ENTRA_DAEMON}, a permission by name`, DICOM_READ_WRITE, undefined],
    [`${ENTRA_DAEMON}, two`, `${DICOM_AUDIENCE}/.default openid`, undefined],
    [`${ENTRA_DAEMON}, unknown`, 'https://other.test/.default', undefined],
    [`${ENTRA_DAEMON}, missing`, undefined, undefined],
  ] as const;

  it.each(ROWS)('%s: %s', (_cite, scope, want) => {
    const found = resourceOfClientCredentials(scope);
    expect('resource' in found ? found.resource : undefined).toBe(want);
  });
});

describe('the scp claim', () => {
  const CLAIMS = 'Microsoft identity platform, "Access token claims reference": scp';
  const ROWS = [
    [CLAIMS, DICOM_AUDIENCE, DICOM_READ_WRITE, 'Dicom.ReadWrite'],
    [`${CLAIMS}, .default is all that is granted`, DICOM_AUDIENCE, '.default', 'Dicom.ReadWrite'],
    [CLAIMS, GRAPH_AUDIENCE, `openid ${GRAPH_RESOURCE}/User.Read`, 'openid User.Read'],
    [CLAIMS, GRAPH_AUDIENCE, undefined, ''],
  ] as const;

  it.each(ROWS)('%s: %s, %s', (_cite, audience, scope, want) => {
    expect(scopeClaim(audience, scope)).toBe(want);
  });
});
