import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { listen } from '../http/listen.ts';
import { buildPart10, instanceElements } from '../testing/part10-builder.ts';
import { startTestService, endTestServices } from '../testing/test-service.ts';
import type { TestService } from '../testing/test-service.ts';

afterAll(endTestServices);

const AUDIENCE = 'https://dicom.healthcareapis.azure.com';
const ISSUER = 'https://sts.example.org/tenant/';
const SECRET = 'share-secret-of-at-least-32-letters!';
const NOW = Date.UTC(2025, 0, 15, 12);
const SECONDS = NOW / 1000;

let keyServer: Server;
let key: CryptoKey;
let otherKey: CryptoKey;
let services: Record<'claims' | 'signature', TestService>;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256');
  key = pair.privateKey;
  otherKey = (await generateKeyPair('RS256')).privateKey;
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  keyServer = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  const port = await listen(keyServer, { host: '127.0.0.1', port: 0, what: 'keys' });
  const start = (auth: 'claims' | 'signature') =>
    startTestService({
      auth,
      now: () => NOW,
      identity: {
        issuers: [ISSUER],
        jwksUri: `http://127.0.0.1:${port}/keys`,
        authority: 'https://login.example.org/tenant',
      },
      roleOf: claims =>
        ({ o: 'owner', r: 'reader' })[String(claims.oid)] as 'owner' | 'reader' | undefined,
      shareTokenSecret: SECRET,
    });
  services = { claims: await start('claims'), signature: await start('signature') };
  for (const service of Object.values(services)) {
    for (const study of ['1.1', '1.2']) {
      await service.storeFile(buildPart10(instanceElements({ '0020000D': ['UI', study] })));
    }
  }
});
afterAll(async () => {
  await services.claims.end();
  await services.signature.end();
  keyServer.close();
});

const OWNER: JWTPayload = {
  aud: AUDIENCE,
  iss: ISSUER,
  oid: 'o',
  scp: 'Dicom.ReadWrite',
  exp: SECONDS + 3600,
  nbf: SECONDS - 60,
};

interface Signing {
  kid?: string;
  signWith?: 'other' | 'secret';
}
async function accessToken(changes: JWTPayload = {}, { kid = 'k1', signWith }: Signing = {}) {
  const jwt = new SignJWT({ ...OWNER, ...changes }).setProtectedHeader({
    alg: signWith === 'secret' ? 'HS256' : 'RS256',
    kid,
  });
  if (signWith === 'secret')
    return jwt.sign(new TextEncoder().encode('another secret of 32 letters and more'));
  return jwt.sign(signWith === 'other' ? otherKey : key);
}

const CHALLENGE = `Bearer authorization_uri="https://login.example.org/tenant", resource_id="${AUDIENCE}", realm="${AUDIENCE}"`;
const refused = (description?: string) =>
  `${CHALLENGE}, error="invalid_token"${description ? `, error_description="${description}"` : ''}`;
const search = (service: TestService, authorization?: string, path = '/v2/studies') =>
  service.send(path, { headers: { authorization } });

describe('401 (reference 5)', () => {
  it.each([
    ['no header', undefined],
    ['Basic', 'Basic abc'],
    ['Bearer without a credential', 'Bearer '],
  ])('%s', async (_, authorization) => {
    const answer = await search(services.signature, authorization);
    expect(answer).toMatchObject({ status: 401, text: '' });
    expect(answer.headers['www-authenticate']).toBe(CHALLENGE);
  });

  const rows: [string, JWTPayload, Signing, string | undefined, boolean][] = [
    // What, claims, signing, description, refused at level `claims` too.
    [
      'another audience',
      { aud: 'https://graph.microsoft.com' },
      {},
      "The audience 'https://graph.microsoft.com' is invalid",
      true,
    ],
    [
      'an ID token: audience is the client',
      { aud: 'ohif-viewer', nonce: 'n' },
      {},
      "The audience 'ohif-viewer' is invalid",
      true,
    ],
    ['expired', { exp: SECONDS - 301 }, {}, "The token expired at '01/15/2025 11:54:59'", true],
    [
      'not valid yet',
      { nbf: SECONDS + 301 },
      {},
      "The token is not valid before '01/15/2025 12:05:01'",
      true,
    ],
    ['no expiration', { exp: undefined }, {}, 'The token has no expiration', true],
    [
      'another issuer',
      { iss: 'https://evil.example' },
      {},
      "The issuer 'https://evil.example' is invalid",
      false,
    ],
    ['another key of the same name', {}, { signWith: 'other' }, 'The signature is invalid', false],
    ['a key which is not published', {}, { kid: 'k2' }, 'The signature key was not found', false],
    ['quotes in a claim', { aud: 'a"\r\nX: y' }, {}, "The audience 'a???X: y' is invalid", true],
  ];
  it.each(rows)('%s', async (_, claims, signing, description, atClaims) => {
    const bearer = `Bearer ${await accessToken(claims, signing)}`;
    const answer = await search(services.signature, bearer);
    expect(answer).toMatchObject({ status: 401, text: '' });
    expect(answer.headers['www-authenticate']).toBe(refused(description));
    expect((await search(services.claims, bearer)).status).toBe(atClaims ? 401 : 200);
  });

  it.each(['abc', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'])('malformed %s', async text => {
    const answer = await search(services.signature, `Bearer ${text}`);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toMatch(/error="invalid_token"/);
  });

  it('alg none with right claims is refused when signatures are checked', async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const unsigned = `Bearer ${part({ alg: 'none' })}.${part(OWNER)}.`;
    expect((await search(services.signature, unsigned)).status).toBe(401);
  });
});

