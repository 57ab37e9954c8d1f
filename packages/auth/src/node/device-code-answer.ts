import { positiveMember, successOf, textMember, unfit } from './token-answer.ts';
import type { TokenAnswer } from './token-request.ts';

/** "If no value is provided, clients MUST use 5 as the default" (RFC 8628 3.2), in milliseconds. */
export const DEFAULT_POLL_INTERVAL_MS = 5_000;
/** "The interval MUST be increased by 5 seconds" (RFC 8628 3.5 `slow_down`), in milliseconds. */
export const SLOW_DOWN_MS = 5_000;
/** Doubled no further than this, in milliseconds: the user is done, and waits. */
export const MAX_POLL_INTERVAL_MS = 60_000;
/** Entra ID's; for answers without `expires_in`, in milliseconds. */
const DEFAULT_CODE_LIFE_MS = 900_000;

/** What a device authorization endpoint answers (RFC 8628 3.2). */
export interface DeviceCode {
  /** A secret: who has it receives the access token. */
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationURI: string;
  readonly verificationURIComplete: string | undefined;
  readonly endsAt: number;
  readonly intervalMs: number;
}

/** These are shown on terminals: no control characters, and nothing but pages of the web. */
function shownURI(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 2000 || !/^https?:\/\//i.test(text)) return undefined;
  return URL.canParse(text) ? new URL(text).href : undefined;
}

/**
 * Reads the answer of a device authorization endpoint.
 * @throws TokenAnswerError for an error, and when something needed is missing or not fit to be shown.
 * @see RFC 8628 3.2
 */
export function deviceCodeFrom(answer: TokenAnswer): DeviceCode {
  successOf(answer);
  const deviceCode = textMember(answer, 'device_code');
  const userCode = textMember(answer, 'user_code');
  // `verification_url`: Google, and Entra ID v1.0.
  const verificationURI = shownURI(
    textMember(answer, 'verification_uri') ?? textMember(answer, 'verification_url')
  );
  if (!deviceCode || !userCode || !/^[\x20-\x7e]{1,64}$/.test(userCode) || !verificationURI) {
    throw unfit(
      answer,
      'expected "device_code", "user_code" and "verification_uri"; check the device authorization endpoint'
    );
  }
  const lifeSeconds = positiveMember(answer, 'expires_in');
  const intervalSeconds = positiveMember(answer, 'interval');
  return {
    deviceCode,
    userCode,
    verificationURI,
    verificationURIComplete: shownURI(textMember(answer, 'verification_uri_complete')),
    endsAt: answer.askedAt + (lifeSeconds ? lifeSeconds * 1000 : DEFAULT_CODE_LIFE_MS),
    intervalMs: intervalSeconds ? Math.max(intervalSeconds * 1000, 1000) : DEFAULT_POLL_INTERVAL_MS,
  };
}
