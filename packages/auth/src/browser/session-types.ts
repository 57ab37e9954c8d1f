import type { Clock } from '@ohif-azure/core';
import type { AuthErrorCode } from '../auth-error.ts';
import type { ServiceIdentity } from '../service.ts';
import type { BrowserEnvironment } from './environment.ts';

/** A session that ends is warned of so long before, in milliseconds; of a short one, a fifth of its life. */
export const SESSION_WARNING_MS = 600_000;

/** The longest wait for what must be kept before the page is left, in milliseconds. */
export const BEFORE_REDIRECT_TIMEOUT_MS = 10_000;

/** Options of `createBrowserSession`. */
export interface BrowserSessionOptions {
  /** The provider's issuer, for Entra ID `https://login.microsoftonline.com/<tenant>/v2.0`. */
  readonly authority: string;
  readonly clientId: string;
  /** For example `openid profile offline_access https://dicom.healthcareapis.azure.com/Dicom.ReadWrite`, one by one. */
  readonly scopes: readonly string[];
  /** Absolute, on this page's origin; registered with the provider as that of a single-page application. */
  readonly redirectUri: string;
  /** Absolute; where the provider sends the user after signing out. */
  readonly signedOutUri: string;
  readonly service: ServiceIdentity;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** What to put in place of the browser's own; for tests. */
  readonly environment?: Partial<BrowserEnvironment>;
}

/** Who is signed in, by the ID token. */
export interface SessionAccount {
  readonly displayName: string;
  /** The name to sign in with; empty where the provider does not tell. */
  readonly username: string;
  /** Stays the same for one person at one provider: `<oid>.<tid>` with Entra ID, else `sub`. */
  readonly id: string;
}

/** The session as the user interface shows it; a new object at each change. */
export interface SessionState {
  /** `expired`: the account is known, but there is no valid access token at the moment. */
  readonly status: 'starting' | 'signed-out' | 'signed-in' | 'expired';
  readonly account?: SessionAccount;
  /** Milliseconds; by this machine's clock. */
  readonly accessTokenExpiresAt?: number;
  /** Milliseconds. After it only a new sign-in helps: 24 hours after sign-in with Entra ID. Absent: not known. */
  readonly sessionEndsAt?: number;
  /** `failing`: the last renewal failed, see `problem`; a valid access token is used until it ends. */
  readonly renewal?: 'ok' | 'failing';
  readonly problem?: { readonly code: AuthErrorCode; readonly message: string };
  /**
   * It is time to sign in again, in a window that leaves the page as it is: the session ends within {@link SESSION_WARNING_MS}, or the
   * provider renews it no more. Also once it has ended.
   */
  readonly isEndingSoon?: true;
  /** A sign-in window is open; {@link BrowserSession.cancelSignIn} closes it. */
  readonly signInWindow?: {
    /** Milliseconds; by then the wait ends by itself. */
    readonly until: number;
    /** `false` on cross-origin isolated pages: there a closed window is not noticed, and only cancelling or the time ends the wait. */
    readonly isClosingNoticed: boolean;
  };
}

/** Options common to both ways of signing in. */
export interface SignInOptions {
  /**
   * Step-up: scopes that are missing, asked for in addition to those of the session. The provider asks the user to agree where that is
   * needed; there is no `prompt=consent`, which would ask where the administrator has agreed for all. When they are not granted in the
   * end, the sign-in counts, and `signInPopup` rejects with `ERR_AUTH_CONSENT_REQUIRED`.
   */
  readonly scopes?: readonly string[];
}

/** What must be done before the page is left: a draft to be written. Rejects when it could not be kept: then the page stays. */
export type BeforeRedirect = () => void | Promise<void>;

/** Options of {@link BrowserSession.signInByRedirect}. */
export interface SignInByRedirectOptions extends SignInOptions {
  /** Where to come back to: a path of this origin; tokens in it are taken out. Default: where the page is now. */
  readonly returnTo?: string;
  /** Awaited before the page is left, after those of {@link BrowserSession.onBeforeRedirect}. */
  readonly beforeRedirect?: BeforeRedirect;
}

/** Options of {@link BrowserSession.signInPopup}. */
export interface SignInPopupOptions extends SignInOptions {
  /** Closes the window and ends the wait with `ERR_AUTH_SIGNIN_CANCELLED`. */
  readonly signal?: AbortSignal;
  /** Milliseconds. Default: five minutes. */
  readonly timeoutMs?: number;
}

