import { readCredentials, type CredentialsRequest } from './credentials.ts';
import { readService } from './service-url.ts';

const prompt = () => undefined;
const read = (env: Record<string, string>, more: Partial<CredentialsRequest> = {}) =>
  readCredentials({ auth: undefined, env, isLoopback: false, prompt, ...more });
const CLIENT = {
  OAUTH_CLIENT_ID: 'c',
  OAUTH_CLIENT_SECRET: 'MARKER-SECRET',
  OAUTH_TOKEN_ENDPOINT: 'https://login.example/t/oauth2/v2.0/token',
};
const PYTHON =
  "{'authority': 'https://login.example/t', 'client_id': 'p', 'client_secret': 'MARKER-SECRET', 'oauth_resource': 'r'}";

/** Design, section 9: what the environment has, in this order. */
const ROWS: [
  what: string,
  env: Record<string, string>,
  more: Partial<CredentialsRequest>,
  kind: string,
  origin: RegExp,
][] = [
  ['client credentials', CLIENT, {}, 'client-credentials', /OAUTH_CLIENT_ID/],
  [
    'AUTH_CONNECTION_INFO',
    { AUTH_CONNECTION_INFO: PYTHON },
    {},
    'client-credentials',
    /AUTH_CONNECTION_INFO/,
  ],
  [
    'ours before the Python client’s',
    { ...CLIENT, AUTH_CONNECTION_INFO: PYTHON },
    {},
    'client-credentials',
    /OAUTH_CLIENT_ID/,
  ],
  [
    'the Python client’s before a token',
    { AUTH_CONNECTION_INFO: PYTHON, DICOM_ACCESS_TOKEN: 't' },
    {},
    'client-credentials',
    /AUTH_CONNECTION_INFO/,
  ],
  ['a token', { DICOM_ACCESS_TOKEN: 't' }, {}, 'token', /DICOM_ACCESS_TOKEN/],
  ['nothing, on this machine', {}, { isLoopback: true }, 'none', /none/],
  [
    'empty variables count as absent',
    { DICOM_ACCESS_TOKEN: ' ' },
    { isLoopback: true },
    'none',
    /none/,
  ],
  ['--auth goes before the environment', CLIENT, { auth: 'none' }, 'none', /none/],
  ['managed identity', {}, { auth: 'managed-identity' }, 'managed-identity', /managed identity/],
  ['device code', CLIENT, { auth: 'device-code' }, 'device-code', /device code/],
];
it.each(ROWS)('%s', (_what, env, more, kind, origin) => {
  const credentials = read(env, more);
  expect(credentials).toMatchObject({ kind, origin: expect.stringMatching(origin) });
  expect(credentials.source === undefined).toBe(kind === 'none');
});

const WRONG: [
  what: string,
  env: Record<string, string>,
  more: Partial<CredentialsRequest>,
  says: RegExp,
][] = [
  ['nothing, elsewhere', {}, {}, /No credentials/],
  [
    'a secret without the rest',
    { OAUTH_CLIENT_SECRET: 'MARKER-SECRET' },
    {},
    /OAUTH_CLIENT_ID and OAUTH_TOKEN_ENDPOINT/,
  ],
  [
    'a token endpoint that is no URL',
    { ...CLIENT, OAUTH_TOKEN_ENDPOINT: 'MARKER-SECRET' },
    {},
    /"tokenEndpoint"/,
  ],
  [
    'AUTH_CONNECTION_INFO without a secret',
    { AUTH_CONNECTION_INFO: PYTHON.replace('client_secret', 'other') },
    {},
    /"client_secret" is missing/,
  ],
  ['--auth token without one', {}, { auth: 'token' }, /DICOM_ACCESS_TOKEN/],
  [
    '--auth device-code without client',
    {},
    { auth: 'device-code' },
    /OAUTH_CLIENT_ID and OAUTH_TOKEN_ENDPOINT/,
  ],
];
it.each(WRONG)('%s is told by name, without a value', (_what, env, more, says) => {
  const wrong = () => read(env, more);
  expect(wrong).toThrow(says);
  expect(wrong).not.toThrow('MARKER-SECRET');
});

const AZURE = 'https://w-s.dicom.azurehealthcareapis.com';
const SERVICES: [url: string, wanted: object | RegExp][] = [
  [`${AZURE}/v2/`, { url: `${AZURE}/v2`, dialect: 'azure', isLoopback: false }],
  [`${AZURE}/v2/partitions/p1`, { url: `${AZURE}/v2/partitions/p1`, dialect: 'azure' }],
  ['http://localhost:8080/v2', { dialect: 'azure', isLoopback: true }],
  ['http://127.0.0.1:8042/dicom-web', { dialect: 'standard', isLoopback: true }],
  [AZURE, /version is missing \(\/v2\)/],
  [`${AZURE}/dicom`, /the path \/dicom is not one of the service/],
  ['ftp://x', /no http\(s\) URL/],
  ['https://u:MARKER-SECRET@x/v2', /user name or a password/],
  ['https://x/v2?token=MARKER-SECRET', /query string/],
];
it.each(SERVICES)('service %s', (url, wanted) => {
  if (wanted instanceof RegExp) {
    expect(() => readService(url, {})).toThrow(wanted);
    expect(() => readService(url, {})).not.toThrow('MARKER-SECRET');
  } else expect(readService(url, {})).toMatchObject(wanted);
});

it('takes the service from DICOM_SERVICE_URL, and asks for it where there is none', () => {
  expect(readService(undefined, { DICOM_SERVICE_URL: `${AZURE}/v2` }).url).toBe(`${AZURE}/v2`);
  expect(() => readService(undefined, {})).toThrow(/--service <url> or set DICOM_SERVICE_URL/);
});
