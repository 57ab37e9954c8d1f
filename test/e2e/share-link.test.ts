import type { Page } from 'playwright-core';
import { editAppConfig } from './support/app-config.ts';
import type { SeenRequest } from './support/faults.ts';
import { openPractice, type Desk } from './support/practice.ts';
import { addressesOf, keptBy } from './support/secrets.ts';
import type { Stack } from './support/stack.ts';
import { CT } from './support/studies.ts';
import { SignInPage } from './pages/SignInPage.ts';

const story = openPractice();

/** The link that the stack prints, and the token in it. */
function printedLink(stack: Stack): { link: string; token: string; withoutToken: string } {
  const [link] = /http\S+[?&]token=\S+/.exec(stack.notes()) ?? [];
  if (!link) throw new Error('The stack printed no link.');
  const url = new URL(link);
  const token = url.searchParams.get('token') ?? '';
  url.searchParams.delete('token');
  return { link, token, withoutToken: url.href };
}

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
