import type { Clock } from '@ohif-azure/core';
import { sleep, systemClock } from '@ohif-azure/core';
import { AuthError } from '../auth-error.ts';
import type {
  AccessTokenSource,
  IssuedAccessToken,
  TokenSourceOptions,
} from './access-token-source.ts';
import { cachedAccessTokenSource } from './cached-access-token-source.ts';
import type { DeviceCode } from './device-code-answer.ts';
import { deviceCodeFrom, MAX_POLL_INTERVAL_MS, SLOW_DOWN_MS } from './device-code-answer.ts';
import { requireHttpURL } from './http-endpoint.ts';
import { answerError, issuedFrom, oauthErrorOf, textMember } from './token-answer.ts';
import type { TokenAnswer } from './token-request.ts';
import { sendTokenRequest } from './token-request.ts';

/** What the user is shown. */
export interface DeviceCodePrompt {
  /** To be typed in at {@link verificationURI}. */
  readonly userCode: string;
  readonly verificationURI: string;
  /** With the code in it, where the provider gives one (Entra ID does not): for a link or a QR code. */
  readonly verificationURIComplete: string | undefined;
  /** Milliseconds since 1970: the code is good until then. */
  readonly endsAt: number;
}

/** Options of {@link deviceCodeSource}. */
export interface DeviceCodeOptions extends TokenSourceOptions {
  /** For Entra ID: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/devicecode`; of others: `device_authorization_endpoint`. */
  readonly deviceAuthorizationEndpoint: string;
  /** For Entra ID: `https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token`. */
  readonly tokenEndpoint: string;
  /** A public client; in Entra ID with "Allow public client flows". */
  readonly clientId: string;
  /** `https://dicom.healthcareapis.azure.com/Dicom.ReadWrite offline_access`; without `offline_access` each renewal asks the user. */
  readonly scope: string;
  /** Shows the code, and returns: the answer is waited for meanwhile. What it throws ends the sign-in. */
  readonly prompt: (prompt: DeviceCodePrompt) => void;
}

/** The refresh token does not help any more; the user may (RFC 6749 5.2, OpenID Connect Core 3.1.2.6, Learn "error-codes"). */
const NEEDS_USER = new Set([
  'invalid_grant',
  'interaction_required',
  'login_required',
  'consent_required',
]);
/** RFC 8628 3.5; Entra ID says `authorization_declined`. */
const DECLINED = new Set(['access_denied', 'authorization_declined']);

function timedOut(): AuthError {
  return new AuthError(
    'ERR_AUTH_SIGNIN_TIMEOUT',
    'The code for the sign-in has expired before anybody used it. Start again, and enter the new code in time.'
  );
}

function refused(answer: TokenAnswer): AuthError {
  const error = oauthErrorOf(answer) ?? '';
  if (error === 'expired_token') return timedOut();
  if (!DECLINED.has(error)) return answerError(answer);
  return new AuthError(
    'ERR_AUTH_SIGNIN_REFUSED',
    `The sign-in was declined (${error}). Start again, and accept it.`
  );
}

/**
 * Access tokens of a user who signs in with a browser elsewhere: the code is shown by `prompt`, and the token endpoint is asked in the
 * interval it wishes until the user is done. Kept in memory, the refresh token too; renewed with it five minutes ahead, and by a new
 * code where there is none or it has ended. Aborting the last `accessToken` that waits ends the polling.
 *
 * Errors: `ERR_AUTH_SIGNIN_TIMEOUT` (the code has expired), `ERR_AUTH_SIGNIN_REFUSED` (the user declined, or the client is refused),
 * `ERR_AUTH_PROVIDER_UNREACHABLE`, `ERR_AUTH_PROVIDER_CONFIGURATION`. While a code is open, an endpoint that is busy or silent is asked
 * ever more rarely, until the code expires.
 * @throws TypeError when an endpoint is not an absolute http(s) URL.
 * @see RFC 8628; Microsoft Learn, "OAuth 2.0 device authorization grant"
 */
export function deviceCodeSource(options: DeviceCodeOptions): AccessTokenSource {
  const { tokenEndpoint, deviceAuthorizationEndpoint, random, retry } = options;
  requireHttpURL(tokenEndpoint, 'deviceCodeSource: "tokenEndpoint"');
  requireHttpURL(deviceAuthorizationEndpoint, 'deviceCodeSource: "deviceAuthorizationEndpoint"');
  const { clientId: client_id, scope, clock = systemClock, fetch } = options;
  let refreshToken: string | undefined;

  const ask = (url: string, form: Record<string, string>, signal: AbortSignal) =>
    sendTokenRequest({ url, form: { ...form, client_id } }, { clock, fetch, signal });

  const received = (answer: TokenAnswer): IssuedAccessToken => {
    const issued = issuedFrom(answer);
    // A provider that rotates gives a new one each time; one that does not gives none (RFC 6749 6).
    refreshToken = textMember(answer, 'refresh_token') ?? refreshToken;
    return issued;
  };

  const refresh = async (
    refresh_token: string,
    signal: AbortSignal
  ): Promise<IssuedAccessToken | undefined> => {
    const form = { grant_type: 'refresh_token', refresh_token, scope };
    const answer = await ask(tokenEndpoint, form, signal);
    if (answer.status === 200 || !NEEDS_USER.has(oauthErrorOf(answer) ?? '')) {
      return received(answer);
    }
    refreshToken = undefined;
    return undefined;
  };

  const poll = async (code: DeviceCode, signal: AbortSignal): Promise<IssuedAccessToken> => {
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: code.deviceCode,
    };
    const pace = pollingPace(code, clock);
    for (;;) {
      await pace.wait(signal);
      const answer = await ask(tokenEndpoint, form, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        return error as AuthError;
      });
      if (answer instanceof Error) pace.double();
      else if (answer.status === 200) return received(answer);
      else pace.follow(answer);
    }
  };

  const signIn = async (signal: AbortSignal): Promise<IssuedAccessToken> => {
    const answer = await ask(deviceAuthorizationEndpoint, { scope }, signal);
    const code = deviceCodeFrom(answer);
    const { userCode, verificationURI, verificationURIComplete, endsAt } = code;
    options.prompt({ userCode, verificationURI, verificationURIComplete, endsAt });
    return await poll(code, signal);
  };

  return cachedAccessTokenSource(
    async signal => {
      const renewed = refreshToken && (await refresh(refreshToken, signal));
      return renewed || (await signIn(signal));
    },
    clock,
    { random, retry }
  );
}

/** When to ask next (RFC 8628 3.5). */
function pollingPace({ intervalMs: firstIntervalMs, endsAt }: DeviceCode, clock: Clock) {
  let intervalMs = firstIntervalMs;
  const requireTime = (): void => {
    if (clock.now() >= endsAt) throw timedOut();
  };
  const double = (): void => {
    requireTime();
    intervalMs = Math.min(intervalMs * 2, Math.max(MAX_POLL_INTERVAL_MS, firstIntervalMs));
  };
  return {
    wait: (signal: AbortSignal) => sleep(clock, intervalMs, signal),
    double,
    follow: (answer: TokenAnswer): void => {
      const error = oauthErrorOf(answer);
      if (error === 'slow_down') intervalMs += SLOW_DOWN_MS;
      else if (error !== 'authorization_pending') {
        const failure = refused(answer);
        if (failure.retry !== 'transient') throw failure;
        double();
        intervalMs = Math.max(intervalMs, answer.retryAfterMs ?? 0);
      }
      requireTime();
    },
  };
}
