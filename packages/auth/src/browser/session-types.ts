import type { Clock } from '@ohif-azure/core';
import type { AuthErrorCode } from '../auth-error.ts';
import type { ServiceIdentity } from '../service.ts';
import type { BrowserEnvironment } from './environment.ts';

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
}

/** Options of {@link BrowserSession.signInPopup}. */
export interface SignInPopupOptions {
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
   * Leaves the page for the provider's. Resolves when the browser has been told to; the page goes on for a moment.
   * @param returnTo - a path of this origin; tokens in it are taken out.
   * @throws `ERR_AUTH_INSECURE_CONTEXT`, `ERR_AUTH_PROVIDER_UNREACHABLE`, `ERR_AUTH_PROVIDER_CONFIGURATION`.
   */
  signInRedirect(returnTo: string): Promise<void>;
  /**
   * Signs in with a window of its own; the page stays. Call it in the handler of a click, before anything is awaited: browsers block the
   * window otherwise. While one is open a second call joins the first. Another account than before is accepted: see `state.account`.
   * @throws `ERR_AUTH_POPUP_BLOCKED`, `ERR_AUTH_SIGNIN_CANCELLED`, `ERR_AUTH_SIGNIN_TIMEOUT`, and those of {@link start}.
   */
  signInPopup(options?: SignInPopupOptions): Promise<void>;
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
