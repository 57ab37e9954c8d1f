import type { Page } from 'playwright-core';
import { STORE } from './support/faults.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { printedLink } from './support/share-link.ts';
import { CT, displayNameOf } from './support/studies.ts';
import { SignInPage } from './pages/SignInPage.ts';
import { ViewerPage } from './pages/ViewerPage.ts';

const story = openPractice();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** As a browser does whose owner has not allowed the site to open windows. */
const blockWindows = (page: Page) =>
  page.addInitScript(() => {
    window.open = () => null;
  });

/** As a web server does that lets the viewer share memory between threads; so is the sign-in window cut off from the page. */
async function isolate({ context, stack }: Pick<Desk, 'context' | 'stack'>): Promise<void> {
  // A page whose answer was changed on its way counts as one from the internet, which may not ask this machine.
  await context.grantPermissions(['local-network-access'], { origin: stack.viewer });
  await context.route(
    url => url.origin === stack.viewer,
    async route => {
      const answer = await route.fetch();
      const headers = {
        ...answer.headers(),
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
      };
      await route.fulfill({ response: answer, headers });
    }
  );
}

/** Renewals as a browser asks for them. */
const isRenewal = (body: string | null) => body?.includes('grant_type=refresh_token') === true;

/**
 * Access tokens that came without `Dicom.ReadWrite`, until `grant` is called. Their signature is wrong then; nothing is sent with them
 * that the archive would check, as the study is read with the link.
 */
async function withoutPermissionToSave(page: Page): Promise<{ grant(): void }> {
  let isGranted = false;
  await page.context().route('**/token', async route => {
    const answer = await route.fetch();
    if (isGranted || !answer.ok()) return route.fulfill({ response: answer });
    const body = (await answer.json()) as { access_token: string };
    const [header = '', claims = '', signature = ''] = body.access_token.split('.');
    const changed = {
      ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object),
      scp: 'Dicom.Read',
    };
    const lesser = Buffer.from(JSON.stringify(changed)).toString('base64url');
    const json = { ...body, access_token: `${header}.${lesser}.${signature}` };
    await route.fulfill({ response: answer, json });
  });
  return { grant: () => (isGranted = true) };
}

describe('the sign-in window', () => {
  it(
    'can be cancelled on the page, and opened again',
    story(async ({ page, stack, session, viewer }) => {
      await page.goto(printedLink(stack).link);
      await viewer.showsPixels();
      const popup = await session.signIn();
      expect(await session.tells('sign-in-open')).toContain('Sign in in the window');
      await Promise.all([popup.waitForEvent('close'), session.press('cancel')]);
      await session.tells('link'); // As before: for viewing only.

      await new SignInPage(await session.signIn()).signIn('owner');
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
      await session.tellsNothing();
    })
  );

  it(
    'that is closed is noticed',
    story(async ({ page, stack, session }) => {
      await page.goto(printedLink(stack).link);
      const popup = await session.signIn();
      await new SignInPage(popup).isAsking();
      await session.tells('sign-in-open');
      await popup.close();
      await session.tells('link');
    })
  );

  it(
    'that is left open is closed after five minutes, and the page says why',
    story(async ({ page, stack, session }) => {
      await page.clock.install();
      await page.goto(printedLink(stack).link);
      const popup = await session.signIn();
      await new SignInPage(popup).isAsking();
      await Promise.all([popup.waitForEvent('close'), page.clock.fastForward(5 * MINUTE)]);
      expect(await session.tells('sign-in-failed')).toContain('not finished in time');
      await session.press('later');
      await session.tellsNothing();
    })
  );

  it(
    'of a cross-origin isolated page: a closed one is not noticed, Cancel ends it, and signing in works',
    story(async ({ page, context, stack, session }) => {
      await isolate({ context, stack });
      await page.goto(printedLink(stack).link);
      const first = await session.signIn();
      expect(await page.evaluate(() => window.crossOriginIsolated)).toBe(true);
      await new SignInPage(first).isAsking();
      expect(await session.tells('sign-in-open')).toContain('press Cancel');
      await first.close();
      await session.press('cancel');
      await session.tells('link');

      await new SignInPage(await session.signIn()).signIn('owner');
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
      await session.tellsNothing();
    })
  );

  it(
    'that is blocked: signing in on the page leads back to it, with the measurement',
    story(async ({ page, stack, session, viewer, signInPage, drafts }) => {
      await blockWindows(page);
      const { link, withoutToken } = printedLink(stack);
      await page.goto(link);
      await viewer.measureLength();
      await session.pressSignIn();
      await session.tells('popup-blocked');
      await session.press('sign-in-here');
      await signInPage.signIn('owner');
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
      expect(page.url()).toBe(withoutToken);
      expect(await drafts.offers(1)).toEqual(['measurements']);
    })
  );
});

