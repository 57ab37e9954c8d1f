/**
 * The known case: OHIF opened with a `viewer-instant-link` of Orthanc Explorer 2, before an Orthanc whose links are for reading. Orthanc
 * and its DICOMweb plugin are real; the authorization plugin and Keycloak are stood in for (test/support/orthanc-gate.ts,
 * test/support/keycloak-like-provider.ts).
 */
import { UPLOADING_ANONYMOUS } from '../support/orthanc-gate.ts';
import { KeycloakPage } from './pages/KeycloakPage.ts';
import { openOrthancPractice, type OrthancDesk } from './support/orthanc-practice.ts';
import { dicomErrors, readReport } from './support/report.ts';
import { CT } from './support/studies.ts';
import { until } from './support/until.ts';
import type { Mode } from './pages/ViewerPage.ts';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
const PROFILE = '/auth/user/profile';

const story = openOrthancPractice();

/** From a link to the sign-in that Create Report asks for. */
async function measureAndSignIn(desk: OrthancDesk, username: string, mode: Mode): Promise<void> {
  const { page, link, viewer, report } = desk;
  await page.goto(await link({ mode }));
  await viewer.measureLength();
  await viewer.pressCreateReport();
  expect(await report.becomes('sign-in-required')).toContain('This link is for viewing.');
  await new KeycloakPage(await report.signIn()).signIn(username);
}

describe.each<Mode>(['azure', 'viewer', 'basic'])('in the mode %s', mode => {
  it(
    'a link opens the study, Create Report signs in, and the report is stored as the user',
    story(async desk => {
      const { viewer, report, session, archive, gate, credentialsOf, page } = desk;
      await measureAndSignIn(desk, 'doctor', mode);
      await viewer.save('Seen by link');

      expect(await report.becomes('saved')).toContain('Dr. Ines Keller');
      await session.signedInAs();
      await viewer.showsReport('Seen by link');
      expect(page.url()).not.toContain('token=');

      const file = await archive.onlyReportOf(CT);
      expect(readReport(file)).toMatchObject({
        transferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
        modality: 'SR',
        seriesDescription: 'Seen by link',
        studyDescription: 'CT chest with contrast',
        contentQualification: 'PRODUCT',
        personObservers: ['Dr. Ines Keller'],
      });
      expect(await dicomErrors(file)).toEqual([]);

      expect(credentialsOf('POST')).toEqual(['user token']);
      const posts = gate.requests().filter(({ method }) => method === 'POST');
      expect(posts.map(({ path, status }) => [path, status])).toEqual([
        [`/dicom-web/studies/${CT}`, 200],
      ]);
      const images = gate.requests().filter(({ path }) => path.includes('/frames/'));
      expect(new Set(images.map(({ credential }) => credential))).toEqual(new Set(['share token']));
      const asked = gate.requests().filter(({ path }) => path === PROFILE);
      expect(asked.map(({ credential }) => credential)).toEqual(['user token']);
    })
  );
});

it(
  'who may only view is told, nothing is sent, and the report is kept',
  story(async desk => {
    const { viewer, report, session, archive, credentialsOf } = desk;
    await measureAndSignIn(desk, 'reader', 'viewer');
    await viewer.save('Not allowed');

    expect(await report.becomes('forbidden')).toContain('Dr. Tom Reader');
    expect(await report.offers()).toEqual(expect.arrayContaining(['retry', 'download', 'discard']));
    await report.press('details');
    expect(await report.becomes('forbidden')).toContain('upload');
    expect(await session.open()).toContain('You may view studies, but not save reports.');
    expect(await viewer.reports()).toEqual([]);
    expect(await viewer.measurementCount()).toBe(1);
    expect(credentialsOf('POST')).toEqual([]);
    expect(await archive.reportsOf(CT)).toEqual([]);
  })
);

it(
  'given the right meanwhile, the same report is stored by Try again',
  story(async desk => {
    const { viewer, report, archive, provider, credentialsOf } = desk;
    await measureAndSignIn(desk, 'reader', 'viewer');
    await viewer.save('Allowed later');
    await report.becomes('forbidden');

    provider.setRoles('reader', ['doctor-role']);
    try {
      await report.press('retry');
      await report.becomes('saved');
    } finally {
      provider.setRoles('reader', ['reader-role']);
    }
    expect(readReport(await archive.onlyReportOf(CT)).personObservers).toEqual(['Dr. Tom Reader']);
    expect(credentialsOf('POST')).toEqual(['user token']);
  })
);

it(
  'an expired link says so, and sign-in leads to the study',
  story(async ({ page, link, notice, viewer, session, credentialsOf, gate }) => {
    await page.goto(await link({ now: () => 0 }));
    expect(await notice.says('link-expired')).toContain('This link has expired');
    expect(gate.requests()).toEqual([]);

    await notice.press('sign-in');
    await new KeycloakPage(page).signIn('doctor');
    await viewer.showsPixels();
    await session.signedInAs();
    expect(page.url()).toContain(CT);
    expect(page.url()).not.toContain('token=');
    expect(credentialsOf('GET')).toEqual(['user token']);
  })
);

