import { openPractice } from './support/practice.ts';
import { addressesOf, keptBy, Secrets } from './support/secrets.ts';
import { CT, displayNameOf } from './support/studies.ts';
import { ViewerPage } from './pages/ViewerPage.ts';

describe('at the start of a working day', () => {
  const story = openPractice();

  it(
    'a radiologist signs in and is known by name',
    story(async ({ signIn, session, workList }) => {
      await signIn('owner');
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
      await workList.rows(5);
      expect(await session.open()).toContain('Local DICOM service');
    })
  );

  it(
    'a wrong password is said to be wrong, and the right one then works',
    story(async ({ page, stack, signInPage, session }) => {
      await page.goto(stack.viewer);
      await signInPage.signIn('owner', 'not the password');
      expect(await signInPage.problem()).toMatch(/password/i);
      await signInPage.signIn('owner');
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
    })
  );

  it(
    'who cancels is told so, and may try again',
    story(async ({ page, stack, signInPage, notice, session }) => {
      await page.goto(stack.viewer);
      await signInPage.cancel();
      expect(await notice.says('sign-in-failed')).toContain('Sign-in did not succeed');
      await notice.press('sign-in');
      await signInPage.signIn('owner');
      await session.signedInAs();
    })
  );

  it(
    'a link to a study leads to that study, with sign-in on the way',
    story(async ({ page, stack, signIn, viewer }) => {
      await signIn('owner', ViewerPage.pathOf(CT));
      await viewer.showsPixels();
      expect(page.url()).toBe(`${stack.viewer}${ViewerPage.pathOf(CT)}`);
    })
  );

  it(
    'a reload stays on the page: nobody is sent to the provider',
    story(async ({ page, stack, signIn, session, workList, identity }) => {
      await signIn('owner');
      await workList.rows(5);
      await identity.forget();
      const addresses = addressesOf(page);

      await page.reload();
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
      await workList.rows(5);
      expect(addresses.filter(address => !address.startsWith(stack.viewer))).toEqual([]);
      const asked = (await identity.requests()).map(({ path }) => path);
      expect(asked.filter(path => path.includes('authorize'))).toEqual([]);
    })
  );

  it(
    'who signs out sees that it is done, and the next person has to sign in',
    story(async ({ page, stack, signIn, session, notice, signInPage, workList }) => {
      await signIn('owner');
      await workList.rows(5);
      await session.signOut();
      expect(await notice.says('signed-out')).toContain('You are signed out');
      expect(new URL(page.url()).pathname).toBe('/signed-out');

      await page.goto(stack.viewer);
      await signInPage.isAsking();
    })
  );

  it(
    'who signs out with measurements that are not saved is asked first, and may stay',
    story(async ({ page, signIn, session, viewer }) => {
      await signIn('owner', ViewerPage.pathOf(CT));
      await viewer.measureLength();
      const asked = page.waitForEvent('dialog');
      page.once('dialog', question => void question.dismiss());
      await session.signOut();
      expect((await asked).message()).toContain('not saved');
      expect(await viewer.measurementCount()).toBe(1);
      expect(await session.signedInAs()).toBe(displayNameOf('owner'));
    })
  );

  it(
    'nothing that the page keeps or shows in its address holds a token in the clear',
    story(async ({ page, signIn, workList, viewer }) => {
      const secrets = new Secrets(page);
      const addresses = addressesOf(page);
      await signIn('owner');
      await workList.open('SYN26000107');
      await viewer.showsPixels();

      const kept = `${await keptBy(page)} ${addresses.join(' ')}`;
      expect(kept).toContain('ohif-azure'); // The session is kept, else a reload would end it.
      const values = await secrets.all();
      expect(values.length).toBeGreaterThanOrEqual(3); // An access, a refresh and an ID token.
      expect(values.filter(value => kept.includes(value))).toEqual([]);
    })
  );
});

describe('with access tokens that live ten seconds', () => {
  const story = openPractice({ flags: ['--no-seed', '--access-token-seconds', '10'] });

  it(
    'the access token is renewed in time, and the page stays',
    story(async ({ page, stack, signIn, session, workList }) => {
      const used = new Set<string | undefined>();
      page.on('request', request => {
        const { authorization } = request.headers();
        if (request.url().startsWith(stack.dicom) && authorization) used.add(authorization);
      });
      await signIn('owner');
      await session.signedInAs();
      await workList.rows(0);
      const addresses = addressesOf(page);

      await page.waitForResponse(answer => answer.url().endsWith('/token') && answer.ok());
      const search = page.waitForResponse(answer => answer.url().includes('PatientName=Ada'));
      await workList.filterByPatient('Ada');
      expect((await search).ok()).toBe(true);
      expect(used.size).toBeGreaterThan(1);
      expect(addresses.filter(address => !address.startsWith(stack.viewer))).toEqual([]);
    })
  );
});
