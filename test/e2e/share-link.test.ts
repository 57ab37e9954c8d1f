import type { Page } from 'playwright-core';
import { editAppConfig } from './support/app-config.ts';
import type { SeenRequest } from './support/faults.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { addressesOf, historyOf, keptBy } from './support/secrets.ts';
import { linkEndingIn, printedLink } from './support/share-link.ts';
import { CT } from './support/studies.ts';
import { SignInPage } from './pages/SignInPage.ts';

const story = openPractice();

/** The local stack asks for sign-in only to save; `signIn.when: 'start'` is the default elsewhere. */
const askToSignInFirst = (page: Page) =>
  editAppConfig(page, text => text.replace("when: 'save'", "when: 'start'"));

/** The kinds of credential that were sent with a method. */
function credentialsOf(requests: readonly SeenRequest[], method: string): string[] {
  const sent = requests.filter(request => request.method === method);
  return [...new Set(sent.map(({ credential }) => credential))];
}

it(
  "the link's token is nowhere to be found once the page has it",
  story(async ({ page, stack, signIn, viewer }) => {
    await askToSignInFirst(page);
    const { link, token, withoutToken } = printedLink(stack);
    const toProvider: string[] = [];
    page.on('request', request => {
      if (!request.url().startsWith(new URL(stack.identity).origin)) return;
      toProvider.push(request.url(), request.postData() ?? '', request.headers().referer ?? '');
    });
    const addresses = addressesOf(page);
    await signIn('owner', link);
    await viewer.showsPixels();

    expect(page.url()).toBe(withoutToken);
    expect(await keptBy(page)).not.toContain(token);
    expect(addresses.filter(address => address !== link).join(' ')).not.toContain(token);
    expect(toProvider.join(' ')).not.toContain(token);
  })
);

describe.each(['start', 'save'])("with signIn.when '%s'", when => {
  it.each([
    ['the work list', '/?token='],
    ['the work list, in capitals', '/?TOKEN='],
    ['our mode', `/azure?StudyInstanceUIDs=${CT}&token=`],
    ['the stock mode viewer', `/viewer?StudyInstanceUIDs=${CT}&Token=`],
    ['the stock mode basic', `/basic?token=`],
    ['a page that is not there', '/nowhere?token='],
  ])('on %s the token is taken out of the address before anything keeps it', (_name, path) =>
    story(async ({ page, stack, signInPage, session }) => {
      if (when === 'start') await askToSignInFirst(page);
      const { token } = printedLink(stack);
      const suffix = path.startsWith('/basic') ? `&StudyInstanceUIDs=${CT}` : '';
      const link = `${stack.viewer}${path}${token}${suffix}`;
      const addresses = addressesOf(page);
      const toProvider: string[] = [];
      page.on('request', request => {
        if (!request.url().startsWith(new URL(stack.identity).origin)) return;
        toProvider.push(request.url(), request.postData() ?? '', request.headers().referer ?? '');
      });
      await page.goto(link);
      if (when === 'start') {
        await signInPage.signIn('owner');
        await session.signedInAs();
      } else await page.locator('[data-cy="azure-session"]').waitFor();

      expect(page.url()).not.toContain(token);
      expect(await keptBy(page)).not.toContain(token);
      expect(addresses.filter(address => address !== link).join(' ')).not.toContain(token);
      expect(toProvider.join(' ')).not.toContain(token);
      expect((await historyOf(page)).join(' ')).not.toContain(token);
    })()
  );
});

