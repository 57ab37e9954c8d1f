import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import type { JWTHeaderParameters, JWTPayload } from 'jose';
import { storeOf } from '../support/row.ts';
import type { Row, Scene, Table } from '../support/row.ts';

const ISSUER = 'https://sts.windows.net/11111111-2222-3333-4444-555555555555/';
const AUTHORITY = 'https://login.microsoftonline.com/tenant/v2.0';
const AUDIENCE = 'https://dicom.healthcareapis.azure.com';
const CHALLENGE = `Bearer authorization_uri="${AUTHORITY}", resource_id="${AUDIENCE}", realm="${AUDIENCE}"`;
const KEY_ID = 'published';

const published = await generateKeyPair('RS256', { extractable: true });
const other = await generateKeyPair('RS256', { extractable: true });
const elliptic = await generateKeyPair('ES256');
const publicKeyText = await exportSPKI(published.publicKey);

const nowSeconds = () => Math.floor(Date.now() / 1000);
const claimsOf = (changes: JWTPayload): JWTPayload => ({
  aud: AUDIENCE,
  iss: ISSUER,
  oid: 'owner',
  scp: 'Dicom.ReadWrite',
  nbf: nowSeconds() - 60,
  exp: nowSeconds() + 3600,
  ...changes,
});

type Key = Parameters<SignJWT['sign']>[0];
/** An access token as Entra ID signs it, but for the changes. */
const signed = (
  claims: JWTPayload = {},
  header: Partial<JWTHeaderParameters> = {},
  key: Key = published.privateKey
) =>
  new SignJWT(claimsOf(claims))
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: KEY_ID, ...header })
    .sign(key);
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Case {
  title: string;
  token: () => Promise<string> | string;
  status: number;
  /** The `error_description`; `null` for a challenge with `error` alone. */
  description?: string | RegExp | null;
  source: string;
  known: Row['known'];
}

const SIGNATURE = 'The signature is invalid';
const NO_KEY = 'The signature key was not found';
const CASES: readonly Case[] = [
  {
    title: 'signed with a published key',
    token: () => signed(),
    status: 204,
    source: 'SecurityModule, AddJwtBearer; RFC 7515 5.2',
    known: 'code',
  },
  {
    title: 'several audiences, one of them the service',
    token: () => signed({ aud: ['api://other', AUDIENCE] }),
    status: 204,
    source: 'RFC 7519 4.1.3',
    known: 'standard',
  },
  {
    title: 'expired, but within five minutes',
    token: () => signed({ exp: nowSeconds() - 240 }),
    status: 204,
    source: 'TokenValidationParameters.DefaultClockSkew; RFC 7519 4.1.4',
    known: 'framework',
  },
  {
    title: 'an application: no scp, but an appid',
    token: () => signed({ scp: undefined, appid: 'relay' }),
    status: 204,
    source: 'reference 5, First-party app',
    known: 'docs',
  },
  {
    title: 'signed with another key of the same kid: 401',
    token: () => signed({}, {}, other.privateKey),
    status: 401,
    description: SIGNATURE,
    source: 'JwtBearerHandler.CreateErrorDescription; JsonWebTokenHandler, IDX10511',
    known: 'framework',
  },
  {
    title: 'claims which were changed after signing: 401',
    token: async () => {
      const [header, , signature] = (await signed({ oid: 'reader' })).split('.');
      return [header, part(claimsOf({ oid: 'owner' })), signature].join('.');
    },
    status: 401,
    description: SIGNATURE,
    source: 'RFC 7515 5.2; JsonWebTokenHandler, IDX10511',
    known: 'framework',
  },
  {
    title: 'a kid which is not published: 401',
    token: () => signed({}, { kid: 'other' }, other.privateKey),
    status: 401,
    description: NO_KEY,
    source: 'JsonWebTokenHandler, IDX10503',
    known: 'framework',
  },
  {
    title: 'a key in the header itself: 401',
    token: async () =>
      signed({}, { kid: undefined, jwk: await exportJWK(other.publicKey) }, other.privateKey),
    status: 401,
    description: /^The signature (is invalid|key was not found)$/,
    source: 'RFC 8725 3.10',
    known: 'standard',
  },
  {
    title: 'alg none: 401',
    token: () => `${part({ alg: 'none', typ: 'JWT' })}.${part(claimsOf({}))}.`,
    status: 401,
    description: SIGNATURE,
    source: 'RFC 8725 3.2; JsonWebTokenHandler, IDX10504',
    known: 'framework',
  },
  {
    title: 'a signed token whose signature was taken off: 401',
    token: async () => (await signed()).replace(/[^.]+$/, ''),
    status: 401,
    description: SIGNATURE,
    source: 'RFC 8725 3.2; JsonWebTokenHandler, IDX10504',
    known: 'framework',
  },
  {
    title: 'HS256 with the public key as its secret: 401',
    token: () => signed({}, { alg: 'HS256' }, new TextEncoder().encode(publicKeyText)),
    status: 401,
    description: SIGNATURE,
    source: 'RFC 8725 2.1 and 3.1; JsonWebTokenHandler, IDX10511',
    known: 'framework',
  },
  {
    title: 'ES256 with the kid of an RSA key: 401',
    token: () => signed({}, { alg: 'ES256' }, elliptic.privateKey),
    status: 401,
    description: SIGNATURE,
    source: 'RFC 8725 3.1; JsonWebTokenHandler, IDX10511',
    known: 'framework',
  },
  {
    title: 'another issuer: 401 and which',
    token: () => signed({ iss: 'https://sts.windows.net/other/' }),
    status: 401,
    description: "The issuer 'https://sts.windows.net/other/' is invalid",
    source: 'RFC 8725 3.8; JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'the issuer without its slash is another one: 401',
    token: () => signed({ iss: ISSUER.slice(0, -1) }),
    status: 401,
    description: `The issuer '${ISSUER.slice(0, -1)}' is invalid`,
    source: 'RFC 7519 4.1.1, StringOrURI is compared by its letters',
    known: 'standard',
  },
  {
    title: 'no issuer: 401',
    token: () => signed({ iss: undefined }),
    status: 401,
    description: "The issuer '(null)' is invalid",
    source: 'JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'another audience: 401 and which',
    token: () => signed({ aud: 'https://graph.microsoft.com' }),
    status: 401,
    description: "The audience 'https://graph.microsoft.com' is invalid",
    source: 'RFC 8725 3.9; JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'an ID token, whose audience is the client: 401',
    token: () => signed({ aud: 'ohif-viewer', nonce: 'n', scp: undefined }),
    status: 401,
    description: "The audience 'ohif-viewer' is invalid",
    source: 'RFC 8725 3.9 and 3.12',
    known: 'standard',
  },
  {
    title: 'expired: 401 and when',
    token: () => signed({ exp: 1_577_836_800, nbf: 1_577_833_200 }),
    status: 401,
    description: "The token expired at '01/01/2020 00:00:00'",
    source: 'RFC 7519 4.1.4; JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'not valid yet: 401 and until when',
    token: () => signed({ nbf: 4_070_908_800, exp: 4_070_912_400 }),
    status: 401,
    description: "The token is not valid before '01/01/2099 00:00:00'",
    source: 'RFC 7519 4.1.5; JwtBearerHandler.CreateErrorDescription',
    known: 'framework',
  },
  {
    title: 'what is no JWS: 401',
    token: () => 'a.b.c',
    status: 401,
    description: null,
    source: 'AuthenticationTests',
    known: 'E2E',
  },
  {
    title: 'the signature counts before the claims',
    token: () => signed({ aud: 'api://other', exp: 1 }, {}, other.privateKey),
    status: 401,
    description: SIGNATURE,
    source: 'JsonWebTokenHandler.ValidateTokenAsync, the signature comes first',
    known: 'framework',
  },
  {
    title: 'neither scp nor an application: 403',
    token: () => signed({ scp: undefined }),
    status: 403,
    source: 'reference 5, First-party app; ours',
    known: 'ours',
  },
  {
    title: 'a scp without Dicom.ReadWrite: 403',
    token: () => signed({ scp: 'openid profile' }),
    status: 403,
    source: 'reference 5, First-party app; ours',
    known: 'ours',
  },
  {
    title: 'the claim roles gives no role: 403',
    token: () => signed({ oid: 'nobody', roles: ['globalAdmin'] }),
    status: 403,
    source: 'reference 5, Azure RBAC',
    known: 'docs',
  },
];

