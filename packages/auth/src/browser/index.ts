export { AuthError } from '../auth-error.ts';
export type { AuthErrorCode } from '../auth-error.ts';
export { createBrowserSession } from './browser-session.ts';
export { completePopupIfAny } from './complete-popup.ts';
export { openShareLinkStore } from './share-link-store.ts';
export type { ShareLinkStore } from './share-link-store.ts';
export type { BrowserEnvironment, Channel, SignInWindow } from './environment.ts';
export { BEFORE_REDIRECT_TIMEOUT_MS, SESSION_WARNING_MS } from './session-types.ts';
export type {
  BeforeRedirect,
  BrowserSession,
  BrowserSessionOptions,
  FreshAccessTokenOptions,
  SessionAccount,
  SessionState,
  SignInByRedirectOptions,
  SignInOptions,
  SignInPopupOptions,
} from './session-types.ts';
