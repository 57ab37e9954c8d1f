import { spawnSync } from 'node:child_process';
import { parseAuthConnectionInfo } from './auth-connection-info.ts';

const TENANT = 'https://login.microsoftonline.com/5f0c6d0e-0000-4000-8000-000000000001';
const MEMBERS = {
  authority: TENANT,
  client_id: 'c1d2',
  client_secret: "se~cr.et-with, 'quotes' and: colons",
  oauth_resource: 'https://dicom.healthcareapis.azure.com',
};
const WANTED = {
  tokenEndpoint: `${TENANT}/oauth2/v2.0/token`,
  clientId: 'c1d2',
  clientSecret: 'mI60~oMhwK.w6-3N4J~',
  scope: 'https://dicom.healthcareapis.azure.com/.default',
};
const README = `{'authority': '${TENANT}', 'client_id': 'c1d2', 'client_secret': 'mI60~oMhwK.w6-3N4J~', 'oauth_resource': 'https://dicom.healthcareapis.azure.com'}`;

/** What bash makes of `AUTH_CONNECTION_INFO=$'{...}'` as the README has it. */
function throughBash(text: string): string {
  const script = `AUTH_CONNECTION_INFO=$'${text}' ; printf %s "$AUTH_CONNECTION_INFO"`;
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout;
}

const FORMS: [cite: string, value: string][] = [
  ['README "Authentication", the dictionary itself', README],
  ['README, the whole right side, as an env file keeps it', `$'${README}'`],
  ['README, the line run by bash (which takes the quotes away)', throughBash(README)],
  ['the same as JSON', README.replaceAll("'", '"')],
  ['spread over lines', README.replaceAll(', ', ',\n  ')],
  [
    'authority and resource with a slash at the end',
    README.replace(TENANT, `${TENANT}/`).replace("azure.com'}", "azure.com/'}"),
  ],
  ['authority of version 2.0', README.replace(TENANT, `${TENANT}/v2.0`)],
];

it.each(FORMS)('%s', (_cite, value) => {
  expect(parseAuthConnectionInfo(value)).toEqual(WANTED);
});

it('the shell does take the quotes away', () => {
  expect(throughBash(README)).toContain('{authority: https:');
});

it('takes a secret with quotes, commas and colons as JSON', () => {
  expect(parseAuthConnectionInfo(JSON.stringify(MEMBERS)).clientSecret).toBe(MEMBERS.client_secret);
});

it('takes a secret with an escaped quote in single quotes', () => {
  const value = README.replace('mI60~oMhwK.w6-3N4J~', String.raw`a\'b, client_x: \\c`);
  expect(parseAuthConnectionInfo(value).clientSecret).toBe(String.raw`a'b, client_x: \c`);
});

const WRONG: [what: string, value: string, says: RegExp][] = [
  [
    'nothing',
    '',
    /"authority" and "client_id" and "client_secret" and "oauth_resource" are missing/,
  ],
  ['a list', '["MARKER-SECRET"]', /are missing/],
  [
    'no secret',
    "{'authority': 'https://a/t', 'client_id': 'c', 'oauth_resource': 'r'}",
    /"client_secret" is missing/,
  ],
  [
    'authority is no URL',
    '{"authority":"t","client_id":"c","client_secret":"MARKER-SECRET","oauth_resource":"r"}',
    /"authority" is not an http/,
  ],
  [
    'authority without tenant',
    '{"authority":"https://a/","client_id":"c","client_secret":"MARKER-SECRET","oauth_resource":"r"}',
    /names no tenant/,
  ],
  [
    'authority with a password',
    '{"authority":"https://u:MARKER-SECRET@a/t","client_id":"c","client_secret":"x","oauth_resource":"r"}',
    /has a user/,
  ],
  ['members of the prototype', '{"__proto__":{"authority":"https://a/t"}}', /"authority"/],
];

it.each(WRONG)('%s: says what is wrong, and no value', (_what, value, says) => {
  let error: unknown;
  try {
    parseAuthConnectionInfo(value);
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({
    code: 'ERR_AUTH_PROVIDER_CONFIGURATION',
    message: expect.stringMatching(says),
  });
  expect(String(error)).not.toContain('MARKER-SECRET');
});