describe('a session of 24 hours', () => {
  it(
    'is warned of ten minutes before its end; signing in again leaves the page as it is',
    story(async ({ page, session, signIn, viewer }) => {
      await page.clock.install();
      await signIn('owner', ViewerPage.pathOf(CT));
      await viewer.measureLength();
      const address = page.url();
      await page.clock.fastForward(23 * HOUR + 49 * MINUTE);
      await session.signedInAs();
      await session.tellsNot('ending-soon');

      await page.clock.fastForward(MINUTE);
      expect(await session.tells('ending-soon')).toContain('Your sign-in ends at');
      const popup = await session.signInFromNotice();
      await popup.waitForEvent('close'); // The provider still knows who it is.
      await session.tellsNot('ending-soon');
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
      expect(page.url()).toBe(address);
      expect(await viewer.measurementCount()).toBe(1);
    })
  );

  it(
    'is as old after a reload as before',
    story(async ({ page, session, signIn, workList }) => {
      await page.clock.install();
      await signIn('owner');
      await workList.rows(5);
      await page.clock.fastForward(23 * HOUR + 55 * MINUTE);
      await session.tells('ending-soon');
      await page.reload();
      await session.tells('ending-soon');
    })
  );
});

describe('a sign-in without the permission to save', () => {
  it(
    'says so from the start, asks for it in a window, and saves',
    story(async ({ page, context, stack, session, viewer, report, archive }) => {
      const asked: string[] = [];
      context.on('request', request => {
        if (request.url().includes('/authorize?')) asked.push(request.url());
      });
      const permission = await withoutPermissionToSave(page);
      await page.goto(printedLink(stack).link);
      await viewer.measureLength();
      await new SignInPage(await session.signIn()).signIn('owner');
      expect(await session.tells('permission-missing')).toContain('does not include saving');

      permission.grant();
      const popup = await session.signInFromNotice();
      await popup.waitForEvent('close');
      await session.tellsNothing();
      expect(new URL(asked.at(-1) ?? '').searchParams.get('scope')).toContain('/Dicom.ReadWrite');
      await viewer.pressCreateReport();
      await viewer.save('Allowed');
      await report.becomes('saved');
      await archive.onlyReportOf(CT);
    })
  );

  it(
    'says whom to ask when it is not granted, and nothing is sent',
    story(async ({ page, stack, session, viewer, dicom, archive }) => {
      await withoutPermissionToSave(page);
      await page.goto(printedLink(stack).link);
      await viewer.measureLength();
      await new SignInPage(await session.signIn()).signIn('owner');
      await session.tells('permission-missing');
      const popup = await session.signInFromNotice();
      await popup.waitForEvent('close');
      const said = await session.tells('consent-required');
      expect(said).toContain('Ask your administrator');
      expect(said).toContain('AADSTS65001');
      expect((await dicom.requests()).filter(({ method }) => method === 'POST')).toEqual([]);
      expect(await archive.reportsOf(CT)).toEqual([]);
    })
  );
});

describe('the access token of a save', () => {
  it(
    'is renewed before, when it is about to end',
    story(async ({ page, signIn, viewer, report, dicom, identity }) => {
      await page.clock.install();
      await signIn('owner', ViewerPage.pathOf(CT));
      await viewer.measureLength();
      // No timer runs, as on a computer that slept.
      await page.clock.setSystemTime(Date.now() + HOUR - 20_000);
      await Promise.all([dicom.forget(), identity.forget()]);
      await viewer.pressCreateReport();
      await viewer.save('Renewed');
      await report.becomes('saved');
      const stores = (await dicom.requests()).filter(({ method }) => method === 'POST');
      expect(stores.map(({ status }) => status)).toEqual([200]);
      const renewals = (await identity.requests()).filter(({ path }) => path.endsWith('/token'));
      expect(renewals).toHaveLength(1);
    })
  );

  it.each([
    ['401 once: one renewal, one more attempt', 401, 1, [401, 200], 1, 'saved'],
    [
      '401 always: one renewal, one more attempt, no third',
      401,
      9,
      [401, 401],
      1,
      'sign-in-required',
    ],
    ['403: neither', 403, 9, [403], 0, 'forbidden'],
  ])('%s', (_what, status, times, statuses, renewals, state) =>
    story(async ({ page, signIn, viewer, report, dicom }) => {
      await signIn('owner', ViewerPage.pathOf(CT));
      await viewer.measureLength();
      await dicom.forget();
      await dicom.inject({ match: STORE, status, times });
      let renewed = 0;
      page.on('request', request => {
        if (isRenewal(request.postData())) renewed += 1;
      });
      await viewer.pressCreateReport();
      await viewer.save('Refused');
      await report.becomes(state);
      const stores = (await dicom.requests()).filter(({ method }) => method === 'POST');
      expect(stores.map(one => one.status)).toEqual(statuses);
      expect(renewed).toBe(renewals);
    })()
  );
});