describe('a link that has expired', () => {
  const TEN_MINUTES = 600;

  it.each(['start', 'save'])(
    "says so and offers sign-in, which leads to the study (signIn.when '%s')",
    when =>
      story(async ({ page, stack, notice, signInPage, viewer, dicom }) => {
        if (when === 'start') await askToSignInFirst(page);
        const { link, withoutToken } = linkEndingIn(stack, -TEN_MINUTES);
        await page.goto(link);
        expect(await notice.says('link-expired')).toContain('This link has expired');
        expect(await dicom.requests()).toEqual([]);
        await page.reload();
        await notice.says('link-expired');

        await notice.press('sign-in');
        await signInPage.signIn('owner');
        await viewer.showsPixels();
        expect(page.url()).toBe(withoutToken);
        const asked = (await dicom.requests()).filter(({ path }) => path.includes(CT));
        expect(credentialsOf(asked, 'GET')).toEqual(['access token']);
      })()
  );

  it(
    'only just, so that the clocks may be to blame, is tried; the archive’s answer is said',
    story(async ({ page, stack, notice, signInPage, viewer }) => {
      const { link, withoutToken } = linkEndingIn(stack, -30);
      await page.goto(link);
      expect(await notice.says('link-expired')).toContain('This link has expired');
      await notice.press('sign-in');
      await signInPage.signIn('owner');
      await viewer.showsPixels();
      expect(page.url()).toBe(withoutToken);
    })
  );

  it(
    'is no hindrance to who is signed in already',
    story(async ({ page, stack, signIn, session, viewer }) => {
      await signIn('owner');
      await session.signedInAs();
      await page.goto(linkEndingIn(stack, -TEN_MINUTES).link);
      await viewer.showsPixels();
    })
  );
});

it(
  'a link that the archive does not accept says so and offers sign-in',
  story(async ({ page, stack, notice, signInPage, viewer }) => {
    const { link, withoutToken } = linkEndingIn(stack, 600);
    await page.goto(link);
    expect(await notice.says('link-invalid')).toContain('This link cannot be used');
    await notice.press('sign-in');
    await signInPage.signIn('owner');
    await viewer.showsPixels();
    expect(page.url()).toBe(withoutToken);
  })
);

describe.each<[string, (desk: Desk, username: string) => Promise<void>]>([
  [
    'who signs in on the way',
    async ({ page, stack, signIn }, username) => {
      await askToSignInFirst(page);
      await signIn(username, printedLink(stack).link);
    },
  ],
  [
    'who is signed in already',
    async ({ page, stack, signIn, session }, username) => {
      await signIn(username);
      await session.signedInAs();
      await page.goto(printedLink(stack).link);
    },
  ],
])('%s', (_who, openLink) => {
  it(
    'reads the study with the link, and saves the report as the user',
    story(async desk => {
      const { viewer, report, archive, dicom } = desk;
      await openLink(desk, 'owner');
      await viewer.measureAndSave('Seen by link');
      await report.becomes('saved');
      await viewer.showsReport('Seen by link');

      const asked = (await dicom.requests()).filter(({ path }) => path.includes(CT));
      expect(credentialsOf(asked, 'GET')).toEqual(['share token']);
      expect(credentialsOf(asked, 'POST')).toEqual(['access token']);
      await archive.onlyReportOf(CT);
    })
  );

  it(
    'and may not read anything else may read what the link is for, but not save',
    story(async desk => {
      const { viewer, report, archive } = desk;
      await openLink(desk, 'nobody');
      await viewer.measureAndSave('Not mine');
      await report.becomes('forbidden');
      expect(await viewer.reports()).toEqual([]);
      expect(await archive.reportsOf(CT)).toEqual([]);
    })
  );
});

it(
  'where sign-in is for saving only: the link opens at once, and saving asks for sign-in',
  story(async ({ page, stack, viewer, report, archive, session }) => {
    await page.goto(printedLink(stack).link);
    await viewer.measureLength();
    await viewer.pressCreateReport();
    expect(await report.becomes('sign-in-required')).toContain('This link is for viewing.');

    await new SignInPage(await report.signIn()).signIn('owner');
    await viewer.save('Signed in to save');
    await report.becomes('saved');
    await session.signedInAs();
    await viewer.showsReport('Signed in to save');
    await archive.onlyReportOf(CT);
  })
);
