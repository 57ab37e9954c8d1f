/**
 * Every cell of the truth table of docs/orthanc.md ("Who may do what"), asked of the gate in front of a real Orthanc. S and T are two
 * studies that the archive has; S is the one a link is for, and has the label "external".
 */
import { jest } from '@jest/globals';
import { createShareToken, SEED_STUDIES } from '@ohif-azure/emulator';
import { encodeMultipart } from '@ohif-azure/dicomweb';
import { exportJWK, generateKeyPair, SignJWT, createLocalJWKSet } from 'jose';
import { startOrthanc, type Orthanc } from '../support/orthanc.ts';
import {
  EMPTY_ANONYMOUS,
  startOrthancGate,
  UPLOADING_ANONYMOUS,
  type OrthancGate,
  type OrthancGateOptions,
} from '../support/orthanc-gate.ts';

jest.setTimeout(60_000);

const SECRET = 'a secret of the authorization service';
// The smallest two of the seed: a document and a radiograph.
const [S, T] = [SEED_STUDIES[4]!, SEED_STUDIES[2]!];
const UNKNOWN_TO_ARCHIVE = '1.2.3.4.5';
const file = (study: typeof S) => study.instances()[Symbol.iterator]().next().value as Uint8Array;

let orthanc: Orthanc;
let base: Pick<OrthancGateOptions, 'orthanc' | 'secret' | 'realmKeys' | 'labels' | 'apiKeys'>;
let sign: (claims: object) => Promise<string>;
const gates = new Map<string, OrthancGate>();

beforeAll(async () => {
  const keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'realm', alg: 'RS256' };
  sign = claims =>
    new SignJWT({ aud: 'account', typ: 'Bearer', name: 'Dr. Someone', ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: 'realm' })
      .setExpirationTime('5 minutes')
      .sign(keys.privateKey);
  orthanc = await startOrthanc();
  base = {
    orthanc: orthanc.url,
    secret: SECRET,
    realmKeys: createLocalJWKSet({ keys: [jwk] }),
    labels: { [S.studyInstanceUID]: ['external'] },
    apiKeys: { 'key-of-doctor': ['doctor-role'], 'key-of-reader': ['reader-role'] },
  };
  for (const study of [S, T]) {
    const stored = await fetch(`${orthanc.url}/instances`, {
      method: 'POST',
      body: Buffer.from(file(study)),
    });
    expect(stored.status).toBe(200);
  }
});
afterAll(async () => {
  await Promise.all([...gates.values()].map(gate => gate.close()));
  await orthanc?.close();
});

async function gateWith(options: Partial<OrthancGateOptions>): Promise<OrthancGate> {
  const name = JSON.stringify(options, (_key, value: unknown) =>
    typeof value === 'function' ? String(value) : value
  );
  const gate = gates.get(name) ?? (await startOrthancGate({ ...base, ...options }));
  gates.set(name, gate);
  return gate;
}

type Headers = Record<string, string>;
const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const share = async (options: Partial<Parameters<typeof createShareToken>[0]> = {}) =>
  bearer(
    await createShareToken({ secret: SECRET, studyInstanceUID: S.studyInstanceUID, ...options })
  );
const user = async (...roles: string[]) => bearer(await sign({ realm_access: { roles } }));

/** What one column of the table asks. Store answers are of Orthanc itself, so that "yes" is a Store transaction that succeeded. */
async function ask(gate: OrthancGate, column: Column, headers: Headers): Promise<string> {
  const uid = S.studyInstanceUID;
  const get = async (path: string) => {
    const answer = await fetch(`${gate.dicomwebUrl}${path}`, { headers });
    if (answer.status === 403) return 'no';
    expect([answer.status, path]).toEqual([200, path]);
    if (!path.startsWith('/studies?') && path !== '/studies') {
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(100);
      return 'yes';
    }
    const found = (await answer.json()) as Record<string, { Value: string[] }>[];
    const studies = found.map(each => (each['0020000D']?.Value[0] === uid ? 'S' : 'T'));
    return studies.sort().join('') || 'empty';
  };
  const store = async (path: string, study: typeof S) => {
    const { contentType, pieces } = encodeMultipart([file(study)]);
    const answer = await fetch(`${gate.dicomwebUrl}${path}`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': contentType, Accept: 'application/dicom+json' },
      body: Buffer.concat(pieces),
    });
    if (answer.status === 403) return 'no';
    const body = (await answer.json()) as Record<string, { Value?: unknown[] }>;
    expect([answer.status, body['00081199']?.Value?.length]).toEqual([200, 1]);
    return 'yes';
  };
  switch (column) {
    case 'search S':
      return get(`/studies?StudyInstanceUID=${uid}`);
    case 'series of S':
      return get(`/studies/${uid}/series`);
    case 'metadata of S':
      return get(`/studies/${uid}/metadata`);
    case 'search':
      return get('/studies');
    case 'retrieve S':
      return get(`/studies/${uid}`);
    case 'store':
      return store('/studies', S);
    case 'store to S':
      return store(`/studies/${uid}`, S);
    case 'retrieve T':
      return get(`/studies/${T.studyInstanceUID}/metadata`);
    case 'store to T':
      return store(`/studies/${T.studyInstanceUID}`, T);
  }
}

