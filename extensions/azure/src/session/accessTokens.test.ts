import { jest } from '@jest/globals';
import type { BrowserSession } from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { createAccessTokens } from './accessTokens.ts';
import type { AskStorePermission, StorePermission } from './orthancPermissions.ts';

const STUDY = '1.2.3';
const ORTHANC = {
  sourceName: 'orthanc',
  dicomwebRoot: 'https://pacs.example/dicom-web',
  dialect: 'standard',
  signIn: { clientId: 'ohif-viewer' },
  shareTokens: { accept: true, writeTypes: [] },
} as unknown as ArchiveSettings;
const STORE = { operation: 'store', studyInstanceUID: STUDY, renew: false } as const;
const RETRIEVE = { operation: 'retrieve', studyInstanceUID: STUDY, renew: false } as const;

const jwt = (header: object, claims: object) =>
  [header, claims]
    .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.c2ln');
const LINK = jwt(
  { alg: 'HS256', typ: 'JWT' },
  {
    resources: [{ dicom_uid: STUDY, orthanc_id: null, level: 'study' }],
    type: 'viewer-instant-link',
    expiration_date: null,
  }
);
/** An access token of Keycloak; `jti` tells one from the next. */
const userToken = (jti: number) =>
  jwt(
    { alg: 'RS256', typ: 'JWT' },
    { iss: 'https://id.example/realms/orthanc', aud: 'account', typ: 'Bearer', exp: 9e9, jti }
  );

/** A session whose renewals give `renewals` access tokens more; with none it has nobody signed in. */
function sessionOf({ isSignedIn = true, renewals = 0 } = {}) {
  let [issued, account] = [isSignedIn ? 1 : 0, 'doctor'];
  const listeners = new Set<() => void>();
  const accessToken = () => (issued > 0 ? userToken(issued) : undefined);
  const session = {
    get state() {
      return issued > 0
        ? { status: 'signed-in', account: { id: account } }
        : { status: 'signed-out' };
    },
    subscribe: (listener: () => void) => listeners.add(listener),
    accessToken,
    freshAccessToken: async ({ renew = false } = {}) => {
      if (renew && issued > renewals) return undefined;
      if (renew) issued += 1;
      return accessToken();
    },
  } as unknown as BrowserSession;
  return {
    session,
    signInAs: (name: string) => {
      issued += 1;
      account = name;
      listeners.forEach(listener => listener());
    },
  };
}

/** An archive that gives one answer for each access token, in their order, and the last one for all others. */
function saying(...answers: StorePermission[]) {
  const asked: string[] = [];
  const ask = jest.fn<AskStorePermission>(async (_archive, accessToken) => {
    if (!asked.includes(accessToken)) asked.push(accessToken);
    return answers[asked.indexOf(accessToken)] ?? answers.at(-1) ?? 'not-offered';
  });
  return { ask, asked };
}
const create = (session: BrowserSession | undefined, ask: AskStorePermission, link?: string) =>
  createAccessTokens(session, ORTHANC, link, () => 1e12, ask);

it.each<StorePermission>(['may-store', 'not-offered'])('%s: sends the user’s token', async said => {
  const { ask } = saying(said);
  const tokens = create(sessionOf().session, ask, LINK);
  expect(await tokens.source(ORTHANC)(STORE)).toBe(`Bearer ${userToken(1)}`);
  expect(tokens.isViewOnly(ORTHANC)).toBe(false);
});

it.each<StorePermission>(['view-only', 'anonymous'])('%s: sends nothing', async said => {
  const { ask } = saying(said);
  const tokens = create(sessionOf().session, ask, LINK);
  await expect(tokens.source(ORTHANC)(STORE)).rejects.toMatchObject({
    code: 'ERR_STORE_FORBIDDEN',
  });
  expect(tokens.isViewOnly(ORTHANC)).toBe(true);
});

it.each<StorePermission>(['view-only', 'anonymous'])(
  '%s: renews, asks again, and goes on when the archive has changed its mind',
  async said => {
    const { ask, asked } = saying(said, 'may-store');
    const tokens = create(sessionOf({ renewals: 1 }).session, ask);
    expect(await tokens.source(ORTHANC)(STORE)).toBe(`Bearer ${userToken(2)}`);
    expect(asked).toEqual([userToken(1), userToken(2)]);
    expect(tokens.isViewOnly(ORTHANC)).toBe(false);
  }
);

it('renews once, not for ever', async () => {
  const { ask, asked } = saying('view-only');
  const tokens = create(sessionOf({ renewals: 9 }).session, ask);
  await expect(tokens.source(ORTHANC)(STORE)).rejects.toMatchObject({
    code: 'ERR_STORE_FORBIDDEN',
  });
  expect(asked).toHaveLength(2);
});

it('asks about nothing but Store, and never with a link’s token', async () => {
  const { ask } = saying('may-store');
  const tokens = create(sessionOf({ isSignedIn: false }).session, ask, LINK);
  expect(await tokens.source(ORTHANC)(RETRIEVE)).toBe(`Bearer ${LINK}`);
  await expect(tokens.source(ORTHANC)(STORE)).rejects.toMatchObject({
    code: 'ERR_AUTH_SIGNIN_REQUIRED',
    reason: 'read-only-link',
  });
  expect(ask).not.toHaveBeenCalled();
});

it('reads with the link’s token while the user’s stores', async () => {
  const tokens = create(sessionOf().session, saying('may-store').ask, LINK);
  expect(await tokens.source(ORTHANC)(RETRIEVE)).toBe(`Bearer ${LINK}`);
  expect(await tokens.source(ORTHANC)(STORE)).toBe(`Bearer ${userToken(1)}`);
});

it('tells that an account is for viewing before anything is saved, and of that account alone', async () => {
  const { ask } = saying('may-store', 'view-only', 'view-only', 'may-store');
  const { session, signInAs } = sessionOf();
  const tokens = create(session, ask);
  const news = jest.fn();
  tokens.subscribe(news);
  const seen: boolean[] = [];
  for (const name of ['reader', 'other-reader', 'doctor']) {
    signInAs(name);
    // Not said of this account yet.
    seen.push(tokens.isViewOnly(ORTHANC));
    await tokens.source(ORTHANC)(RETRIEVE);
    await Promise.all(ask.mock.results.map(({ value }) => value));
    await Promise.resolve();
    seen.push(tokens.isViewOnly(ORTHANC));
  }
  expect(seen).toEqual([false, true, false, true, false, false]);
  expect(news).toHaveBeenCalledTimes(2);
});

it('works without a session', async () => {
  const open = { ...ORTHANC, signIn: undefined };
  const tokens = createAccessTokens(undefined, undefined, undefined, () => 1e12, saying().ask);
  expect(await tokens.source(open)(STORE)).toBeUndefined();
  expect(tokens.isViewOnly(open)).toBe(false);
});
