import { jsonLines, runCli } from '../support/run-cli.ts';
import { CLIENT_SECRET, dataSource, DoctorScene, SEARCH } from '../support/doctor-scene.ts';
import { SERVICE_FAULTS } from '../support/doctor-service-faults.ts';
import { SIGN_IN_FAULTS } from '../support/doctor-sign-in-faults.ts';
import { freePort } from '../support/free-port.ts';
import type { Fault } from '../e2e/support/faults.ts';

let scene: DoctorScene;
beforeAll(async () => {
  scene = await DoctorScene.open();
}, 60_000);
afterAll(() => scene?.close());
afterEach(() => scene.clear());

it.each([...SIGN_IN_FAULTS, ...SERVICE_FAULTS])(
  '%s',
  async (_cite, arrange, status, fault) => {
    const { args, env = {} } = await arrange(scene);
    const { stdout, stderr, status: exit } = await runCli(['doctor', '--json', ...args], { env });
    const findings = jsonLines(stdout);
    expect(stderr).toBe('');
    const found = findings.find(finding => finding.fault === fault);
    expect(findings.map(one => one.fault ?? one.status)).toContain(fault);
    expect(found).toMatchObject({
      status,
      message: expect.any(String),
      remedy: expect.stringMatching(/\S/),
    });
    if (status === 'fail') expect(exit).toBe(1);
    for (const secret of [
      CLIENT_SECRET,
      'eyJ',
      ...Object.values(env).filter(value => value.startsWith('eyJ')),
    ]) {
      expect(stdout).not.toContain(secret);
    }
  },
  30_000
);

it('finds nothing wrong where nothing is wrong, stores a harmless instance and deletes it', async () => {
  await scene.dicom.forget();
  const args = ['doctor', ...(await scene.good()), ...scene.viewer(), '--write'];
  const { stdout, stderr, status } = await runCli(args, { env: scene.credentials() });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/\n14 ok, 0 warn, 0 fail\n$/);
  expect(stdout).toMatch(/^ok {3}store +A harmless instance was stored\.$/m);
  const requests = await scene.dicom.requests();
  expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(requests.filter(({ method }) => method === 'DELETE').map(one => one.status)).toEqual([
    204,
  ]);
}, 30_000);

/** What goes wrong after the instance was stored; it must be gone in the end. */
const CLEANUPS: [what: string, fault: Fault, faults: string[]][] = [
  [
    'it cannot be retrieved',
    { match: { method: 'GET', path: '/instances/' }, status: 500 },
    ['retrieve-failed'],
  ],
  [
    'the answer to the Store is lost',
    { match: { method: 'POST', path: '^/v2/studies$' }, dropAnswerAfterBytes: 0, times: 1 },
    ['store-failed'],
  ],
  ['the first removal fails', { match: { method: 'DELETE' }, status: 500, times: 1 }, []],
];
it.each(CLEANUPS)(
  '--write cleans up when %s',
  async (_what, fault, faults) => {
    const count = async () => {
      const { stdout } = await runCli(['studies', '--json', '--service', scene.stack.dicom], {
        env: scene.credentials(),
      });
      return jsonLines(stdout).length;
    };
    const before = await count();
    // An archive without studies, so that only the test instance is retrieved.
    await scene.dicom.inject({ match: SEARCH, status: 204 });
    await scene.dicom.inject(fault);
    const { stdout } = await runCli(['doctor', '--json', ...(await scene.good()), '--write'], {
      env: scene.credentials(),
    });
    const found = jsonLines(stdout).flatMap(({ status, fault: name }) =>
      status === 'fail' ? [name] : []
    );
    expect(found).toEqual(faults);
    expect(stdout).toMatch(/deleted again/);
    await scene.dicom.clear();
    expect(await count()).toBe(before);
  },
  30_000
);

it('says how to delete by hand what it could not delete', async () => {
  await scene.dicom.inject({ match: { method: 'DELETE' }, status: 500, times: 3 });
  const { stdout, status } = await runCli(
    ['doctor', '--json', ...(await scene.good()), '--write'],
    {
      env: scene.credentials(),
    }
  );
  const finding = jsonLines(stdout).find(({ fault }) => fault === 'cleanup-failed');
  expect(status).toBe(1);
  const [, uid = ''] = /ohif-azure delete --study ([\d.]+)$/.exec(String(finding?.remedy)) ?? [];
  const deleted = await runCli(
    ['delete', '--study', uid, '--yes', '--json', '--service', scene.stack.dicom],
    { env: scene.credentials() }
  );
  expect(jsonLines(deleted.stdout)[0]).toMatchObject({ deleted: 1 });
}, 30_000);

it('sends no access token to a host that only the viewer’s site names', async () => {
  const port = await freePort();
  const text = `window.config = ${JSON.stringify(dataSource({ qidoRoot: `https://archive.example:${port}/v2`, wadoRoot: `https://archive.example:${port}/v2`, dialect: 'azure', signIn: scene.signIn() }))};`;
  // The site of the stack, with another configuration in front.
  const { createServer } = await import('node:http');
  const site = createServer(async (request, response) => {
    if (request.url === '/app-config.js')
      return void response.setHeader('Content-Type', 'text/javascript').end(text);
    const answer = await fetch(`${scene.stack.viewer}${request.url}`);
    response
      .setHeader('Content-Type', answer.headers.get('content-type') ?? 'text/html')
      .end(await answer.text());
  });
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  try {
    const { port: sitePort } = site.address() as { port: number };
    const { stdout } = await runCli(
      ['doctor', '--json', '--viewer', `http://127.0.0.1:${sitePort}`],
      { env: scene.credentials() }
    );
    const finding = jsonLines(stdout).find(({ check }) => check === 'access-token');
    expect(finding).toMatchObject({
      status: 'warn',
      fault: 'not-checked',
      message: expect.stringContaining('archive.example'),
    });
  } finally {
    site.close();
  }
}, 30_000);

it('wrong use ends with 2 and says what is expected', async () => {
  const nothing = await runCli(['doctor']);
  expect([nothing.status, nothing.stderr]).toEqual([
    2,
    expect.stringContaining('--config <file>, --viewer <url> or --service <url>'),
  ]);
  const half = await runCli(['doctor', '--service', scene.stack.dicom], {
    env: { OAUTH_CLIENT_ID: 'relay', OAUTH_CLIENT_SECRET: CLIENT_SECRET },
  });
  expect([half.status, half.stderr]).toEqual([2, expect.stringContaining('OAUTH_TOKEN_ENDPOINT')]);
  expect(half.stderr).not.toContain(CLIENT_SECRET);
}, 30_000);