const COLUMNS = [
  'search S',
  'series of S',
  'metadata of S',
  'search',
  'retrieve S',
  'store',
  'store to S',
  'retrieve T',
  'store to T',
] as const;
type Column = (typeof COLUMNS)[number];

const EMPTY = { anonymous: EMPTY_ANONYMOUS };
const UPLOADING = { anonymous: UPLOADING_ANONYMOUS };
const READS = ['S', 'yes', 'yes'];
const NOTHING = ['empty', 'no', 'no'];
const SHARE_TYPES = [
  'viewer-instant-link',
  'download-instant-link',
  'stone-viewer-publication',
  'ohif-viewer-publication',
  'osimis-viewer-publication',
  'volview-viewer-publication',
  'meddream-viewer-publication',
];

type Row = [
  cite: string,
  options: Partial<OrthancGateOptions>,
  headers: () => Headers | Promise<Headers>,
  expected: string[],
];
// Columns:  search S, series, metadata | search | retrieve S | store | store to S | retrieve T, store to T
const ROWS: Row[] = [
  ...SHARE_TYPES.flatMap((type): Row[] => [
    [
      `row 1: ${type}, empty anonymous profile`,
      EMPTY,
      () => share({ type }),
      [...READS, 'S', 'yes', 'no', 'yes', 'no', 'no'],
    ],
    [
      `row 2: ${type}, anonymous profile of 25.6.0`,
      UPLOADING,
      () => share({ type }),
      [...READS, 'S', 'yes', 'yes', 'no', 'no', 'no'],
    ],
  ]),
  [
    'row 1, plugin 0.9.2: a search without a study is empty',
    { ...EMPTY, plugin: '0.9.2' },
    () => share(),
    [...READS, 'empty', 'yes', 'no', 'yes', 'no', 'no'],
  ],
  [
    'row 1, plugin before 0.9.2: a search without a study is refused',
    { ...EMPTY, plugin: '0.9.1' },
    () => share(),
    [...READS, 'no', 'yes', 'no', 'yes', 'no', 'no'],
  ],
  [
    'row 1: a link that never ends',
    EMPTY,
    () => share({ validitySeconds: null }),
    [...READS, 'S', 'yes', 'no', 'yes', 'no', 'no'],
  ],
  [
    'row 3: expired, empty anonymous profile',
    { ...EMPTY, plugin: '0.9.1' },
    () => share({ now: () => 0 }),
    ['no', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'row 3: expired, plugin since 0.9.2',
    EMPTY,
    () => share({ now: () => 0 }),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'row 3: expired, anonymous profile of 25.6.0: stores as anonymous',
    UPLOADING,
    () => share({ now: () => 0 }),
    [...NOTHING, 'empty', 'no', 'yes', 'no', 'no', 'no'],
  ],
  [
    'row 3: other server-id',
    { ...EMPTY, serverId: 'north', identifier: 'south' },
    () => share(),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'row 1: the same server-id',
    { ...EMPTY, serverId: 'north', identifier: 'north' },
    () => share(),
    [...READS, 'S', 'yes', 'no', 'yes', 'no', 'no'],
  ],
  [
    'row 3: signed with another secret',
    EMPTY,
    () => share({ secret: 'another' }),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'row 4: Keycloak, view only',
    EMPTY,
    () => user('reader-role'),
    [...READS, 'ST', 'yes', 'no', 'no', 'yes', 'no'],
  ],
  ...['admin-role', 'doctor-role'].map((role): Row => [
    `row 5: Keycloak, view and upload, labels * (${role})`,
    EMPTY,
    () => user(role),
    [...READS, 'ST', 'yes', 'yes', 'yes', 'yes', 'yes'],
  ]),
  [
    'row 6: Keycloak, upload, label external (S has it, T has not)',
    EMPTY,
    () => user('external-role'),
    [...READS, 'S', 'yes', 'yes', 'yes', 'no', 'no'],
  ],
  [
    'row 7: api-key of a doctor',
    EMPTY,
    () => ({ 'api-key': 'key-of-doctor' }),
    [...READS, 'ST', 'yes', 'yes', 'yes', 'yes', 'yes'],
  ],
  [
    'row 7: api-key of a reader',
    EMPTY,
    () => ({ 'api-key': 'key-of-reader' }),
    [...READS, 'ST', 'yes', 'no', 'no', 'yes', 'no'],
  ],
  [
    'row 7: api-key of nobody',
    EMPTY,
    () => ({ 'api-key': 'constructor' }),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'row 8: inbox, no token',
    UPLOADING,
    () => ({}),
    [...NOTHING, 'empty', 'no', 'yes', 'no', 'no', 'no'],
  ],
  [
    'row 8: inbox-link',
    UPLOADING,
    () => share({ type: 'inbox-link' }),
    [...NOTHING, 'empty', 'no', 'yes', 'no', 'no', 'no'],
  ],
  [
    'no token, empty anonymous profile',
    { ...EMPTY, plugin: '0.9.1' },
    () => ({}),
    ['no', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'keycloak.py: an expired user token is anonymous, 403 and not 401',
    { ...EMPTY, now: () => Date.now() + 301_000 },
    () => user('doctor-role'),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'keycloak.py: a user token for another audience is anonymous',
    EMPTY,
    async () => bearer(await sign({ aud: 'other', realm_access: { roles: ['doctor-role'] } })),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
  [
    'Plugin.cpp 580: of two tokens the last one decides',
    EMPTY,
    async () => ({ ...(await user('doctor-role')), token: await sign({}) }),
    [...NOTHING, 'empty', 'no', 'no', 'no', 'no', 'no'],
  ],
];

describe.each(ROWS)('%s', (_cite, options, headers, expected) => {
  it.each(COLUMNS.map((column, index) => [column, expected[index]] as const))(
    '%s: %s',
    async (column, cell) => {
      expect(await ask(await gateWith(options), column, await headers())).toBe(cell);
    }
  );
});

it('asks every cell of every row', () => {
  for (const [cite, , , expected] of ROWS) {
    expect(cite).not.toBe('');
    expect(expected).toHaveLength(COLUMNS.length);
  }
});

/** Row 5 ("yes") and row 6 ("new study: no") of the column for a study that the archive does not have yet. */
it.each([
  ['doctor-role', 200],
  ['external-role', 403],
])('a study that is new, by %s: %i', async (role, status) => {
  const gate = await gateWith(EMPTY);
  const answer = await fetch(`${gate.dicomwebUrl}/studies/${UNKNOWN_TO_ARCHIVE}/metadata`, {
    headers: await user(role),
  });
  // Orthanc itself says that it has no such study; the gate has let the request through.
  expect(answer.status).toBe(status === 200 ? 404 : 403);
});

describe('GET /auth/user/profile (Plugin.cpp 2176)', () => {
  it.each<[string, () => Headers | Promise<Headers>, object]>([
    ['a doctor', () => user('doctor-role'), { name: 'Dr. Someone', 'authorized-labels': ['*'] }],
    ['a reader', () => user('reader-role'), { permissions: ['view'] }],
    ['a link', () => share(), { name: 'Anonymous', permissions: ['upload'] }],
    ['nobody', () => ({}), { name: 'Anonymous', permissions: ['upload'], groups: [] }],
  ])('%s', async (_who, headers, expected) => {
    const gate = await gateWith(UPLOADING);
    const answer = await fetch(`${gate.url}/auth/user/profile`, { headers: await headers() });
    expect(await answer.json()).toMatchObject(expected);
  });

  it('is not there where the gate is to have none', async () => {
    const gate = await gateWith({ hasProfile: false });
    const answer = await fetch(`${gate.url}/auth/user/profile`, {
      headers: await user('doctor-role'),
    });
    expect(answer.status).toBe(404);
  });
});

it('logs kinds of credentials and no credential, and opens nothing but DICOMweb', async () => {
  const gate = await gateWith({ viewerOrigins: ['http://viewer.test'] });
  const headers = await user('admin-role');
  for (const path of ['/system', '/instances', '/tools/execute-script', '/dicom-web/servers']) {
    expect((await fetch(`${gate.url}${path}`, { headers })).status).toBe(403);
  }
  await fetch(`${gate.dicomwebUrl}/studies?PatientName=Secret`, { headers: await share() });
  expect(gate.requests()).toHaveLength(5);
  expect(gate.requests().at(-1)).toEqual({
    method: 'GET',
    path: '/dicom-web/studies',
    status: 200,
    credential: 'share token',
  });
  expect(JSON.stringify(gate.requests())).not.toMatch(/Secret|eyJ/);
});

it.each([
  ['http://viewer.test', 'http://viewer.test'],
  ['http://elsewhere.test', null],
])('lets a browser from %s ask: %s', async (origin, allowed) => {
  const gate = await gateWith({ viewerOrigins: ['http://viewer.test'] });
  const preflight = await fetch(`${gate.dicomwebUrl}/studies`, {
    method: 'OPTIONS',
    headers: { Origin: origin, 'Access-Control-Request-Method': 'POST' },
  });
  expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe(allowed);
});
