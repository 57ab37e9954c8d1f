import { act, fireEvent, render } from '@testing-library/react';
import type { SessionState } from '@ohif-azure/auth/browser';
import { observable } from '../observable.ts';
import type { SessionSummary } from '../session/sessionSummary.ts';
import { SessionStatus } from './SessionStatus.tsx';

const find = (id: string) => document.querySelector<HTMLElement>(`[data-cy="${id}"]`);
const press = (id: string) => fireEvent.click(find(id) as HTMLElement);
const notice = () => find('azure-session-notice')?.dataset.kind;

const ENDING: SessionState = {
  status: 'signed-in',
  account: { displayName: 'Dr Olive Owner', username: 'olive', id: 'olive.tenant' },
  accessTokenExpiresAt: Date.now() + 400_000,
  sessionEndsAt: Date.now() + 500_000,
  renewal: 'ok',
  isEndingSoon: true,
};

function shown(session: SessionState, saving: SessionSummary['saving'] = 'may-save') {
  const summary = observable<SessionSummary>({
    session,
    archives: ['Archive'],
    saving,
    canSignIn: true,
  });
  const done: string[] = [];
  const way = (name: string) => () => void done.push(name);
  render(
    <SessionStatus
      summary={summary}
      signIn={way('sign-in')}
      signInHere={way('here')}
      showSignInWindow={way('show')}
      cancelSignIn={way('cancel')}
      signOut={way('sign-out')}
    />
  );
  const becomes = (change: Partial<SessionState>) =>
    act(() => summary.set({ ...summary.get(), session: { ...session, ...change } }));
  return { done, becomes };
}

it('warns before the end, and "Sign in again" is in reach after "Later"', () => {
  const { done, becomes } = shown(ENDING);
  expect(notice()).toBe('ending-soon');
  expect(find('azure-session-notice')?.textContent).toMatch(
    /Your sign-in ends at \d.*your measurements stay/
  );
  expect(find('azure-sign-in-again')).toBeNull();
  press('azure-notice-later');
  expect(notice()).toBeUndefined();
  press('azure-sign-in-again');
  expect(done).toEqual(['sign-in']);
  becomes({ isEndingSoon: undefined });
  expect(notice()).toBeUndefined();
  expect(find('azure-sign-in-again')).toBeNull();
});

it('has a button to cancel as long as the sign-in window is open', () => {
  const { done, becomes } = shown({ status: 'signed-out' }, 'signed-out');
  becomes({ signInWindow: { until: Date.now() + 300_000, isClosingNoticed: true } });
  expect(notice()).toBe('sign-in-open');
  press('azure-notice-show-window');
  press('azure-notice-cancel');
  expect(done).toEqual(['show', 'cancel']);
  becomes({ signInWindow: undefined });
  expect(notice()).toBeUndefined();
});

it('offers the page itself where the window is blocked, and says it again the next time', () => {
  const { done } = shown({
    status: 'signed-out',
    problem: { code: 'ERR_AUTH_POPUP_BLOCKED', message: '' },
  });
  press('azure-notice-sign-in-here');
  press('azure-notice-later');
  expect(notice()).toBeUndefined();
  press('azure-sign-in');
  expect(notice()).toBe('popup-blocked');
  expect(done).toEqual(['here', 'sign-in']);
});

it('asks for the missing permission, and says in the menu that it is missing', () => {
  const { done } = shown({ ...ENDING, isEndingSoon: undefined }, 'step-up');
  expect(notice()).toBe('permission-missing');
  press('azure-notice-sign-in');
  expect(done).toEqual(['sign-in']);
  press('azure-session-menu');
  expect(find('azure-session')?.textContent).toContain('does not include saving');
});

it('is a live region that stands before its text does', () => {
  shown({ status: 'signed-out' });
  expect(find('azure-session')?.querySelector('[role="status"]')?.textContent).toBe('');
});

it('has one way to sign out, which leaves room for Sign in once the session is over', () => {
  const { becomes } = shown({ ...ENDING, isEndingSoon: undefined });
  expect(document.querySelectorAll('[data-cy="azure-sign-out"]')).toHaveLength(1);
  becomes({ status: 'expired' });
  expect(document.querySelectorAll('[data-cy="azure-sign-out"]')).toHaveLength(1);
  expect(find('azure-sign-out')?.closest('.oa-menu')).not.toBeNull();
});
