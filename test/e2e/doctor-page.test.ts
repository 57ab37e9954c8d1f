import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DoctorPage } from './pages/DoctorPage.ts';
import { launchBrowser } from './support/browser.ts';
import { TestHooks } from './support/faults.ts';
import { Secrets } from './support/secrets.ts';
import { startStack, type Stack } from './support/stack.ts';

/** Set to a folder to look at what an administrator sees. */
const SCREENSHOTS = process.env.SCREENSHOTS;

let stack: Stack;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let doctor: DoctorPage;
let dicom: TestHooks;
let identity: TestHooks;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack(), launchBrowser()]);
  dicom = new TestHooks(stack.dicom);
  identity = new TestHooks(stack.identity);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stack.viewer });
  page = await context.newPage();
  doctor = new DoctorPage(page);
});
afterEach(async () => {
  await Promise.all([dicom.clear(), identity.clear()]);
  await context.close();
});

const shot = async (name: string) => {
  if (SCREENSHOTS)
    await page.screenshot({ path: `${SCREENSHOTS}/doctor-${name}.png`, fullPage: true });
};

it('checks what can be checked without a sign-in, and asks for one', async () => {
  await doctor.open(stack.viewer);
  expect(await doctor.faults()).toEqual(['warn token-missing']);
  expect(await doctor.offersSignIn()).toBe(true);
  await shot('signed-out');
}, 60_000);

it('signs in, checks the rest, stores a harmless instance and deletes it again', async () => {
  await doctor.open(stack.viewer);
  const secrets = new Secrets(page);
  await doctor.signIn('owner');
  expect(await doctor.faults()).toEqual([]);
  await dicom.forget();
  await doctor.checkWithStore();
  expect(await doctor.faults()).toEqual([]);
  const stored = (await doctor.lines()).filter(({ check }) => check === 'store');
  expect(stored.map(({ text }) => text.replace(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/was stored/),
    expect.stringMatching(/could be retrieved/),
    expect.stringMatching(/was deleted again/),
  ]);
  const requests = (await dicom.requests()).filter(({ credential }) => credential !== 'none');
  expect(requests.filter(({ method, status }) => method === 'POST' && status === 200)).toHaveLength(
    1
  );
  expect(
    requests.filter(({ method, status }) => method === 'DELETE' && status === 204)
  ).toHaveLength(1);
  await shot('signed-in');

  const copied = await doctor.copied();
  expect(copied).toContain(stack.viewer);
  expect(copied).toMatch(/^ok {3}search/m);
  const values = await secrets.all();
  expect(values.length).toBeGreaterThan(0);
  for (const secret of [...values, 'Lindqvist', 'owner@practice', 'Synthetic']) {
    expect(copied).not.toContain(secret);
  }
  expect(copied).not.toMatch(/eyJ|Bearer /);
}, 90_000);

it('tells a reader that the role may not store, and an account without role that it has none', async () => {
  await doctor.open(stack.viewer);
  await doctor.signIn('reader');
  await doctor.checkWithStore();
  expect(await doctor.faults()).toEqual(['fail role-read-only']);
  await context.clearCookies();
  await page.evaluate(() => sessionStorage.clear());
  await doctor.open(stack.viewer);
  await doctor.signIn('nobody');
  expect(await doctor.faults()).toEqual(['fail role-missing']);
  await shot('no-role');
}, 90_000);

const CORS = { 'Access-Control-Allow-Methods': 'GET, POST, DELETE' };
/** What the service allows, and what the page has to make of it. @see issue "doctor", item 8; Fetch Standard, CORS check */
const ROWS: [fault: string, headers: Record<string, string>, wanted: string[]][] = [
  [
    'the viewer’s origin is not allowed',
    { 'Access-Control-Allow-Origin': 'https://other.example' },
    ['fail cors-origin'],
  ],
  [
    'authorization is not allowed',
    { ...CORS, 'Access-Control-Allow-Headers': 'accept, content-type' },
    ['fail cors-authorization'],
  ],
  [
    'content-type is not allowed',
    { ...CORS, 'Access-Control-Allow-Headers': 'authorization, accept' },
    ['fail cors-content-type'],
  ],
];
it.each(ROWS)(
  'CORS: %s',
  async (_fault, headers, wanted) => {
    const isOrigin = 'Access-Control-Allow-Origin' in headers;
    await dicom.inject({ match: { method: 'OPTIONS', path: '^/v2' }, status: 204, headers });
    if (isOrigin)
      await dicom.inject({
        match: { method: 'GET', path: '^/v2' },
        status: 200,
        headers,
        body: '[]',
      });
    await doctor.open(stack.viewer);
    expect((await doctor.faults()).filter(fault => fault.includes('cors'))).toEqual(wanted);
  },
  60_000
);

it('AADSTS9002326: the redirect URI is not one of a single-page application', async () => {
  await identity.inject({
    match: { method: 'POST', path: '/token$' },
    status: 400,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      error: 'invalid_request',
      error_description:
        "AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
    }),
  });
  await doctor.open(stack.viewer);
  expect(await doctor.faults()).toContain('fail redirect-uri-not-spa');
  await shot('not-spa');
}, 60_000);

it('an app-config.js that does not parse is told with its line', async () => {
  await page.route('**/app-config.js*', route =>
    route.fulfill({
      contentType: 'text/javascript',
      body: 'window.config = {\n  dataSources: [\n  oops oops\n};',
    })
  );
  await doctor.open(stack.viewer);
  expect(await doctor.faults()).toEqual(['fail config-syntax']);
  expect((await doctor.lines()).at(-1)?.text).toMatch(/line 3/);
  expect(await doctor.offersSignIn()).toBe(false);
  await shot('syntax');
}, 60_000);

it('discovery that cannot be reached is named', async () => {
  await identity.inject({ match: { path: 'openid-configuration' }, status: 503 });
  await doctor.open(stack.viewer);
  expect(await doctor.faults()).toContain('fail discovery-unreachable');
}, 60_000);
