import { spawnSync } from 'node:child_process';
import { DoctorScene } from '../support/doctor-scene.ts';
import { jsonLines, runCli } from '../support/run-cli.ts';

let scene: DoctorScene;
let accessToken: string;

beforeAll(async () => {
  scene = await DoctorScene.open();
  const { OAUTH_TOKEN_ENDPOINT = '', ...client } = scene.credentials();
  const answer = await fetch(OAUTH_TOKEN_ENDPOINT, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.OAUTH_CLIENT_ID ?? '',
      client_secret: client.OAUTH_CLIENT_SECRET ?? '',
      scope: 'https://dicom.healthcareapis.azure.com/.default',
    }),
  });
  accessToken = ((await answer.json()) as { access_token: string }).access_token;
}, 60_000);
afterAll(() => scene?.close());

const KIND = /kind +entra-access/;
const WAYS: [
  what: string,
  call: () => { args: string[]; stdin?: string; env?: Record<string, string> },
  from: string,
][] = [
  [
    'standard input, asked for',
    () => ({ args: ['-'], stdin: `${accessToken}\n` }),
    'standard input',
  ],
  [
    'standard input, where nothing else is',
    () => ({ args: [], stdin: accessToken }),
    'standard input',
  ],
  [
    'with what people copy along',
    () => ({ args: ['-'], stdin: `Authorization: Bearer ${accessToken}` }),
    'standard input',
  ],
  [
    'the environment',
    () => ({ args: [], env: { DICOM_ACCESS_TOKEN: accessToken } }),
    'DICOM_ACCESS_TOKEN',
  ],
  ['client credentials', () => ({ args: [], env: scene.credentials() }), 'OAUTH_CLIENT_ID'],
  ['the command line', () => ({ args: [accessToken] }), 'the command line'],
];
it.each(WAYS)(
  'describes the access token of %s, and never prints it',
  async (what, call, from) => {
    const { args, ...options } = call();
    const { status, stdout, stderr } = await runCli(['token', ...args], options);
    expect([status, stdout]).toEqual([0, expect.stringMatching(KIND)]);
    expect(stdout).toContain(from);
    expect(stderr).toMatch(what === 'the command line' ? /^warning: .*history/ : /^$/);
    for (const part of [accessToken, ...accessToken.split('.')])
      expect(stdout + stderr).not.toContain(part);

    const json = await runCli(['token', '--json', ...args], options);
    const [description] = jsonLines(json.stdout);
    expect(description).toMatchObject({
      kind: 'entra-access',
      permits: { search: { answer: 'unknown' } },
    });
    expect(json.stdout).not.toContain(accessToken.split('.')[2]);
  },
  30_000
);

it('takes AUTH_CONNECTION_INFO as the Python client’s documentation shows it, also when bash has run that line', async () => {
  const authority = scene.stack.identity.replace(/\/v2\.0$/, '');
  const line = `{'authority': '${authority}', 'client_id': 'relay', 'client_secret': 'relay-secret', 'oauth_resource': 'https://dicom.healthcareapis.azure.com'}`;
  const { stdout: byBash } = spawnSync(
    'bash',
    ['-c', `AUTH_CONNECTION_INFO=$'${line}'; printf %s "$AUTH_CONNECTION_INFO"`],
    { encoding: 'utf8' }
  );
  expect(byBash).not.toContain("'");
  for (const AUTH_CONNECTION_INFO of [line, byBash]) {
    const { status, stdout, stderr } = await runCli(['studies', '--json'], {
      env: { AUTH_CONNECTION_INFO, DICOM_SERVICE_URL: scene.stack.dicom },
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(jsonLines(stdout)).toHaveLength(5);
  }
}, 30_000);

it('a wrong secret is told with what helps, and not shown', async () => {
  const { status, stderr } = await runCli(['studies', '--service', scene.stack.dicom], {
    env: { ...scene.credentials(), OAUTH_CLIENT_SECRET: 'MARKER-SECRET' },
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('invalid_client')]);
  expect(stderr).not.toContain('MARKER-SECRET');
}, 30_000);

it('without a token there is nothing to describe', async () => {
  const { status, stderr } = await runCli(['token', '-']);
  expect([status, stderr]).toEqual([2, expect.stringContaining('holds no access token')]);
}, 30_000);