describe('accepted', () => {
  it.each([
    ['as issued', {}],
    ['audience with a slash', { aud: `${AUDIENCE}/` }],
    ['expired within five minutes', { exp: SECONDS - 299 }],
    ['an application: no scp, appid', { scp: undefined, appid: 'relay' }],
  ])('%s', async (_, claims) => {
    const bearer = `Bearer ${await accessToken(claims)}`;
    expect((await search(services.signature, bearer)).status).toBe(200);
  });
});

describe('403: the role decides, after Accept and before the path (reference 5)', () => {
  const METHODS: [string, string][] = [
    ['GET', '/v2/studies'],
    ['GET', '/v2/studies/9/metadata'],
    ['POST', '/v2/studies'],
    ['DELETE', '/v2/studies/9'],
  ];
  it.each([
    ['owner', { oid: 'o' }, [200, 404, 204, 404]],
    ['reader', { oid: 'r' }, [200, 404, 403, 403]],
    ['no role', { oid: 'n' }, [403, 403, 403, 403]],
    ['the claim roles does not count', { oid: 'n', roles: ['globalAdmin'] }, [403, 403, 403, 403]],
    ['another scope', { scp: 'openid' }, [403, 403, 403, 403]],
    ['neither scope nor application', { scp: undefined }, [403, 403, 403, 403]],
  ] as [string, JWTPayload, number[]][])('%s', async (_, claims, statuses) => {
    const authorization = `Bearer ${await accessToken(claims)}`;
    for (const [index, [method, path]] of METHODS.entries()) {
      const answer = await services.signature.send(path, {
        method,
        headers: {
          authorization,
          'content-type': method === 'POST' ? 'multipart/related; boundary=b' : undefined,
        },
        body: method === 'POST' ? '--b--' : undefined,
      });
      expect([method, answer.status]).toEqual([method, statuses[index]]);
      if (answer.status === 403) expect(answer.text).toBe('Authorization failed.');
    }
  });

  it('406 and 415 go before 403, 403 before 400', async () => {
    const authorization = `Bearer ${await accessToken({ oid: 'n' })}`;
    const status = async (path: string, headers: object, method = 'GET') =>
      (await services.signature.send(path, { method, headers: { authorization, ...headers } }))
        .status;
    expect(await status('/v2/studies', { accept: 'image/png' })).toBe(406);
    expect(await status('/v2/studies', { 'content-type': 'text/plain' }, 'POST')).toBe(415);
    expect(await status('/v2/studies?limit=0', {})).toBe(400);
    expect(await status('/v2/studies?foo=1', {})).toBe(403);
    expect(await status('/v2/studies/guid/metadata', {})).toBe(403);
    expect(await status('/v2/changefeed', {})).toBe(403);
  });
});

describe('share tokens (reference orthanc 5.1, 5.3)', () => {
  const share = async (changes: object = {}, secret = SECRET) =>
    `Bearer ${await new SignJWT({
      id: 'x',
      resources: [{ dicom_uid: '1.1', orthanc_id: '', url: null, level: 'study' }],
      type: 'viewer-instant-link',
      expiration_date: null,
      validity_duration: null,
      ...changes,
    })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(secret))}`;

  it.each([
    ['GET', '/v2/studies?StudyInstanceUID=1.1', 200],
    ['GET', '/v2/studies/1.1/series', 200],
    ['GET', '/v2/studies/1.1/metadata', 200],
    ['GET', '/v2/studies?StudyInstanceUID=1.2', 403],
    ['GET', '/v2/studies?0020000D=1.2', 403],
    ['GET', '/v2/studies/1.2/series', 403],
    ['GET', '/v2/studies/1.2/metadata', 403],
    ['GET', '/v2/changefeed', 403],
    ['POST', '/v2/studies', 403],
    ['POST', '/v2/studies/1.1', 403],
    ['DELETE', '/v2/studies/1.1', 403],
  ])('%s %s: %i', async (method, path, status) => {
    const headers = {
      authorization: await share(),
      'content-type': 'multipart/related; boundary=b',
    };
    const answer = await services.signature.send(path, { method, headers });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.text).toBe('');
  });

  it.each(['studies', 'series', 'instances'])(
    'a search of all %s finds its study alone',
    async name => {
      const answer = await search(services.signature, await share(), `/v2/${name}`);
      expect(answer.json().map(result => result['0020000D']?.Value)).toEqual([['1.1']]);
    }
  );

  it.each([
    ['expired', { expiration_date: new Date(NOW - 1).toISOString() }, SECRET],
    ['a date which is none', { expiration_date: 'soon' }, SECRET],
    ['another secret', {}, 'another secret of 32 letters and more'],
    ['no resources', { resources: undefined }, SECRET],
    ['no type', { type: undefined }, SECRET],
  ])('%s: 401', async (_, changes, secret) => {
    const answer = await search(services.signature, await share(changes, secret));
    expect(answer).toMatchObject({ status: 401, text: '' });
  });

  it('valid until its date', async () => {
    const authorization = await share({ expiration_date: new Date(NOW + 1).toISOString() });
    expect((await search(services.signature, authorization)).status).toBe(200);
  });

  it('an access token signed with a secret is no share token', async () => {
    const bearer = `Bearer ${await accessToken({}, { signWith: 'secret' })}`;
    expect((await search(services.claims, bearer)).status).toBe(401);
  });
});

it('unreachable keys refuse every access token', async () => {
  const service = await startTestService({
    auth: 'signature',
    identity: { issuers: [ISSUER], jwksUri: 'http://127.0.0.1:1/keys' },
  });
  const answer = await search(service, `Bearer ${await accessToken()}`);
  expect(answer.status).toBe(401);
  await service.end();
});