/** Clocks may be five minutes apart, so that it is tried; and the plugin (0.9.2 and later) answers 200 with an empty list. */
it(
  'a link that has only just expired says so as well',
  story(async ({ page, link, notice, viewer, gate, credentialsOf }) => {
    await page.goto(await link({ now: () => Date.now() - 90_000, validitySeconds: 60 }));
    expect(await notice.says('link-expired')).toContain('This link has expired');
    expect(credentialsOf('GET')).toEqual(['share token']);

    gate.forget();
    await notice.press('sign-in');
    await new KeycloakPage(page).signIn('doctor');
    await viewer.showsPixels();
    expect(credentialsOf('GET')).toEqual(['user token']);
  })
);

it(
  'a link that ends: who has signed in reads on as themselves',
  story(async ({ page, link, viewer, session, credentialsOf, gate }) => {
    const end = Date.now() + 10_000;
    await page.goto(await link({ now: () => end - 1000, validitySeconds: 1 }));
    await viewer.showsPixels();
    await new KeycloakPage(await session.signIn()).signIn('doctor');
    await session.signedInAs();
    await until(
      'the end of the link',
      async () => Date.now(),
      now => now > end
    );
    gate.forget();
    await page.reload();
    await viewer.showsPixels();
    expect(credentialsOf('GET')).toEqual(['user token']);
  })
);

it(
  'without sign-in nothing is sent, also where the archive would take the link for it',
  story(async ({ page, link, viewer, report, archive, credentialsOf }) => {
    await page.goto(await link());
    await viewer.measureLength();
    await viewer.pressCreateReport();
    await report.becomes('sign-in-required');
    await (await report.signIn()).close();
    await report.becomes('sign-in-required');
    await report.press('dismiss');
    await report.isGone();
    expect(await viewer.measurementCount()).toBe(1);
    expect(credentialsOf('POST')).toEqual([]);
    expect(await archive.reportsOf(CT)).toEqual([]);
  })
);

describe('with the anonymous profile of orthanc-auth-service 25.6.0, which lets everybody upload', () => {
  const upload = openOrthancPractice({ gate: { anonymous: UPLOADING_ANONYMOUS } });

  it(
    'the report is stored as the user all the same',
    upload(async desk => {
      await measureAndSignIn(desk, 'doctor', 'viewer');
      await desk.viewer.save('Not anonymous');
      await desk.report.becomes('saved');
      await desk.archive.onlyReportOf(CT);
      expect(desk.credentialsOf('POST')).toEqual(['user token']);
    })
  );
});

describe('where the archive cannot be asked, and has no Store for a single study', () => {
  const older = openOrthancPractice({ gate: { hasProfile: false, hasStudyTarget: false } });

  it(
    'the report is stored to /studies, once',
    older(async desk => {
      await measureAndSignIn(desk, 'doctor', 'viewer');
      await desk.viewer.save('To all studies');
      await desk.report.becomes('saved');
      await desk.archive.onlyReportOf(CT);
      const posts = desk.gate.requests().filter(({ method }) => method === 'POST');
      expect(posts.map(({ path, status }) => [path, status])).toEqual([
        [`/dicom-web/studies/${CT}`, 405],
        ['/dicom-web/studies', 200],
      ]);
    })
  );

  it(
    'its refusal is told, and the report is kept',
    older(async desk => {
      await measureAndSignIn(desk, 'reader', 'viewer');
      await desk.viewer.save('Refused');
      await desk.report.becomes('forbidden');
      expect(await desk.viewer.measurementCount()).toBe(1);
      expect(await desk.viewer.reports()).toEqual([]);
      expect(await desk.archive.reportsOf(CT)).toEqual([]);
    })
  );
});

describe('with access tokens that end after seconds', () => {
  const brief = openOrthancPractice({ accessTokenSeconds: 6 });

  it(
    'the sign-in is renewed, and saves long after the first one has ended',
    brief(async desk => {
      const { page, link, viewer, session, report, provider, archive, gate } = desk;
      await page.goto(await link());
      await viewer.showsPixels();
      await new KeycloakPage(await session.signIn()).signIn('doctor');
      await session.signedInAs();
      await until(
        'two renewals',
        async () => provider.grants('refresh_token'),
        count => count >= 2
      );
      await viewer.measureAndSave('After renewals');
      await report.becomes('saved');
      await archive.onlyReportOf(CT);
      expect(provider.grants('authorization_code')).toBe(1);
      const kinds = new Set(gate.requests().map(({ credential }) => credential));
      expect(kinds).toEqual(new Set(['share token', 'user token']));
    })
  );
});
