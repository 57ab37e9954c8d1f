import type { ChildProcess } from 'node:child_process';
import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { dicomFiles, dicomSender, type DicomFiles } from '../support/dicom-sender.ts';
import { startOrthanc, type Orthanc } from '../support/orthanc.ts';
import { CREDENTIAL, RouterScene, until } from '../support/router-scene.ts';
import { runCli } from '../support/run-cli.ts';
import { syntheticInstance } from '../support/synthetic-study.js';
import { launchBrowser } from './support/browser.ts';
import { newFolder, startStack, type Stack } from './support/stack.ts';

// Several programs start and stop on a machine that may be busy.
jest.setTimeout(60_000);

const PATIENT = 'Synthetic Patient0002';

/** Name of the rule that holds study 2 back. */
const RULE = 'ask-first';

describe("the relay's operator page", () => {
  let files: DicomFiles;
  let scene: RouterScene;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  const requested: string[] = [];

  const at = (name: string) => page.locator(`[data-cy="${name}"]`);
  const open = async (): Promise<void> => {
    await page.goto(`${scene.relay?.url}/ui`);
  };
  const picture = async (name: string): Promise<void> => {
    const folder = process.env.SCREENSHOT_FOLDER;
    if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  };

  beforeAll(async () => {
    files = await dicomFiles();
    scene = await RouterScene.start({
      routing: {
        rules: [{ name: RULE, when: { studyDescription: 'CT study 2' }, action: 'hold' }],
        maxAttempts: 1,
      },
    });
    await scene.startRelay();
    const ct = (study: number, count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, instance) =>
          files.add(`${study}/${instance}.dcm`, syntheticInstance({ study, instance }))
        )
      );
    await scene.modality.send([...(await ct(1, 30)), ...(await ct(2, 2))]);
    await scene.settled({ sent: 30, held: 2 });
    await scene.fault({ match: { method: 'POST', path: '/studies' }, status: 415, times: 1 });
    await scene.modality.send(await ct(3, 2));
    await scene.settled({ sent: 30, held: 2, dead: 2 });
    browser = await launchBrowser();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await scene.close();
    await files.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    page = await context.newPage();
    page.on('console', message => complaints.push(message.text()));
    page.on('pageerror', error => complaints.push(error.message));
    page.on('request', request => requested.push(request.url()));
  });
  afterEach(() => context.close());

  const signIn = async (password = CREDENTIAL.password): Promise<void> => {
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.getByLabel('User name').fill(CREDENTIAL.username);
    await page.getByLabel('Password or key').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  it('shows everybody what is queued, sent and failed, and why; names nobody and changes nothing', async () => {
    await open();
    expect(await at('count-sent').textContent()).toMatch(/30\s*sent/);
    expect(await at('count-dead').textContent()).toMatch(/2\s*failed/);
    expect(await at('count-held').textContent()).toMatch(/2\s*held by a rule/);
    expect(await at('waiting').textContent()).toBe('Nothing waits.');
    expect(await at('list-dead').textContent()).toContain('415');
    expect(await at('list-held').textContent()).toContain(RULE);
    expect(await at('access-token').textContent()).toContain('not needed');
    expect(await page.content()).not.toContain('Patient000');
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    await picture('relay-ui-read-only');
  });

  it('plots the throughput as a picture of its own, with words for who cannot see it', async () => {
    await open();
    const plot = at('throughput').getByRole('img');
    expect(await plot.getAttribute('aria-label')).toContain(
      '30 instances sent in the last 360 minutes'
    );
    const box = await plot.locator('rect.bar').last().boundingBox();
    const whole = await plot.boundingBox();
    expect(box?.height).toBeGreaterThan(20);
    expect(box && whole && box.x + box.width <= whole.x + whole.width).toBe(true);
    expect(await plot.locator('rect.bad-bar').count()).toBe(1);
  });

  it('loads nothing from anywhere, and no browser complains about its policy', async () => {
    await open();
    const answer = await page.request.get(`${scene.relay?.url}/ui`);
    expect(answer.headers()['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-/
    );
    expect(
      await page.evaluate(
        () => getComputedStyle(document.querySelector('.cards') as Element).display
      )
    ).toBe('grid');
    expect(
      requested.every(
        url => url.startsWith(`${scene.relay?.url}/ui`) || url.endsWith('/favicon.ico')
      )
    ).toBe(true);
    expect(complaints.filter(text => !text.includes('favicon') && !/40[134]/.test(text))).toEqual(
      []
    );
  });

  it('lets in only with the credential of the relay', async () => {
    await open();
    await signIn('wrong');
    expect(await at('note').textContent()).toContain('wrong');
    expect(await page.getByRole('button', { name: 'Retry' }).count()).toBe(0);
    expect(await context.cookies()).toEqual([]);
  });

  it('signed in: names the patients, retries, drops, signs out', async () => {
    await open();
    await signIn();
    expect(
      await page.locator('[data-cy="list-held"] [data-cy="patient"]').first().textContent()
    ).toContain(PATIENT);
    await picture('relay-ui-signed-in');
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/ui' });

    await at('list-dead').getByRole('button', { name: 'Retry' }).first().click();
    expect(await at('note').textContent()).toBe('1 instance to be sent again.');
    await scene.settled({ sent: 31, dead: 1 });
    await open();
    await at('list-dead').getByRole('button', { name: 'Drop' }).click();
    await scene.settled({ dead: 0, dropped: 1 });
    await page.getByRole('button', { name: 'Send all' }).click();
    await scene.settled({ sent: 33, held: 0 });

    await open();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await context.cookies()).toEqual([]);
  });

  it('takes no form of another site, and none without the key of the session', async () => {
    await open();
    await signIn();
    const form = { state: 'held', id: 'all', action: 'drop' };
    const url = `${scene.relay?.url}/ui/queue`;
    const withoutKey = await page.request.post(url, { form });
    expect(withoutKey.status()).toBe(403);
    const headers = { 'sec-fetch-site': 'cross-site' };
    const elsewhere = await page.request.post(url, { form, headers });
    expect(elsewhere.status()).toBe(403);
  });

  it('says on top what is wrong: the service, Orthanc', async () => {
    await scene.stopAzure();
    await scene.modality.send([
      await files.add('late.dcm', syntheticInstance({ study: 5, instance: 0 })),
    ]);
    await until('the relay to notice', async () => {
      await open();
      return (await at('service-state').textContent())?.includes('failing');
    });
    expect(await at('service-state').textContent()).toContain('no connection');
    await scene.orthanc.kill();
    await until('the relay to notice', async () => {
      await open();
      return (await at('problem').count()) > 0;
    });
    expect(await at('problem').textContent()).toContain('Orthanc does not answer');
    await picture('relay-ui-down');
  });
});

