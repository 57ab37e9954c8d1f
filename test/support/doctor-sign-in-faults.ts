import { freePort } from './free-port.ts';
import {
  AUDIENCE,
  OTHER_TENANT,
  SEARCH,
  unsignedToken,
  withFault,
  type FaultRow,
} from './doctor-scene.ts';

const TOKEN = { method: 'POST', path: '/token$' };
const AUTHORIZE = { method: 'GET', path: '/authorize$' };
const DISCOVERY = { path: 'openid-configuration' };
const json = (status: number, description: string, error = 'invalid_grant') => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ error, error_description: description }),
});

/** The faults of the item 8 that have to do with sign-in, access token and role. */
export const SIGN_IN_FAULTS: FaultRow[] = [
  [
    'discovery unreachable: nobody listens',
    async scene => ({
      args: await scene.good({ authority: `http://127.0.0.1:${await freePort()}/t/v2.0` }),
    }),
    'fail',
    'discovery-unreachable',
  ],
  [
    'discovery unreachable: 503',
    withFault('identity', { match: DISCOVERY, status: 503 }),
    'fail',
    'discovery-unreachable',
  ],
  [
    'discovery answers a web page',
    withFault('identity', { match: DISCOVERY, status: 200, body: '<html>' }),
    'fail',
    'discovery-answer',
  ],
  [
    'wrong tenant: none of that id',
    async scene => ({
      args: await scene.good({
        authority: scene.stack.identity.replace(/[0-9a-f-]{36}/, OTHER_TENANT),
      }),
    }),
    'fail',
    'wrong-tenant',
  ],
  [
    'wrong tenant: as Entra ID says it (AADSTS90002)',
    withFault('identity', {
      match: DISCOVERY,
      ...json(400, 'AADSTS90002: Tenant not found.', 'invalid_tenant'),
    }),
    'fail',
    'wrong-tenant',
  ],
  [
    'wrong tenant: the service trusts another one',
    async scene => {
      await scene.dicom.inject({
        match: SEARCH,
        status: 401,
        headers: {
          'WWW-Authenticate': `Bearer authorization_uri="https://login.microsoftonline.com/${OTHER_TENANT}"`,
        },
      });
      return { args: [...(await scene.good()), ...scene.viewer()] };
    },
    'fail',
    'wrong-tenant',
  ],
  [
    'wrong tenant: the service refuses the issuer',
    async scene => {
      await scene.dicom.inject({
        match: SEARCH,
        ...scene.challenge(
          `, error="invalid_token", error_description="The issuer 'x' is invalid"`
        ),
      });
      return { args: await scene.good(), env: scene.credentials() };
    },
    'fail',
    'wrong-tenant',
  ],
  [
    'redirect URI not registered at all',
    async scene => ({
      args: [...(await scene.good({ redirectPath: '/elsewhere' })), ...scene.viewer()],
    }),
    'fail',
    'redirect-uri-unknown',
  ],
  [
    'redirect URI not registered: as Entra ID says it (AADSTS50011)',
    withFault('identity', {
      match: AUTHORIZE,
      status: 200,
      body: '<html>AADSTS50011: The redirect URI does not match',
    }),
    'fail',
    'redirect-uri-unknown',
  ],
  [
    'redirect URI not registered as single-page application (AADSTS9002326)',
    withFault('identity', {
      match: TOKEN,
      ...json(
        400,
        'AADSTS9002326: Cross-origin token redemption is permitted only for the Single-Page Application client-type.',
        'invalid_request'
      ),
    }),
    'fail',
    'redirect-uri-not-spa',
  ],
  [
    'redirect URI registered as "Web" (AADSTS7000218)',
    withFault('identity', {
      match: TOKEN,
      ...json(401, 'AADSTS7000218: client_assertion or client_secret missing', 'invalid_client'),
    }),
    'fail',
    'redirect-uri-not-spa',
  ],
  [
    'client id unknown',
    async scene => ({
      args: [...(await scene.good({ clientId: 'nobody-knows' })), ...scene.viewer()],
    }),
    'fail',
    'client-unknown',
  ],
  [
    'admin consent missing: at the sign-in (AADSTS65001)',
    async scene => {
      const location = `${scene.stack.viewer}/callback?error=interaction_required&error_description=AADSTS65001%3A+not+consented&state=doctor`;
      await scene.identity.inject({
        match: AUTHORIZE,
        status: 302,
        headers: { Location: location },
      });
      return { args: [...(await scene.good()), ...scene.viewer()] };
    },
    'fail',
    'consent-missing',
  ],
  [
    'admin consent missing: at the token endpoint',
    async scene => {
      await scene.identity.inject({
        match: TOKEN,
        ...json(400, 'AADSTS65001: The user or administrator has not consented'),
      });
      return { args: await scene.good(), env: scene.credentials() };
    },
    'fail',
    'consent-missing',
  ],
  [
    'wrong scope (AADSTS500011)',
    async scene => {
      await scene.identity.inject({
        match: TOKEN,
        ...json(400, 'AADSTS500011: The resource principal was not found', 'invalid_resource'),
      });
      return { args: await scene.good(), env: scene.credentials() };
    },
    'fail',
    'scope-wrong',
  ],
  [
    'wrong audience: an access token for Microsoft Graph',
    async scene => ({
      args: await scene.good(),
      env: { ...scene.credentials(), DICOM_SCOPE: 'https://graph.microsoft.com/.default' },
    }),
    'fail',
    'wrong-audience',
  ],
  [
    'wrong audience: as the service says it',
    async scene => {
      await scene.dicom.inject({
        match: SEARCH,
        ...scene.challenge(
          `, error="invalid_token", error_description="The audience 'x' is invalid"`
        ),
      });
      return { args: await scene.good(), env: scene.credentials() };
    },
    'fail',
    'wrong-audience',
  ],
  [
    'scope missing: Dicom.ReadWrite is not among them',
    async scene => ({
      args: await scene.good(),
      env: { DICOM_ACCESS_TOKEN: unsignedToken({ aud: AUDIENCE, scp: 'User.Read' }) },
    }),
    'fail',
    'scope-missing',
  ],
  [
    'access token expired',
    async scene => ({
      args: await scene.good(),
      env: {
        DICOM_ACCESS_TOKEN: unsignedToken({
          aud: AUDIENCE,
          scp: 'Dicom.ReadWrite',
          exp: 1_700_000_000,
        }),
      },
    }),
    'fail',
    'token-expired',
  ],
  [
    'an ID token in place of an access token',
    async scene => ({
      args: await scene.good(),
      env: { DICOM_ACCESS_TOKEN: unsignedToken({ aud: 'ohif-viewer', nonce: 'n' }) },
    }),
    'fail',
    'token-kind',
  ],
  [
    'role missing, or not in effect yet (403)',
    withFault('dicom', { match: SEARCH, status: 403, body: 'Authorization failed.' }),
    'fail',
    'role-missing',
  ],
  [
    'role may not store',
    async scene => {
      await scene.dicom.inject({
        match: { method: 'POST', path: '^/v2/studies$' },
        status: 403,
        body: 'Authorization failed.',
      });
      return { args: [...(await scene.good()), '--write'], env: scene.credentials() };
    },
    'fail',
    'role-read-only',
  ],
];
