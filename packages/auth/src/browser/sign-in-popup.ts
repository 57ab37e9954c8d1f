import { AuthError } from '../auth-error.ts';
import type { BrowserEnvironment, SignInWindow } from './environment.ts';
import type { SignInPopupOptions } from './session-types.ts';

/** The longest wait for the user in the sign-in window, in milliseconds. */
export const DEFAULT_POPUP_TIMEOUT_MS = 300_000;
/** How often it is looked whether the window is still there. */
const CLOSED_CHECK_MS = 500;
/** A window that is done closes itself right after it has sent its answer, which may be on its way. */
const CLOSED_GRACE_MS = 1000;

/** Marks the message of the callback page. */
export const ANSWER_SOURCE = 'ohif-azure-sign-in';

/** The line a sign-in window uses, whether or not it still knows its opener. */
export const answerChannel = (state: string): string => `${ANSWER_SOURCE}-${state}`;

/** The identifier in a `state`, without what oidc-client-ts lets travel behind it. */
export const stateIdentifier = (url: URL): string =>
  (url.searchParams.get('state') ?? '').split(';')[0] ?? '';

export function popupBlocked(): AuthError {
  return new AuthError(
    'ERR_AUTH_POPUP_BLOCKED',
    'The browser blocked the sign-in window. Allow pop-up windows for this page, then try again.'
  );
}

export function signInCancelled(): AuthError {
  return new AuthError('ERR_AUTH_SIGNIN_CANCELLED', 'The sign-in was cancelled.');
}

function signInTimeout(): AuthError {
  return new AuthError(
    'ERR_AUTH_SIGNIN_TIMEOUT',
    'The sign-in was not finished in time. Try again.'
  );
}

function answerURL(data: unknown, state: string, origin: string): URL | undefined {
  const { source, url } = (data ?? {}) as { source?: unknown; url?: unknown };
  if (source !== ANSWER_SOURCE || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  return parsed.origin === origin && stateIdentifier(parsed) === state ? parsed : undefined;
}

/**
 * Waits for the callback page in the sign-in window to hand over the provider's answer.
 *
 * A closed window is noticed within two seconds once this page has the keyboard again. On a cross-origin isolated page
 * (`Cross-Origin-Opener-Policy: same-origin` with an embedder policy) it cannot be noticed at all: there `signal` and the timeout end the wait.
 * @param state - identifies the sign-in.
 * @throws AuthError `ERR_AUTH_SIGNIN_CANCELLED`, `ERR_AUTH_SIGNIN_TIMEOUT`.
 */
export async function waitForAnswer(
  popup: SignInWindow,
  state: string,
  environment: BrowserEnvironment,
  { signal, timeoutMs = DEFAULT_POPUP_TIMEOUT_MS }: SignInPopupOptions
): Promise<URL> {
  const cleanups: (() => void)[] = [];
  try {
    return await new Promise<URL>((resolve, reject) => {
      const receive = (data: unknown): void => {
        const url = answerURL(data, state, environment.origin);
        if (url) resolve(url);
      };
      const cancel = (): void => reject(signInCancelled());
      if (signal?.aborted) return cancel();
      signal?.addEventListener('abort', cancel);
      cleanups.push(() => signal?.removeEventListener('abort', cancel));
      cleanups.push(environment.onMessage(receive));
      const channel = environment.openChannel(answerChannel(state), receive);
      cleanups.push(() => channel?.close());
      cleanups.push(environment.schedule(() => reject(signInTimeout()), timeoutMs));

      let closedForMs = 0;
      let cancelCheck = (): void => undefined;
      const check = (): void => {
        closedForMs = popup.closed ? closedForMs + CLOSED_CHECK_MS : 0;
        if (closedForMs > CLOSED_GRACE_MS && environment.hasFocus()) return cancel();
        cancelCheck = environment.schedule(check, CLOSED_CHECK_MS);
      };
      if (!environment.isIsolated) {
        cancelCheck = environment.schedule(check, CLOSED_CHECK_MS);
        cleanups.push(() => cancelCheck());
      }
    });
  } finally {
    for (const cleanup of cleanups) cleanup();
  }
}