/** The relay as docs/relay.md starts it: by the command, with an application of the local stack. */
interface RelayCommand {
  readonly url: string;
  end(): Promise<void>;
}

async function relayCommand(env: Readonly<Record<string, string>>): Promise<RelayCommand> {
  let child: ChildProcess | undefined;
  const url = new Promise<string>((resolve, reject) => {
    const ended = runCli(['relay'], {
      env,
      onStart: started => {
        child = started;
        started.stdout?.on('data', (text: string) => {
          const found = /^ready relay=(\S+)$/m.exec(text)?.[1];
          if (found) resolve(found);
        });
      },
    });
    ended.then(({ stderr }) => reject(new Error(`The relay ended: ${stderr}`)), reject);
  });
  const end = async (): Promise<void> => {
    const closed = new Promise(resolve => child?.once('close', resolve));
    child?.kill('SIGTERM');
    await closed;
  };
  return { url: await url, end };
}

describe("the relay's operator page, with the access tokens of an identity provider", () => {
  let stack: Stack;
  let orthanc: Orthanc;
  let files: DicomFiles;
  let browser: Browser;
  let folder: string;
  const relays: RelayCommand[] = [];

  beforeAll(async () => {
    folder = await newFolder();
    files = await dicomFiles();
    stack = await startStack({ flags: ['--no-seed'] });
    orthanc = await startOrthanc();
    browser = await launchBrowser();
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    for (const relay of relays) await relay.end();
    await orthanc.close();
    await stack.stop();
    await files.close();
  });

  const start = async (name: string, secret: string): Promise<RelayCommand> => {
    const discovery = `${stack.identity}/.well-known/openid-configuration`;
    const { token_endpoint: endpoint } = (await (await fetch(discovery)).json()) as {
      token_endpoint: string;
    };
    const relay = await relayCommand({
      OAUTH_CLIENT_ID: 'relay',
      OAUTH_CLIENT_SECRET: secret,
      OAUTH_TOKEN_ENDPOINT: endpoint,
      DICOM_SERVICE_URL: stack.dicom,
      RELAY_USERNAME: CREDENTIAL.username,
      RELAY_PASSWORD: CREDENTIAL.password,
      RELAY_PORT: '0',
      RELAY_DATA: `${folder}/${name}`,
      RELAY_QUIET_SECONDS: '1',
      ORTHANC_URL: orthanc.url,
    });
    relays.push(relay);
    return relay;
  };
  const cell = async (page: Page, url: string): Promise<string> => {
    await page.goto(`${url}/ui`);
    return (await page.locator('[data-cy="access-token"]').textContent()) ?? '';
  };
  /** What is cut off or makes the page wider than the window, also within the tables. */
  const sticksOut = (page: Page): Promise<string[]> =>
    page.evaluate(() => {
      const wide = document.documentElement.clientWidth;
      return [...document.querySelectorAll('body *')]
        .filter(element => !element.closest('svg') && !element.closest('thead'))
        .filter(element => element.getBoundingClientRect().right > wide + 0.5)
        .map(element => element.tagName);
    });

  it('says of the access token what the last request met: none yet, obtained, refused, not to be had', async () => {
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    const page = await context.newPage();
    const relay = await start('good', 'relay-secret');
    expect(await cell(page, relay.url)).toBe('not requested yet');
    const sent = await Promise.all(
      [0, 1, 2].map(instance =>
        files.add(`7/${instance}.dcm`, syntheticInstance({ study: 7, instance }))
      )
    );
    await dicomSender(orthanc).send(sent);
    await until('an access token', async () =>
      /^obtained, at \d\d:\d\d$/.test(await cell(page, relay.url))
    );
    await until('all three to be sent', async () => {
      await page.goto(`${relay.url}/ui`);
      return /3\s*sent/.test((await page.locator('[data-cy="count-sent"]').textContent()) ?? '');
    });
    expect(await page.content()).not.toMatch(/eyJ|relay-secret/);

    const wrong = await start('wrong', 'MARKER-secret');
    await until('the refusal of the identity provider', async () =>
      /^cannot be had \(ERR_AUTH_\w+\)$/.test(await cell(page, wrong.url))
    );
    expect(await page.content()).not.toContain('MARKER');
    const state = page.locator('[data-cy="service-state"]');
    expect(await state.textContent()).toMatch(/^failing for .*no access token/s);
    await context.close();
  });

  it.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 480],
    ['dark', 480],
  ] as const)('shows all of it: %s, %i px', async (colorScheme, width) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    const page = await context.newPage();
    const names = ['working', 'failing'];
    for (const [index, { url }] of relays.entries()) {
      await page.goto(`${url}/ui`);
      expect(await sticksOut(page)).toEqual([]);
      const size = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(size).toBeLessThanOrEqual(width);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(ground).toBe(colorScheme === 'dark' ? 'rgb(18, 24, 30)' : 'rgb(246, 248, 250)');
      const shot = process.env.SCREENSHOT_FOLDER;
      const name = `relay-ui-${names[index]}-${colorScheme}-${width}`;
      if (shot) await page.screenshot({ path: `${shot}/${name}.png`, fullPage: true });
      await page.goto(`${url}/ui/sign-in`);
      await page.getByLabel('User name').fill(CREDENTIAL.username);
      await page.getByLabel('Password or key').fill(CREDENTIAL.password);
      expect(await sticksOut(page)).toEqual([]);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      expect(await sticksOut(page)).toEqual([]);
      if (shot) await page.screenshot({ path: `${shot}/${name}-signed-in.png`, fullPage: true });
    }
    await context.close();
  });
});
