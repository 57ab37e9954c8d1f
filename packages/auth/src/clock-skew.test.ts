import { FakeTab } from '../testing/fake-browser.ts';
import { SessionHarness } from '../testing/session-harness.ts';
import { chooseAccessToken } from './choose-access-token.ts';
import type { AccessTokenCandidate } from './choose-access-token.ts';
import { environmentAccessToken } from './node/environment-access-token.ts';

/** The provider's and the archive's time. */
const TRUE_SECONDS = Date.parse('2026-03-01T12:00:00Z') / 1000;
const STUDY = '1.2.3';
const FIVE_MINUTES = 300;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object, alg = 'RS256'): string => `${part({ alg })}.${part(claims)}.c2ln`;
const entra = (times: object): string =>
  jwt({ iss: 'https://sts.windows.net/t/', tid: 't', oid: 'o', scp: 'Dicom.ReadWrite', ...times, aud: 'https://dicom.healthcareapis.azure.com' }); // prettier-ignore
const keycloak = (times: object): string =>
  jwt({ iss: 'https://id/realms/r', typ: 'Bearer', scope: 'openid', ...times });
const share = (endsInSeconds: number): string => {
  const end = new Date((TRUE_SECONDS + endsInSeconds) * 1000).toISOString();
  const resources = [{ dicom_uid: STUDY, level: 'study' }];
  return jwt({ resources, type: 'viewer-instant-link', expiration_date: end }, 'HS256');
};
const at = (seconds: number): number => TRUE_SECONDS + seconds;

/** Tokens that are valid by the provider's clock: this computer's, up to five minutes off, must not refuse them. */
// prettier-ignore
const VALID: readonly (readonly [cite: string, source: AccessTokenCandidate['source'], value: string])[] = [
  ['Learn "Access token claims": just issued by Entra ID, whose iat and nbf lie five minutes back', 'user', entra({ iat: at(-300), nbf: at(-300), exp: at(3600) })],
  ['RFC 7519 4.1.5: just issued by a provider whose nbf is now', 'user', keycloak({ iat: at(0), nbf: at(0), exp: at(300) })],
  ['RFC 7519 4.1.6: iat is not judged', 'user', keycloak({ iat: at(0), exp: at(300) })],
  ['RFC 7519 4.1.4: in its last second', 'user', entra({ iat: at(-3600), nbf: at(-3600), exp: at(1) })],
  ['orthanc.md 5.1: link in its last second', 'share', share(1)],
  ['orthanc.md 5.1: a new link of 200 s', 'share', share(200)],
];
/** Tokens that ended by the provider's clock: not to be sent by a computer whose clock is right, save in the tolerance. */
// prettier-ignore
const INVALID: readonly (readonly [cite: string, source: AccessTokenCandidate['source'], value: string])[] = [
  ['RFC 7519 4.1.4: ended five minutes ago', 'user', entra({ exp: at(-300) })],
  ['RFC 7519 4.1.5: begins in more than five minutes', 'user', entra({ nbf: at(301), exp: at(3600) })],
  ['orthanc.md 5.1: link ended five minutes ago', 'share', share(-300)],
];

/** Keycloak's and a link's are for other archives than the Azure DICOM service. */
const dialectOf = (value: string): 'azure' | 'standard' =>
  Buffer.from(value.split('.')[1] ?? '', 'base64url').includes('healthcareapis')
    ? 'azure'
    : 'standard';

const isChosen = (source: AccessTokenCandidate['source'], value: string, skew: number): boolean => {
  const candidate = { source, value };
  const choice = chooseAccessToken([candidate], {
    operation: 'retrieve',
    studyInstanceUID: STUDY,
    service: { dialect: dialectOf(value) },
    now: (TRUE_SECONDS + skew) * 1000,
  });
  return choice.token === candidate;
};
describe.each([
  ['five minutes behind', -FIVE_MINUTES],
  ['right', 0],
  ['five minutes ahead', FIVE_MINUTES],
])("this computer's clock is %s", (_name, skew) => {
  it.each(VALID)('sends what is valid: %s', (_cite, source, value) => {
    expect(isChosen(source, value, skew)).toBe(true);
  });

  it('gives the access token of the environment', async () => {
    const clock = { now: () => (TRUE_SECONDS + skew) * 1000 };
    const environment = { DICOM_ACCESS_TOKEN: entra({ exp: at(1) }) };
    await expect(environmentAccessToken({ clock, environment }).accessToken()).resolves.toMatch(
      /^eyJ/
    );
  });

  describe('a session', () => {
    let harness: SessionHarness;
    let tab: FakeTab;
    beforeEach(async () => {
      harness = await SessionHarness.start();
      tab = new FakeTab();
      harness.provider.now = () => TRUE_SECONDS * 1000;
      tab.browser.now = (TRUE_SECONDS + skew) * 1000;
    });
    afterEach(() => harness.stop());

    /** What goes with a Store request now. */
    const chosen = (value = ''): boolean =>
      chooseAccessToken([{ source: 'user', value }], {
        operation: 'store',
        service: { dialect: dialectOf(value) },
        now: tab.browser.now,
      }).token !== undefined;

    it('has an access token that is sent from the first second to the last', async () => {
      const session = await harness.signIn(tab);
      expect(session.state).toMatchObject({ status: 'signed-in', renewal: 'ok' });
      expect(chosen(session.accessToken())).toBe(true);
      tab.browser.now += 3_599_999;
      expect(chosen(session.accessToken())).toBe(true);
      tab.browser.now += 1;
      expect(session.accessToken()).toBeUndefined();
    });

    it('is renewed a minute ahead, not sooner and not in a loop', async () => {
      const session = await harness.signIn(tab);
      tab.browser.advance(3_539_999);
      expect(harness.provider.tokenRequests).toHaveLength(1);
      tab.browser.advance(1);
      await session.renew();
      expect(harness.provider.tokenRequests).toHaveLength(2);
    });
  });
});

describe.each([
  ['a day behind', -86_400],
  ['two hours ahead', 7200],
])("this computer's clock is %s: the session knows better", (_name, skew) => {
  const now = (TRUE_SECONDS + skew) * 1000;
  const token = entra({ iat: at(0), nbf: at(0), exp: at(3600) });
  const request = { operation: 'store', service: { dialect: 'azure' }, now } as const;

  it('sends what whoever holds it says is valid', () => {
    const held = { source: 'user', value: token, isCurrent: true } as const;
    expect(chooseAccessToken([held], request).token).toBe(held);
    const late = { source: 'static', value: token, isCurrent: true } as const;
    expect(chooseAccessToken([late, held], request).token).toBe(held);
  });

  it('and no other', () => {
    expect(chooseAccessToken([{ source: 'user', value: token }], request).token).toBeUndefined();
    const wrong = { source: 'user', value: entra({ scp: 'Dicom.Read' }), isCurrent: true } as const;
    expect(chooseAccessToken([wrong], request).none?.reason).toBe('no-write-permission');
  });
});

it.each(INVALID)('a clock that is right does not send: %s', (_cite, source, value) => {
  expect(isChosen(source, value, 0)).toBe(false);
});
