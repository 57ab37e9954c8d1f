import type { AccessTokenCandidate, AccessTokenRequest } from './choose-access-token.ts';
import { chooseAccessToken } from './choose-access-token.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECONDS = NOW / 1000;
const STUDY = '1.2.840.113619.2.1';
const OTHER = '1.2.840.113619.2.2';
const AUDIENCE = 'https://dicom.healthcareapis.azure.com';

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object, alg = 'RS256'): string => `${part({ alg })}.${part(claims)}.c2ln`;
const entra = (change: object = {}): string =>
  jwt({
    iss: 'https://sts.windows.net/t/',
    tid: 't',
    oid: 'o',
    aud: AUDIENCE,
    exp: SECONDS + 3600,
    scp: 'Dicom.ReadWrite',
    ...change,
  });
const share = (change: object = {}): string =>
  jwt(
    {
      resources: [{ dicom_uid: STUDY, level: 'study' }],
      type: 'viewer-instant-link',
      expiration_date: null,
      ...change,
    },
    'HS256'
  );

const user = (value: string): AccessTokenCandidate => ({ source: 'user', value });
const link = (value: string): AccessTokenCandidate => ({ source: 'share', value });
const fixed = (value: string): AccessTokenCandidate => ({ source: 'static', value });

const ID_TOKEN = jwt({
  iss: 'https://sts.windows.net/t/',
  tid: 't',
  oid: 'o',
  aud: 'client',
  nonce: 'n',
});
const KEYCLOAK = jwt({
  iss: 'https://id/realms/r',
  typ: 'Bearer',
  scope: 'openid',
  exp: SECONDS + 300,
  aud: 'account',
});
const OWNER = user(entra());
const LINK = link(share());
const INBOX = link(share({ type: 'inbox-link', resources: [] }));
const OPAQUE = user('opaque-value');

type Request = Partial<AccessTokenRequest>;
const search: Request = { operation: 'search' };
const searchStudy: Request = { operation: 'search', studyInstanceUID: STUDY };
const retrieve: Request = { operation: 'retrieve', studyInstanceUID: STUDY };
const retrieveOther: Request = { operation: 'retrieve', studyInstanceUID: OTHER };
const store: Request = { operation: 'store', studyInstanceUID: STUDY };
const remove: Request = { operation: 'delete', studyInstanceUID: STUDY };
const standard: Request = { service: { dialect: 'standard' } };

