import type { SessionState } from '@ohif-azure/auth/browser';
import type { SessionSummary } from './sessionSummary.ts';
import { language, text, type TextKey } from '../texts/index.ts';

/** What the session element tells beside the account: something to do, or to know. */
export type SessionNoticeKind =
  | 'sign-in-open'
  | 'popup-blocked'
  | 'work-not-kept'
  | 'consent-required'
  | 'sign-in-failed'
  | 'ended'
  | 'ending-soon'
  | 'permission-missing'
  | 'link'
  | 'view-only';

export type SessionNoticeAction = 'sign-in' | 'sign-in-here' | 'show-window' | 'cancel' | 'later';

export interface SessionNotice {
  kind: SessionNoticeKind;
  title: string;
  lines: readonly string[];
  /** For the administrator; smaller. */
  technical?: string;
  actions: readonly { name: SessionNoticeAction; label: string }[];
  /** Changes with what is told: a notice that was closed stays closed until there is another. */
  key: string;
}

type Problem = NonNullable<SessionState['problem']>;

/** What is told of a sign-in that did not come about; `undefined`: nothing, the state says all. */
const PROBLEMS: Partial<Record<Problem['code'], SessionNoticeKind>> = {
  ERR_AUTH_POPUP_BLOCKED: 'popup-blocked',
  ERR_AUTH_WORK_NOT_KEPT: 'work-not-kept',
  ERR_AUTH_CONSENT_REQUIRED: 'consent-required',
  ERR_AUTH_SIGNIN_TIMEOUT: 'sign-in-failed',
  ERR_AUTH_SIGNIN_REFUSED: 'sign-in-failed',
  ERR_AUTH_CALLBACK_INVALID: 'sign-in-failed',
  ERR_AUTH_PROVIDER_UNREACHABLE: 'sign-in-failed',
  ERR_AUTH_PROVIDER_CONFIGURATION: 'sign-in-failed',
};

const ONLY_OF_SIGN_IN: ReadonlySet<Problem['code'] | undefined> = new Set([
  'ERR_AUTH_POPUP_BLOCKED',
  'ERR_AUTH_WORK_NOT_KEPT',
  'ERR_AUTH_CONSENT_REQUIRED',
  'ERR_AUTH_SIGNIN_TIMEOUT',
] as const);

function kindOf({ session, saving }: SessionSummary): SessionNoticeKind | undefined {
  const { status, signInWindow, problem, renewal, isEndingSoon } = session;
  if (signInWindow) return 'sign-in-open';
  // What may as well be a renewal's is told by the account's menu: nobody has asked for one.
  const isOfSignIn = renewal !== 'failing' || ONLY_OF_SIGN_IN.has(problem?.code);
  const ofProblem = problem && isOfSignIn ? PROBLEMS[problem.code] : undefined;
  if (ofProblem) return ofProblem;
  if (isEndingSoon) return status === 'expired' ? 'ended' : 'ending-soon';
  return ofSaving(saving);
}

/** From the start, so that nobody draws for a report that cannot be saved. */
function ofSaving(saving: SessionSummary['saving']): SessionNoticeKind | undefined {
  if (saving === 'step-up') return 'permission-missing';
  return saving === 'link' || saving === 'view-only' ? saving : undefined;
}

/** When the user has to sign in again, by the clock on the wall. */
function endOf({ sessionEndsAt = 0, accessTokenExpiresAt = 0 }: SessionState): number {
  return sessionEndsAt > Date.now() ? sessionEndsAt : accessTokenExpiresAt;
}

function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString(language(), { hour: '2-digit', minute: '2-digit' });
}

const ACTIONS: Record<SessionNoticeKind, readonly (readonly [SessionNoticeAction, TextKey])[]> = {
  'sign-in-open': [
    ['show-window', 'action.show-window'],
    ['cancel', 'action.cancel'],
  ],
  'popup-blocked': [
    ['sign-in', 'action.retry'],
    ['sign-in-here', 'action.sign-in-here'],
    ['later', 'action.dismiss'],
  ],
  'work-not-kept': [
    ['sign-in', 'action.retry'],
    ['later', 'action.dismiss'],
  ],
  'consent-required': [
    ['sign-in', 'action.retry'],
    ['later', 'action.dismiss'],
  ],
  'sign-in-failed': [
    ['sign-in', 'action.retry'],
    ['later', 'action.dismiss'],
  ],
  ended: [
    ['sign-in', 'action.sign-in-again'],
    ['later', 'action.later'],
  ],
  'ending-soon': [
    ['sign-in', 'action.sign-in-again'],
    ['later', 'action.later'],
  ],
  'permission-missing': [
    ['sign-in', 'action.allow-saving'],
    ['later', 'action.later'],
  ],
  link: [
    ['sign-in', 'action.sign-in'],
    ['later', 'action.later'],
  ],
  'view-only': [['later', 'action.dismiss']],
};

function linesOf(kind: SessionNoticeKind, { signInWindow, problem }: SessionState): string[] {
  switch (kind) {
    case 'sign-in-open': {
      const waits = text('session.window.body', { time: timeOf(signInWindow?.until ?? 0) });
      const isNoticed = signInWindow?.isClosingNoticed !== false;
      return isNoticed ? [waits] : [waits, text('session.window.not-noticed')];
    }
    case 'popup-blocked':
      return [text('session.blocked.body')];
    case 'work-not-kept':
      return [text('session.not-kept.body')];
    case 'consent-required':
      return [text('session.consent.body')];
    case 'sign-in-failed': {
      const isLate = problem?.code === 'ERR_AUTH_SIGNIN_TIMEOUT';
      return [text(isLate ? 'session.failed.timeout' : 'session.failed.body')];
    }
    case 'permission-missing':
      return [text('session.missing.body')];
    case 'link':
      return [];
    case 'view-only':
      return [text('session.view-only.body')];
    case 'ended':
    case 'ending-soon':
      return [text('session.ending.body')];
  }
}

const TITLES: Record<SessionNoticeKind, TextKey> = {
  'sign-in-open': 'session.window.title',
  'popup-blocked': 'session.blocked.title',
  'work-not-kept': 'session.not-kept.title',
  'consent-required': 'session.consent.title',
  'sign-in-failed': 'session.failed.title',
  ended: 'session.ended.title',
  'ending-soon': 'session.ending.title',
  'permission-missing': 'session.missing.title',
  link: 'session.link',
  'view-only': 'session.view-only',
};

/** What is to be told of the session now; one thing at a time, the most pressing. */
export function sessionNotice(summary: SessionSummary): SessionNotice | undefined {
  const kind = kindOf(summary);
  if (!kind) return undefined;
  const { session } = summary;
  const isForAdministrator = kind === 'consent-required' || kind === 'sign-in-failed';
  const message = isForAdministrator ? session.problem?.message : undefined;
  return {
    kind,
    title: text(TITLES[kind], { time: timeOf(endOf(session)) }),
    lines: linesOf(kind, session),
    ...(message && { technical: text('page.technical', { message }) }),
    actions: ACTIONS[kind].map(([name, label]) => ({ name, label: text(label) })),
    key: `${kind} ${session.account?.id ?? ''} ${session.sessionEndsAt ?? ''} ${message ?? ''}`,
  };
}
