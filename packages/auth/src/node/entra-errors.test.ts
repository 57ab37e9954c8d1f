import { entraErrorAdvice, entraErrorNumber } from '../entra-errors.ts';
import type { TokenAnswerError } from './index.ts';
import { clientCredentialsSource } from './index.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { refused, ScriptedEndpoint } from './testing/scripted-endpoint.ts';

const LEARN = 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes';

/** The name is that of the service's reference; where it has no row, `undefined`. */
// prettier-ignore
const NODE_ERRORS: readonly (readonly [number: number, name: string | undefined, error: string, remedy: RegExp])[] = [
  [7000215, 'Invalid client secret is provided', 'invalid_client', /set the secret's value, not its id/],
  [7000222, 'InvalidClientSecretExpiredKeysProvided', 'invalid_client', /make a new one/],
  [700016, 'UnauthorizedClient_DoesNotMatchRequest', 'unauthorized_client', /check client id and tenant id/],
  [90002, 'InvalidTenantName', 'invalid_request', /check the tenant id/],
  [500011, 'InvalidResourceServicePrincipalNotFound', 'invalid_resource', /check the scope/],
  [1002012, undefined, 'invalid_scope', /\/\.default/],
  [70011, 'InvalidScope', 'invalid_scope', /check the scope/],
  [7000218, "must contain 'client_assertion' or 'client_secret'", 'invalid_client', /allow public client flows/],
  [700025, 'InvalidClientPublicClientWithCredential', 'invalid_client', /leave out secret and certificate/],
  [700027, 'Client assertion failed signature validation', 'invalid_client', /register this certificate/],
  [700024, undefined, 'invalid_client', /set the clock/],
  [50012, 'AuthenticationFailed', 'invalid_client', /register this certificate/],
  [7000112, 'UnauthorizedClientApplicationDisabled', 'unauthorized_client', /have the administrator enable it/],
  [50001, 'InvalidResource', 'invalid_resource', /check the resource/],
  [50105, 'EntitlementGrantsNotFound', 'invalid_grant', /have the administrator assign one/],
  [650057, 'Invalid resource', 'invalid_resource', /add the API permission/],
  [90055, 'TenantThrottlingError', 'invalid_request', /wait, then try again/],
  [50196, 'LoopDetected', 'invalid_grant', /wait a few minutes/],
  [70018, 'BadVerificationCode', 'invalid_grant', /enter the new code/],
  [70019, 'CodeExpired', 'expired_token', /enter the new code in time/],
  [65001, 'DelegationDoesNotExist', 'invalid_grant', /grant consent/],
  [53003, 'BlockedByConditionalAccess', 'invalid_grant', /ask the administrator/],
  [50034, 'UserAccountNotFound', 'invalid_grant', /check the user name/],
  [50057, 'UserDisabled', 'invalid_grant', /ask the administrator/],
  [50076, 'UserStrongAuthClientAuthNRequired', 'interaction_required', /sign in again/],
  [700082, 'ExpiredOrRevokedGrantInactiveToken', 'invalid_grant', /sign in again/],
  [50173, 'FreshTokenNeeded', 'invalid_grant', /sign in again/],
];

describe('errors of Entra ID', () => {
  let endpoint: ScriptedEndpoint;
  beforeAll(async () => {
    endpoint = await new ScriptedEndpoint().start();
  });
  afterAll(() => endpoint.stop());

  it.each(NODE_ERRORS)('AADSTS%i %s', async (number, name, error, remedy) => {
    endpoint.answers = [
      refused(error, `AADSTS${number}: MARKER-tenant.\r\nTrace ID: MARKER\r\nTimestamp: x`),
    ];
    const failure = await clientCredentialsSource({
      tokenEndpoint: endpoint.url,
      clientId: 'relay',
      clientSecret: 'MARKER-secret',
      scope: 'scope',
      clock: new ManualClock(),
    })
      .accessToken()
      .catch((caught: unknown) => caught as TokenAnswerError);
    expect(failure).toMatchObject({ entraErrorNumber: number, oauthError: error, status: 400 });
    const { message } = failure as TokenAnswerError;
    expect(message).toContain(`(${error}, AADSTS${number}); `);
    expect(message).toMatch(remedy);
    expect(message).not.toContain('MARKER');
    const advice = entraErrorAdvice(number);
    expect(advice?.source).toMatch(
      name === undefined
        ? /^https:\/\/github\.com\/[\w/-]+\/issues\/\d+$/
        : new RegExp(`^${LEARN}$`)
    );
  });

  it('are at least twenty, each told apart', () => {
    expect(new Set(NODE_ERRORS.map(([number]) => number)).size).toBe(NODE_ERRORS.length);
    expect(NODE_ERRORS.length).toBeGreaterThanOrEqual(20);
  });

  it.each([
    ['AADSTS7000215: x', 7000215],
    ['x (AADSTS50058) y', 50058],
    ['aadsts50058', undefined],
    ['AADSTS1', undefined],
    ['AADSTS123456789', undefined],
    [`${'x'.repeat(2000)} AADSTS50058`, undefined],
    ['', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is number %s', (description, expected) => {
    expect(entraErrorNumber(description)).toBe(expected);
  });
});
