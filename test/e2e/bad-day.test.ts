import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { editAppConfig } from './support/app-config.ts';
import { Archive } from './support/archive.ts';
import { openPractice } from './support/practice.ts';
import { newFolder, runCommand, startStack } from './support/stack.ts';
import { CT } from './support/studies.ts';
import { ViewerPage } from './pages/ViewerPage.ts';

/** Another program that got there first. @param port - 0: any free one */
async function occupy(port = 0): Promise<{ port: number; release(): Promise<void> }> {
  const server: Server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    release: () => new Promise(resolve => server.close(() => resolve())),
  };
}

const portOf = (address: string) => Number(new URL(address).port);
const lines = (text: string) => text.trim().split('\n');

describe('the stack cannot start', () => {
  const FREE = ['--viewer-port', '0', '--dicom-port', '0', '--identity-port', '0', '--no-seed'];
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(['--viewer-port', '--dicom-port', '--identity-port'])(
    'since another program has the port of %s: one line that names it, exit status 2',
    async flag => {
      const other = await occupy();
      const flags = [...FREE, '--data', folder, flag, String(other.port)];
      const { status, stdout, stderr } = await runCommand('dev', ...flags);
      await other.release();
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(lines(stderr)).toHaveLength(1);
      expect(stderr).toContain(String(other.port));
    }
  );

  it('since a file is where the data folder should be', async () => {
    const file = path.join(folder, 'data');
    await writeFile(file, 'Not a folder.');
    const { status, stderr } = await runCommand('dev', ...FREE, '--data', file);
    expect(status).toBe(2);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(file);
  });

  it('since the folder of --viewer holds no viewer', async () => {
    const { status, stderr } = await runCommand(
      'dev',
      ...FREE,
      '--data',
      folder,
      '--viewer',
      folder
    );
    expect(status).toBe(2);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain('no index.html');
  });

  it('since the folder of --import is not there', async () => {
    const missing = path.join(folder, 'nowhere');
    const flags = [...FREE, '--data', folder, '--import', missing];
    const { status, stderr } = await runCommand('dev', ...flags);
    expect(status).toBe(2);
    expect(lines(stderr)).toHaveLength(1);
    expect(stderr).toContain(missing);
  });

  it.each([
    ['an unknown flag', ['--colour', 'blue'], '--colour'],
    ['a port that is none', ['--viewer-port', '70000'], '65535'],
    ['a life of access tokens that is no number', ['--access-token-seconds', 'long'], '86400'],
    ['test hooks in the open', ['--test-hooks', '--host', '0.0.0.0'], '--test-hooks'],
  ])('since it is called with %s', async (_what, flags, named) => {
    const { status, stderr } = await runCommand('dev', ...FREE, '--data', folder, ...flags);
    expect(status).toBe(2);
    expect(stderr).toContain(named);
  });
});

describe('the stack ends', () => {
  it('with Ctrl-C: cleanly, and its ports are free again', async () => {
    const stack = await startStack({ flags: ['--no-seed'] });
    expect(await stack.end('SIGINT')).toBe(0);
    for (const address of [stack.viewer, stack.dicom, stack.identity]) {
      const next = await occupy(portOf(address));
      await next.release();
    }
    await stack.stop();
  });

  it('without a warning: the studies are there when it starts again', async () => {
    const data = await newFolder();
    const first = await startStack({ data });
    await first.end('SIGKILL');
    const second = await startStack({ data, flags: ['--no-seed'] });
    expect(await new Archive(second).instanceCountOf(CT)).toBe(64);
    await second.stop();
    await rm(data, { recursive: true });
  });
});

describe('in the browser', () => {
  const story = openPractice();

  it(
    'mistakes in the settings are all named on a page',
    story(async ({ page, stack, notice }) => {
      await editAppConfig(page, text =>
        text
          .replace("clientId: 'ohif-viewer'", "clientId: '', tenant: 'x'")
          .replace(/serviceUrl: "[^"]*"/, "serviceUrl: 'archive.example/v2', apiVersion: 'v3'")
      );
      await page.goto(stack.viewer);
      await notice.says('settings');
      const configuration = 'dataSources[0].configuration';
      expect((await notice.settings()).sort()).toEqual([
        `${configuration}.apiVersion`,
        `${configuration}.serviceUrl`,
        `${configuration}.signIn.clientId`,
        `${configuration}.signIn.tenant`,
      ]);
    })
  );

  it.each(['extension', 'mode'])('a missing plug-in file (%s) is named on a page', name =>
    story(async ({ page, stack, notice }) => {
      const file = `/plugins/ohif-azure/${name}.mjs`;
      await page.route(`**${file}`, route => route.fulfill({ status: 404 }));
      await page.goto(stack.viewer);
      expect(await notice.says('plug-in')).toContain(file);
    })()
  );

  it(
    'a provider that is down is said, and sign-in goes on when it is back',
    story(async ({ page, stack, notice, signInPage, session }) => {
      const provider = `${new URL(stack.identity).origin}/**`;
      await page.route(provider, route => route.abort('connectionrefused'));
      await page.goto(stack.viewer);
      expect(await notice.says('provider')).toContain('Sign-in is not available right now');

      await page.unroute(provider);
      await notice.press('sign-in');
      await signInPage.signIn('owner');
      await session.signedInAs();
    })
  );

  it(
    'an archive that is down is not a study that is missing, and the study opens when it is back',
    story(async ({ page, stack, signIn, notice, viewer }) => {
      const archive = `${new URL(stack.dicom).origin}/**`;
      await page.route(archive, route => route.abort('connectionrefused'));
      await signIn('reader', ViewerPage.pathOf(CT));
      expect(await notice.says('service')).toContain('The archive did not answer.');

      await page.unroute(archive);
      await notice.press('reload');
      await viewer.showsPixels();
    })
  );

  it(
    'priors that cannot be searched for do not cover the study that is open',
    story(async ({ page, signIn, viewer }) => {
      const refused = page.waitForResponse(
        answer => answer.url().includes('PatientID=') && answer.status() === 403
      );
      await page.route(/\/v2\/studies\?.*PatientID=/, route =>
        route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': '*' } })
      );
      await signIn('reader', ViewerPage.pathOf(CT));
      await refused;
      await viewer.showsPixels();
      expect(await page.locator('[data-cy="azure-page"]').count()).toBe(0);
    })
  );

  it(
    'an archive that is down is said in the work list, too',
    story(async ({ page, stack, signIn, workList }) => {
      const archive = `${new URL(stack.dicom).origin}/**`;
      await page.route(archive, route => route.abort('connectionrefused'));
      await signIn('reader');
      expect(await workList.problem()).toContain('The archive did not answer.');
    })
  );

  it(
    'a study that does not exist is not available, in the words of the stock viewer',
    story(async ({ page, signIn }) => {
      await signIn('reader', ViewerPage.pathOf('2.25.404'));
      await page.getByText('One or more of the requested studies are not available').waitFor();
      expect(await page.locator('[data-cy="azure-page"]').count()).toBe(0);
    })
  );

  it(
    'who may not even read is told so: in the work list, and at a study',
    story(async ({ page, stack, signIn, workList, notice }) => {
      await signIn('nobody');
      expect(await workList.problem()).toContain('Your account may not read studies');
      await page.goto(`${stack.viewer}${ViewerPage.pathOf(CT)}`);
      const said = await notice.says('service');
      expect(said).toContain('Your account may not read studies');
      // It did answer: the account is the matter.
      expect(said).not.toContain('did not answer');
    })
  );
});
