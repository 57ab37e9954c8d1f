/** The files of platform-config/orthanc-viewer: what an administrator gets is what is checked here. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import vm from 'node:vm';
import { resolveViewerSettings } from '@ohif-azure/core/settings';
import { createLocalJWKSet } from 'jose';
import { freePort } from '../support/free-port.ts';
import { startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { startOrthancGate, type OrthancGate } from '../support/orthanc-gate.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../platform-config/orthanc-viewer');
const VIEWER = 'https://viewer.example';
const shipped = (name: string) => readFile(path.join(FOLDER, name), 'utf8');
/** As an administrator does it: the angle brackets go, what is between them is right for the example. */
const filledIn = (text: string) => text.replace(/<(https?:[^<>]+)>/g, '$1');

/** Runs app-config.js as a browser does, with a viewer into which the plug-ins are compiled. */
async function settingsOf(text: string) {
  const window: { extensions: string[]; config?: () => Promise<unknown> } = {
    extensions: ['@ohif-azure/extension-azure'],
  };
  vm.runInNewContext(text, { window });
  // Objects of another realm have another prototype; the viewer's are of its own.
  const config: unknown = JSON.parse(JSON.stringify(await window.config?.()));
  return resolveViewerSettings(config, VIEWER);
}

describe('app-config.js', () => {
  it('names every value that is not filled in', async () => {
    const { problems } = await settingsOf(await shipped('app-config.js'));
    expect(problems.map(each => each.path).sort()).toEqual([
      'dataSources[0].configuration.qidoRoot',
      'dataSources[0].configuration.signIn.authority',
      'dataSources[0].configuration.wadoRoot',
    ]);
  });

  it('is right once it is', async () => {
    const { problems, archives } = await settingsOf(filledIn(await shipped('app-config.js')));
    expect(problems).toEqual([]);
    expect(archives).toEqual([
      expect.objectContaining({
        dicomwebRoot: 'https://pacs.example/orthanc/dicom-web',
        dialect: 'standard',
        audience: undefined,
        shareTokens: { accept: true, writeTypes: [] },
        signIn: expect.objectContaining({
          authority: 'https://keycloak.example/realms/orthanc',
          clientId: 'ohif-viewer',
          scopes: ['openid', 'profile', 'email'],
          when: 'save',
        }),
      }),
    ]);
  });
});

describe('keycloak-client.json', () => {
  it('fits app-config.js', async () => {
    const client = JSON.parse(filledIn(await shipped('keycloak-client.json'))) as {
      attributes: Record<string, string>;
    } & Record<string, unknown>;
    const { archives } = await settingsOf(filledIn(await shipped('app-config.js')));
    const { clientId, redirectPath, signedOutPath } = archives[0]!.signIn!;
    expect(client).toMatchObject({
      clientId,
      publicClient: true,
      standardFlowEnabled: true,
      implicitFlowEnabled: false,
      redirectUris: [`${VIEWER}${redirectPath}`],
      webOrigins: [VIEWER],
    });
    expect(client.attributes).toEqual({
      'pkce.code.challenge.method': 'S256',
      'post.logout.redirect.uris': `${VIEWER}${signedOutPath}`,
    });
  });
});

it('orthanc.json has a root for DICOMweb that app-config.js leads to', async () => {
  const { DicomWeb, Authorization } = JSON.parse(await shipped('orthanc.json')) as Record<
    string,
    Record<string, unknown>
  >;
  const { archives } = await settingsOf(filledIn(await shipped('app-config.js')));
  expect(`${new URL(archives[0]!.dicomwebRoot).pathname}/`).toBe(DicomWeb?.PublicRoot);
  expect(Authorization?.StandardConfigurations).toContain('ohif');
});

describe('nginx.conf, run by nginx', () => {
  let orthanc: Orthanc;
  let gate: OrthancGate;
  let nginx: ChildProcess;
  let folder: string;
  let root: string;

  beforeAll(async () => {
    orthanc = await startOrthanc();
    gate = await startOrthancGate({
      orthanc: orthanc.url,
      secret: 'a secret',
      realmKeys: createLocalJWKSet({ keys: [] }),
    });
    folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-nginx-'));
    const port = await freePort();
    const location = (await shipped('nginx.conf')).replace('<http://127.0.0.1:8042>', gate.url);
    const file = path.join(folder, 'nginx.conf');
    await writeFile(
      file,
      `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
       events {} http { access_log off; client_body_temp_path ${folder}/body;
       proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u;
       scgi_temp_path ${folder}/s; server { listen 127.0.0.1:${port}; ${filledIn(location)} } }`
    );
    nginx = spawn('nginx', ['-p', folder, '-c', file], { stdio: 'ignore' });
    root = `http://127.0.0.1:${port}/orthanc`;
    const end = Date.now() + 10_000;
    while (!(await fetch(root).catch(() => undefined))) {
      if (Date.now() > end || nginx.exitCode !== null) throw new Error('nginx did not start.');
      await wait(50);
    }
  }, 60_000);
  afterAll(async () => {
    const ended = new Promise(resolve => nginx?.once('exit', resolve));
    nginx?.kill();
    await ended;
    await Promise.all([gate?.close(), orthanc?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  it('answers what a browser asks before it sends an access token', async () => {
    const answer = await fetch(`${root}/dicom-web/studies/1.2.3`, {
      method: 'OPTIONS',
      headers: { Origin: VIEWER, 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(VIEWER);
    expect(answer.headers.get('Access-Control-Allow-Methods')).toBe('GET, POST');
    expect(answer.headers.get('Access-Control-Allow-Headers')).toContain('authorization');
  });

  it.each([
    ['a refusal', '/dicom-web/studies/1.2.3/metadata', 403],
    ['the profile', '/auth/user/profile', 200],
    ['a search', '/dicom-web/studies', 200],
  ])('lets the viewer read %s', async (_what, address, status) => {
    const answer = await fetch(`${root}${address}`, { headers: { Origin: VIEWER } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(VIEWER);
  });
});