/** Options of {@link BrowserSession.freshAccessToken}. */
export interface FreshAccessTokenOptions {
  /** Get a new one, whatever is at hand: after the service answered 401. Default: false. */
  readonly renew?: boolean;
  /** It must be valid for so long yet; no more than half of its life counts. Default: 30. */
  readonly minimumSeconds?: number;
}

/** A user's sign-in in this tab. Every method that rejects does so with an `AuthError`. */
export interface BrowserSession {
  readonly state: SessionState;
  /** Calls `listener` at each change, not at once. @returns what ends it. */
  subscribe(listener: (state: SessionState) => void): () => void;
  /**
   * Called once, before anything else. Completes a sign-in by redirect if `currentUrl` is the provider's answer, else restores the
   * session of this tab without leaving the page. A session whose access token has ended is renewed.
   * @returns `returnTo`: the path to go to (only on the callback's address).
   * @throws `ERR_AUTH_INSECURE_CONTEXT`, `ERR_AUTH_CALLBACK_INVALID`, `ERR_AUTH_SIGNIN_REFUSED`, `ERR_AUTH_PROVIDER_UNREACHABLE`,
   *   `ERR_AUTH_PROVIDER_CONFIGURATION`; then the session is as it would be on any other page.
   */
  start(currentUrl: URL): Promise<{ returnTo?: string }>;
  /**
   * Leaves the page for the provider's; `start()` of the page that the answer comes to gives the path to go back to. For where windows are
   * blocked, and for the first sign-in. Everything of {@link onBeforeRedirect} is awaited first, at most {@link BEFORE_REDIRECT_TIMEOUT_MS}
   * in all; when one of them fails, the page stays. Resolves when the browser has been told to go; the page goes on for a moment.
   * @throws `ERR_AUTH_INSECURE_CONTEXT`, `ERR_AUTH_PROVIDER_UNREACHABLE`, `ERR_AUTH_PROVIDER_CONFIGURATION`, `ERR_AUTH_WORK_NOT_KEPT`.
   */
  signInByRedirect(options?: SignInByRedirectOptions): Promise<void>;
  /**
   * Has `keep` awaited each time before the page is left to sign in, so that what is not saved is on disk first.
   * @returns what ends it.
   */
  onBeforeRedirect(keep: BeforeRedirect): () => void;
  /**
   * Signs in with a window of its own; the page stays. Call it in the handler of a click, before anything is awaited: browsers block the
   * window otherwise. While one is open a second call joins the first and brings its window to the front. Another account than before is
   * accepted: see `state.account`. Where the window is blocked, {@link signInByRedirect} is left.
   * @throws `ERR_AUTH_POPUP_BLOCKED`, `ERR_AUTH_SIGNIN_CANCELLED`, `ERR_AUTH_SIGNIN_TIMEOUT`, `ERR_AUTH_CONSENT_REQUIRED`, and those of
   *   {@link start}.
   */
  signInPopup(options?: SignInPopupOptions): Promise<void>;
  /** Closes the sign-in window and ends the wait for it with `ERR_AUTH_SIGNIN_CANCELLED`; nothing where there is none. */
  cancelSignIn(): void;
  /**
   * Forgets the session in this tab, and in the other tabs of this account, then leaves the page to end it at the provider. Never revokes.
   * @throws `ERR_AUTH_PROVIDER_UNREACHABLE`, `ERR_AUTH_PROVIDER_CONFIGURATION`: signed out here, perhaps not at the provider.
   */
  signOut(): Promise<void>;
  /**
   * Renews the access token by the refresh token; never by a frame. One renewal at a time, across tabs as well.
   * @throws `ERR_AUTH_SIGNIN_REQUIRED`, `ERR_AUTH_PROVIDER_UNREACHABLE`, `ERR_AUTH_PROVIDER_CONFIGURATION`, `ERR_AUTH_SIGNIN_REFUSED`.
   */
  renew(): Promise<void>;
  /** The access token, if there is one that has not expired. Synchronous. */
  accessToken(): string | undefined;
  /**
   * The access token, renewed first when it is about to end or when asked to. Never rejects: `state.problem` tells why there is none.
   * A renewal that was asked for and failed gives `undefined`.
   */
  freshAccessToken(options?: FreshAccessTokenOptions): Promise<string | undefined>;
  /** Ends timers and listeners; the session in the tab's storage stays. */
  dispose(): void;
}