const rows: Row[] = CASES.map(({ title, token, status, description, source, known }) => ({
  title,
  source,
  known,
  request: async () => ({
    path: '/v2/studies',
    headers: { authorization: `Bearer ${await token()}` },
  }),
  status,
  text: status === 403 ? 'Authorization failed.' : '',
  then: answer => {
    if (status !== 401) return;
    const challenge = answer.headers['www-authenticate'] ?? '';
    const start = `${CHALLENGE}, error="invalid_token"`;
    expect(challenge.startsWith(start)).toBe(true);
    const [, told = null] =
      /^, error_description="([^"]*)"$/.exec(challenge.slice(start.length)) ?? [];
    if (description instanceof RegExp) expect(told).toMatch(description);
    else expect(told).toBe(description);
  },
}));

const storedBy = (oid: string) => async (s: Scene) => {
  const sent = storeOf('/v2/studies', [s.file()]);
  return {
    ...sent,
    headers: { ...sent.headers, authorization: `Bearer ${await signed({ oid })}` },
  };
};
const writes: Row[] = [
  {
    title: 'a Data Owner stores',
    source: 'reference 5, Mapping and Azure RBAC',
    known: 'docs',
    request: storedBy('owner'),
    status: 200,
  },
  {
    title: 'a Data Reader stores: 403',
    source: 'reference 5, Mapping and Azure RBAC',
    known: 'docs',
    request: storedBy('reader'),
    status: 403,
    text: 'Authorization failed.',
  },
];

/** Section 5 of the reference, with keys that are published over HTTP and real signatures. */
export const SIGNATURES: Table = {
  name: 'Signatures of access tokens',
  async prepare() {
    const jwk = {
      ...(await exportJWK(published.publicKey)),
      kid: KEY_ID,
      alg: 'RS256',
      use: 'sig',
    };
    const keys = createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    await new Promise<void>(resolve => keys.listen(0, '127.0.0.1', resolve));
    const { port } = keys.address() as AddressInfo;
    return {
      options: {
        auth: 'signature',
        identity: {
          issuers: [ISSUER],
          jwksUri: `http://127.0.0.1:${port}/keys`,
          authority: AUTHORITY,
        },
        roleOf: ({ oid }) => (oid === 'owner' || oid === 'reader' ? oid : undefined),
      },
      end: () => {
        keys.closeAllConnections();
        keys.close();
      },
    };
  },
  rows: [...rows, ...writes],
};
