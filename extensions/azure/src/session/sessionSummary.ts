import type { SessionState } from '@ohif-azure/auth/browser';

/** What the session element tells; derived from the tokens at hand. */
export interface SessionSummary {
  session: SessionState;
  /** Names of the archives. */
  archives: readonly string[];
  saving: 'may-save' | 'view-only' | 'step-up' | 'link' | 'signed-out';
  /** Whether there is a provider to sign in with. */
  canSignIn: boolean;
}
