import type { SessionState } from '@ohif-azure/auth/browser';
import type { SessionSummary } from './sessionSummary.ts';
import { sessionNotice, type SessionNoticeKind } from './sessionNotice.ts';

const account = { displayName: 'Dr Olive Owner', username: 'olive', id: 'olive.tenant' };
const LATER = Date.now() + 3_600_000;
const SIGNED_IN: SessionState = {
  status: 'signed-in',
  account,
  renewal: 'ok',
  accessTokenExpiresAt: LATER,
  sessionEndsAt: LATER + 1,
};
const OUT: SessionState = { status: 'signed-out' };
type Code = NonNullable<SessionState['problem']>['code'];
const problem = (code: Code): SessionState['problem'] => ({ code, message: `Why: ${code}.` });
const window = { until: LATER, isClosingNoticed: true };

function summary(
  session: SessionState,
  saving: SessionSummary['saving'] = 'may-save'
): SessionSummary {
  return { session, archives: ['Archive'], saving, canSignIn: true };
}

// prettier-ignore
const ROWS: readonly (readonly [what: string, session: SessionState, saving: SessionSummary['saving'], kind: SessionNoticeKind | undefined, actions: string])[] = [
  ['nothing to tell', SIGNED_IN, 'may-save', undefined, ''],
  ['a role for viewing', SIGNED_IN, 'view-only', 'view-only', 'later'],
  ['a link', OUT, 'link', 'link', 'sign-in later'],
  ['the window is open', { ...OUT, signInWindow: window }, 'link', 'sign-in-open', 'show-window cancel'],
  ['the window comes before everything', { ...SIGNED_IN, isEndingSoon: true, problem: problem('ERR_AUTH_SIGNIN_TIMEOUT'), signInWindow: window }, 'step-up', 'sign-in-open', 'show-window cancel'],
  ['blocked', { ...OUT, problem: problem('ERR_AUTH_POPUP_BLOCKED') }, 'link', 'popup-blocked', 'sign-in sign-in-here later'],
  ['blocked, when it is time', { ...SIGNED_IN, isEndingSoon: true, problem: problem('ERR_AUTH_POPUP_BLOCKED') }, 'may-save', 'popup-blocked', 'sign-in sign-in-here later'],
  ['blocked, after the renewal was refused', { ...SIGNED_IN, renewal: 'failing', isEndingSoon: true, problem: problem('ERR_AUTH_POPUP_BLOCKED') }, 'may-save', 'popup-blocked', 'sign-in sign-in-here later'],
  ['a draft could not be written', { ...OUT, problem: problem('ERR_AUTH_WORK_NOT_KEPT') }, 'link', 'work-not-kept', 'sign-in later'],
  ['not in time', { ...OUT, problem: problem('ERR_AUTH_SIGNIN_TIMEOUT') }, 'link', 'sign-in-failed', 'sign-in later'],
  ['refused', { ...OUT, problem: problem('ERR_AUTH_SIGNIN_REFUSED') }, 'link', 'sign-in-failed', 'sign-in later'],
  ['the provider is down', { ...OUT, problem: problem('ERR_AUTH_PROVIDER_UNREACHABLE') }, 'link', 'sign-in-failed', 'sign-in later'],
  ['the provider is down for a renewal nobody asked for', { ...SIGNED_IN, renewal: 'failing', problem: problem('ERR_AUTH_PROVIDER_UNREACHABLE') }, 'may-save', undefined, ''],
  ['no consent', { ...SIGNED_IN, problem: problem('ERR_AUTH_CONSENT_REQUIRED') }, 'step-up', 'consent-required', 'sign-in later'],
  ['the scope is missing', SIGNED_IN, 'step-up', 'permission-missing', 'sign-in later'],
  ['ten minutes before the end', { ...SIGNED_IN, isEndingSoon: true }, 'may-save', 'ending-soon', 'sign-in later'],
  ['the renewal was refused', { ...SIGNED_IN, isEndingSoon: true, renewal: 'failing', problem: problem('ERR_AUTH_SIGNIN_REQUIRED') }, 'may-save', 'ending-soon', 'sign-in later'],
  ['after the end', { ...SIGNED_IN, status: 'expired', isEndingSoon: true }, 'signed-out', 'ended', 'sign-in later'],
  ['expired while the provider is down: it is tried again', { ...SIGNED_IN, status: 'expired', renewal: 'failing', problem: problem('ERR_AUTH_PROVIDER_UNREACHABLE') }, 'signed-out', undefined, ''],
];

it.each(ROWS)('%s', (_what, session, saving, kind, actions) => {
  const notice = sessionNotice(summary(session, saving));
  expect(notice?.kind).toBe(kind);
  expect((notice?.actions ?? []).map(({ name }) => name).join(' ')).toBe(actions);
  // The first line is for a clinician.
  expect(notice?.title ?? '').not.toMatch(/AADSTS|ERR_|\d{3}|scope|token/);
});

it('says on a cross-origin isolated page that Cancel is the way out of a closed window', () => {
  const lines = (isClosingNoticed: boolean) =>
    sessionNotice(summary({ ...OUT, signInWindow: { until: LATER, isClosingNoticed } }))?.lines;
  expect(lines(true)).toHaveLength(1);
  expect(lines(false)?.[1]).toMatch(/closed the window.*Cancel/);
});

it('gives the reason to the administrator only where there is one to look for', () => {
  const technical = (code: Code) =>
    sessionNotice(summary({ ...OUT, problem: problem(code) }))?.technical;
  expect(technical('ERR_AUTH_CONSENT_REQUIRED')).toContain('Why: ERR_AUTH_CONSENT_REQUIRED.');
  expect(technical('ERR_AUTH_POPUP_BLOCKED')).toBeUndefined();
});

it('is another one for another end, so that Later does not silence the next day', () => {
  const key = (sessionEndsAt: number) =>
    sessionNotice(summary({ ...SIGNED_IN, isEndingSoon: true, sessionEndsAt }))?.key;
  expect(key(LATER)).not.toBe(key(LATER + 86_400_000));
});
