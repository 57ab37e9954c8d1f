import { storeOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const AUTHORITY = 'https://login.microsoftonline.com/tenant/v2.0';
const AUDIENCE = 'https://dicom.healthcareapis.azure.com';
const CHALLENGE = `Bearer authorization_uri="${AUTHORITY}", resource_id="${AUDIENCE}", realm="${AUDIENCE}"`;
const YEAR_2100 = 4_102_444_800;

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
/** An access token as the level `claims` reads it: its signature counts for nothing. */
const token = (claims: Record<string, unknown>) =>
  [
    part({ alg: 'RS256', typ: 'JWT' }),
    part({
      aud: AUDIENCE,
      iss: AUTHORITY,
      exp: YEAR_2100,
      scp: 'Dicom.ReadWrite',
      oid: 'owner',
      ...claims,
    }),
    'c2lnbmF0dXJl',
  ].join('.');
const as = (claims: Record<string, unknown>) => ({ authorization: `Bearer ${token(claims)}` });
const reader = as({ oid: 'reader' });
const store = (s: Scene, headers: Record<string, string | undefined>) => {
  const sent = storeOf('/v2/studies', [s.file()]);
  return { ...sent, headers: { ...sent.headers, ...headers } };
};

interface Case {
  title: string;
  headers: Record<string, string | undefined>;
  path?: string;
  status: number;
  text?: string;
  challenge?: string;
  source: string;
  known: Row['known'];
}

const CASES: readonly Case[] = [
  {
    title: 'no credential: 401 with the challenge',
    headers: {},
    status: 401,
    text: '',
    challenge: CHALLENGE,
    source: 'AuthenticationTests; SecurityModule options.Challenge',
    known: 'E2E',
  },
  {
    title: 'what is no token: 401',
    headers: { authorization: 'Bearer abc' },
    status: 401,
    text: '',
    challenge: `${CHALLENGE}, error="invalid_token"`,
    source: 'AuthenticationTests',
    known: 'E2E',
  },
  {
    title: 'another scheme: 401',
    headers: { authorization: 'Basic YTpi' },
    status: 401,
    text: '',
    challenge: CHALLENGE,
    source: 'JwtBearerHandler',
    known: 'framework',
  },
  {
    title: 'another audience: 401 and why',
    headers: as({ aud: 'api://other' }),
    status: 401,
    text: '',
    challenge: `${CHALLENGE}, error="invalid_token", error_description="The audience 'api://other' is invalid"`,
    source: 'JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'expired: 401 and when',
    headers: as({ exp: 1_577_836_800 }),
    status: 401,
    text: '',
    challenge: `${CHALLENGE}, error="invalid_token", error_description="The token expired at '01/01/2020 00:00:00'"`,
    source: 'JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'not valid yet: 401 and until when',
    headers: as({ nbf: 4_070_908_800 }),
    status: 401,
    text: '',
    challenge: `${CHALLENGE}, error="invalid_token", error_description="The token is not valid before '01/01/2099 00:00:00'"`,
    source: 'JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'the audience with a slash',
    headers: as({ aud: `${AUDIENCE}/` }),
    status: 204,
    source: 'reference 5, Audience; ours',
    known: 'ours',
  },
  {
    title: 'a Data Owner searches',
    headers: as({}),
    status: 204,
    source: 'reference 5, Azure RBAC',
    known: 'docs',
  },
  {
    title: 'a Data Reader searches',
    headers: reader,
    status: 204,
    source: 'reference 5, Azure RBAC',
    known: 'docs',
  },
  {
    title: 'no role: 403',
    headers: as({ oid: 'nobody' }),
    status: 403,
    text: 'Authorization failed.',
    source: 'UnauthorizedDicomActionException; DicomCoreResource Forbidden',
    known: 'code',
  },
  {
    title: '401 before 406',
    headers: { accept: 'image/png' },
    status: 401,
    source: 'reference 5, Auth vs 406/400',
    known: 'code',
  },
  {
    title: '406 before 403',
    headers: { ...as({ oid: 'nobody' }), accept: 'image/png' },
    status: 406,
    text: '',
    source: 'reference 5, Auth vs 406/400',
    known: 'code',
  },
  {
    title: '400 for an option before 403',
    headers: as({ oid: 'nobody' }),
    path: '/v2/studies?limit=x',
    status: 400,
    source: 'reference 3.6',
    known: 'code',
  },
  {
    title: '403 before 400 for an attribute',
    headers: as({ oid: 'nobody' }),
    path: '/v2/studies?foo=1',
    status: 403,
    source: 'reference 3.6',
    known: 'code',
  },
  {
    title: '403 before 400 for the path',
    headers: as({ oid: 'nobody' }),
    path: '/v2/studies/a.b/metadata',
    status: 403,
    source: 'reference 3.6',
    known: 'code',
  },
  {
    title: '< before 401',
    headers: {},
    path: '/v2/studies?a=%3c',
    status: 400,
    text: 'The query string included invalid characters.',
    source: 'QueryStringValidatorMiddleware',
    known: 'code',
  },
  {
    title: 'a Data Reader reads the change feed',
    headers: reader,
    path: '/v2/changefeed',
    status: 200,
    text: '[]',
    source: 'reference 5, Mapping',
    known: 'code',
  },
  {
    title: 'no role, the change feed: 403',
    headers: as({ oid: 'nobody' }),
    path: '/v2/changefeed',
    status: 403,
    text: 'Authorization failed.',
    source: 'ChangeFeedHandler',
    known: 'code',
  },
  {
    title: 'health is anonymous',
    headers: {},
    path: '/health/check',
    status: 200,
    source: 'HealthCheckTests',
    known: 'E2E',
  },
];

const reads = CASES.map(
  ({ title, headers, path = '/v2/studies', status, text, challenge, source, known }): Row => ({
    title,
    source,
    known,
    request: () => ({ path, headers }),
    status,
    text,
    then: answer => {
      if (challenge !== undefined) expect(answer.headers['www-authenticate']).toBe(challenge);
    },
  })
);

const DENIED = 'reference 5, Mapping and Azure RBAC';
const writes: Row[] = [
  {
    title: 'a Data Owner stores',
    source: DENIED,
    known: 'docs',
    request: s => store(s, as({})),
    status: 200,
  },
  {
    title: 'a Data Reader stores: 403',
    source: DENIED,
    known: 'docs',
    request: s => store(s, reader),
    status: 403,
    text: 'Authorization failed.',
  },
  {
    title: 'no credential: 401, nothing of the body is taken',
    source: 'AuthenticationTests',
    known: 'E2E',
    request: s => store(s, {}),
    status: 401,
  },
  {
    title: '415 before 401',
    source: 'reference 1.1, order of checks',
    known: 'framework',
    request: s => store(s, { 'content-type': 'text/plain' }),
    status: 415,
  },
  ...(
    [
      ['DELETE', '/v2/studies/1.2', {}],
      ['POST', '/v2/extendedquerytags', { 'content-type': 'application/json' }],
      ['DELETE', '/v2/extendedquerytags/00101010', {}],
      ['POST', '/v2/studies/$bulkUpdate', { 'content-type': 'application/json' }],
      ['POST', '/v2/export', { 'content-type': 'application/json' }],
      ['POST', '/v2/workitems?1.2', { 'content-type': 'application/dicom+json' }],
    ] as const
  ).map(([method, path, headers]): Row => ({
    title: `a Data Reader, ${method} ${path}: 403`,
    source: DENIED,
    known: 'code',
    request: () => ({
      method,
      path,
      headers: { ...headers, ...reader },
      body: path.includes('workitems')
        ? '[{}]'
        : method === 'POST'
          ? '[{"Path":"00101010","Level":"Study"}]'
          : undefined,
    }),
    status: 403,
    text: 'Authorization failed.',
  })),
];

const ORIGIN = 'https://viewer.example';
const cors: Row[] = [
  {
    title: 'a preflight needs no access token',
    source: 'DicomServerServiceCollectionExtensions, UseCors comes first',
    known: 'code',
    request: () => ({
      method: 'OPTIONS',
      path: '/v2/studies',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    }),
    status: 204,
    headers: {
      'access-control-allow-origin': `${ORIGIN}`,
      'access-control-allow-headers': /authorization/,
    },
  },
  {
    title: 'an answer of 401 can be read by the page',
    source: 'reference 5, CORS',
    known: 'code',
    request: () => ({ path: '/v2/studies', headers: { origin: ORIGIN } }),
    status: 401,
    headers: { 'access-control-allow-origin': `${ORIGIN}` },
  },
  {
    title: 'a page of another origin gets nothing',
    source: 'msdoc configure-cross-origin-resource-sharing',
    known: 'docs',
    request: () => ({ path: '/v2/studies', headers: { origin: 'https://other.example' } }),
    status: 401,
    headers: { 'access-control-allow-origin': null },
  },
  {
    title: 'no headers are exposed',
    source: 'reference 5, CORS',
    known: 'inference',
    request: () => ({ path: '/v2/changefeed', headers: { origin: ORIGIN, ...as({}) } }),
    status: 200,
    headers: { 'access-control-expose-headers': null },
  },
];

/** Section 5 of the reference. */
export const AUTHENTICATION: Table = {
  name: 'Authentication, roles and CORS',
  options: {
    auth: 'claims',
    identity: { issuers: [AUTHORITY], jwksUri: `${AUTHORITY}/keys`, authority: AUTHORITY },
    roleOf: ({ oid }) => (oid === 'owner' || oid === 'reader' ? oid : undefined),
    corsOrigins: [ORIGIN],
  },
  rows: [...reads, ...writes, ...cors],
};

/** Section 0 of the reference. */
export const EVERYWHERE: Table = {
  name: 'Every request',
  rows: [
    {
      title: 'the base headers',
      source: 'reference 0.4; SecurityHeadersHelper',
      known: 'code',
      request: () => ({ path: '/v2/studies' }),
      status: 204,
      headers: {
        'api-supported-versions': /^1\.0, 2\.0$/,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'SAMEORIGIN',
        'content-security-policy': "frame-src 'self';",
      },
    },
    ...(
      [
        ['/studies', 'without a version', 404],
        ['/v2/nothing', 'no such resource', 404],
        ['/v1/studies', 'v1', 204],
        ['/v1.0/studies', 'v1.0', 204],
        ['/v2/STUDIES', 'in other letters', 204],
        ['/v2/studies/', 'with a slash behind it', 204],
      ] as const
    ).map(([path, title, status]): Row => ({
      title: `${path}: ${title}`,
      source: 'reference 0.1; ASP.NET routing',
      known: 'framework',
      request: () => ({ path }),
      status,
    })),
    {
      title: 'health: what is healthy',
      source: 'HealthCheckTests; health-check-api.md',
      known: 'E2E',
      request: () => ({ path: '/health/check' }),
      status: 200,
      text: /^\{"overallStatus":"Healthy","details":\[/,
    },
    {
      title: 'export is off: 404',
      source: 'ExportController.GetResultIfEnabledAsync',
      known: 'code',
      request: () => ({
        method: 'POST',
        path: '/v2/export',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
      status: 404,
      text: '',
    },
    {
      title: 'the OpenAPI description is not there: 501',
      source: 'reference 4, Misc',
      known: 'ours',
      request: () => ({ path: '/v2/api.json' }),
      status: 501,
      text: 'This emulator does not have the OpenAPI description.',
    },
  ],
};