/** Expected: the index of the candidate chosen, or `reason, remedy`. */
// One line a row.
// prettier-ignore
const ROWS: readonly (readonly [
  cite: string,
  candidates: readonly AccessTokenCandidate[],
  request: Request,
  expected: number | string,
])[] = [
  // Reads.
  ['design.md 5: a read takes the share token where the study is in it', [OWNER, LINK], retrieve, 1],
  ['design.md 5: a search in the study too', [OWNER, LINK], searchStudy, 1],
  ["design.md 5: else the user's", [LINK, OWNER], retrieveOther, 1],
  ["a search without a study takes the user's", [LINK, OWNER], search, 1],
  ["a search without a study, else the share's", [LINK], search, 0],
  ['orthanc.md 5.3: another study', [LINK], retrieveOther, 'no-token, sign-in'],
  ['orthanc.md 5.1: resources not named by UID may hold it', [link(share({ resources: [{ orthanc_id: 'x', level: 'study' }] }))], retrieve, 0],
  ["but the user's comes first", [link(share({ resources: [{ orthanc_id: 'x' }] })), OWNER], retrieve, 1],
  ['an expired link, the user reads', [link(share({ expiration_date: '2026-03-01T10:00:00Z' })), OWNER], retrieve, 1],
  ['an expired link alone', [link(share({ expiration_date: '2026-03-01T10:00:00Z' }))], retrieve, 'expired, sign-in'],
  ["a link just past its end gives way to the user's", [link(share({ expiration_date: '2026-03-01T11:59:00Z' })), OWNER], retrieve, 1],
  ['a link just past its end is tried alone', [link(share({ expiration_date: '2026-03-01T11:59:00Z' }))], retrieve, 0],
  ['orthanc.md 5.4: a link that holds an access token of a user', [link(KEYCLOAK)], { ...retrieve, ...standard }, 0],
  ['a reader may read', [user(entra({ scp: 'Dicom.Read' }))], retrieve, 0],
  ['the administrator’s, where there is no user', [fixed('secret')], retrieve, 0],
  ["the user's before the administrator's", [fixed(entra()), OWNER], retrieve, 1],
  ['one that surely may before one that perhaps may', [OPAQUE, fixed(entra())], retrieve, 1],
  ['nothing', [], retrieve, 'no-token, sign-in'],
  ['empty values count as nothing', [user(''), link(' ')], retrieve, 'no-token, sign-in'],
  ['ohif-3.13.md B3: never an ID token', [user(ID_TOKEN)], retrieve, 'wrong-kind, ask-administrator'],
  ['ohif-3.13.md B3: Graph token', [user(entra({ aud: 'https://graph.microsoft.com' }))], search, 'wrong-audience, ask-administrator'],
  ['expired user, no link', [user(entra({ exp: SECONDS - 3600 }))], search, 'expired, sign-in'],
  ['expired user, the link reads', [user(entra({ exp: SECONDS - 3600 })), LINK], search, 1],
  ['clock of the computer behind by an hour', [user(entra({ nbf: SECONDS + 3600 }))], search, 'expired, sign-in'],
  // Store.
  ["design.md 1: Store takes the user's, not the share token", [LINK, OWNER], store, 1],
  ['ohif-3.13.md B3 "the failing case": share token alone', [LINK], store, 'read-only-link, sign-in'],
  ['design.md 5: share token of a type in writeTypes', [INBOX], { ...store, writeTypes: ['inbox-link'] }, 0],
  ['design.md 5: of another type', [LINK], { ...store, writeTypes: ['inbox-link'] }, 'read-only-link, sign-in'],
  ['writeTypes: not for another study', [LINK], { ...store, studyInstanceUID: OTHER, writeTypes: ['viewer-instant-link'] }, 'read-only-link, sign-in'],
  ["writeTypes: the user's comes first", [INBOX, OWNER], { ...store, writeTypes: ['inbox-link'] }, 1],
  ['writeTypes: expired', [link(share({ type: 'inbox-link', expiration_date: '2026-03-01T10:00:00Z' }))], { ...store, writeTypes: ['inbox-link'] }, 'read-only-link, sign-in'],
  ['writeTypes: unsigned', [link(jwt({ resources: [], type: 'inbox-link' }, 'none'))], { ...store, writeTypes: ['inbox-link'] }, 'read-only-link, sign-in'],
  ['a share token set by the administrator is one still', [fixed(share())], store, 'read-only-link, sign-in'],
  ["a user's access token that came with a link", [link(entra())], store, 'read-only-link, sign-in'],
  ['an opaque one that came with a link', [link('opaque')], store, 'read-only-link, sign-in'],
  ['ohif-3.13.md B3: opaque, try', [OPAQUE], store, 0],
  ['orthanc.md 5.3: Keycloak user', [LINK, user(KEYCLOAK)], { ...store, ...standard }, 1],
  ['ohif-3.13.md B3: never an ID token, though a link is there', [LINK, user(ID_TOKEN)], store, 'wrong-kind, ask-administrator'],
  ['azure-dicom-service.md 5: scope lacks', [user(entra({ scp: 'Dicom.Read' }))], store, 'no-write-permission, step-up'],
  ['azure-dicom-service.md 5: role lacks', [user(entra({ roles: ['DICOM Data Reader'] }))], store, 'no-write-permission, ask-administrator'],
  ['scope lacks, and a link is there', [LINK, user(entra({ scp: 'Dicom.Read' }))], store, 'no-write-permission, step-up'],
  ['expired', [user(entra({ exp: SECONDS - 301 })), LINK], store, 'expired, sign-in'],
  ['just past its end: the service allows 5 min as well', [user(entra({ exp: SECONDS - 10 }))], store, 0],
  ['just past its end, and a valid one', [user(entra({ exp: SECONDS - 10 })), fixed(entra())], store, 1],
  ["the user's trouble is told before the administrator's", [fixed(ID_TOKEN), user(entra({ exp: SECONDS - 999 }))], store, 'expired, sign-in'],
  ['nothing to store with', [], store, 'no-token, sign-in'],
  ['ohif-3.13.md B3: Graph token', [user(entra({ aud: 'https://graph.microsoft.com' }))], store, 'wrong-audience, ask-administrator'],
  ['ohif-3.13.md B3: audience is the client id', [user(entra({ aud: 'client', scp: 'access_as_user' }))], store, 'wrong-audience, ask-administrator'],
  ['azure-dicom-service.md 5: no scope of the service', [user(entra({ scp: 'Other.Read' }))], store, 'no-write-permission, step-up'],
  ['RFC 7519 4.1.5: not yet valid, the clock may be wrong', [user(entra({ nbf: SECONDS + 301 }))], store, 'expired, sign-in'],
  ['RFC 8725 3.1: unsigned', [user(jwt({ iss: 'https://sts.windows.net/t/', tid: 't', aud: AUDIENCE, scp: 'Dicom.ReadWrite' }, 'none'))], store, 'wrong-kind, ask-administrator'],
  ['azure-dicom-service.md 5: an application, set by the administrator', [fixed(entra({ scp: undefined, idtyp: 'app' }))], store, 0],
  ['Keycloak user, expired', [LINK, user(jwt({ iss: 'https://id/realms/r', typ: 'Bearer', scope: 'openid', exp: SECONDS - 301 }))], { ...store, ...standard }, 'expired, sign-in'],
  ['orthanc.md 5.1: ohif-viewer-publication', [link(share({ type: 'ohif-viewer-publication' }))], store, 'read-only-link, sign-in'],
  ['orthanc.md 5.1: download-instant-link', [link(share({ type: 'download-instant-link' }))], store, 'read-only-link, sign-in'],
  ['orthanc.md 5.1: expired, for Store it is a link all the same', [link(share({ expiration_date: '2026-03-01T10:00:00Z' }))], store, 'read-only-link, sign-in'],
  ['of two links the one with the study', [link(share({ resources: [{ dicom_uid: OTHER, level: 'study' }] })), LINK], retrieve, 1],
  ["isCurrent: past its end by this machine's clock, whose owner knows better", [{ ...user(entra({ exp: SECONDS - 9999 })), isCurrent: true }], store, 0],
  ['isCurrent: wins no permission', [{ ...user(entra({ exp: SECONDS - 9999, scp: 'Dicom.Read' })), isCurrent: true }], store, 'no-write-permission, step-up'],
  // Delete.
  ['delete as store', [LINK, OWNER], remove, 1],
  ['delete never with a share token, whatever its type', [INBOX], { ...remove, writeTypes: ['inbox-link'] }, 'read-only-link, sign-in'],
];

describe('chooseAccessToken', () => {
  it('has a source for each row', () => {
    expect(ROWS.filter(([cite]) => cite.trim() === '')).toEqual([]);
  });

  it.each(ROWS)('%s', (_cite, candidates, request, expected) => {
    const choice = chooseAccessToken(candidates, {
      operation: 'search',
      service: { dialect: 'azure' },
      now: NOW,
      ...request,
    });
    if (choice.none) {
      expect(`${choice.none.reason}, ${choice.none.remedy}`).toBe(expected);
      expect(choice.none.message).toMatch(/^[A-Z].*\.$/);
      expect(choice.none.message).not.toMatch(/token\b(?! for)|claim|scope|audience|JWT/);
    } else {
      expect(candidates.indexOf(choice.token)).toBe(expected);
      expect(choice.description.permits).toBeDefined();
    }
  });
});
