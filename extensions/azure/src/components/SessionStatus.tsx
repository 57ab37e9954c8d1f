import { useEffect, useId, useRef, useState } from 'react';
import type { Observable } from '../observable.ts';
import { sessionNotice, type SessionNoticeAction } from '../session/sessionNotice.ts';
import type { SessionSummary } from '../session/sessionSummary.ts';
import { text } from '../texts/index.ts';
import { SessionNoticeCard } from './SessionNoticeCard.tsx';
import { useObservable } from './useObservable.ts';

export interface SessionStatusProps {
  summary: Observable<SessionSummary>;
  /** In a window of its own; asks for the permission to save where that is missing. */
  signIn(): void;
  /** Leaves the page, and comes back to it. */
  signInHere(): void;
  /** Brings the open sign-in window to the front. */
  showSignInWindow(): void;
  cancelSignIn(): void;
  signOut(): void;
}

/** Who is signed in, to which archive, whether they may save or only view, and until when. */
export function SessionStatus({ summary, signOut, ...ways }: SessionStatusProps) {
  const all = useObservable(summary);
  const { session, archives, saving, canSignIn } = all;
  const [isOpen, setOpen] = useState(false);
  /** Key of the notice that was closed. */
  const [closed, setClosed] = useState<string>();
  const menuId = useId();
  const root = useRef<HTMLDivElement>(null);
  useCloseOutside(root, isOpen, () => setOpen(false));

  const notice = sessionNotice(all);
  const signIn = () => {
    setClosed(undefined);
    ways.signIn();
  };
  const run: Record<SessionNoticeAction, () => void> = {
    'sign-in': signIn,
    'sign-in-here': ways.signInHere,
    'show-window': ways.showSignInWindow,
    cancel: ways.cancelSignIn,
    later: () => setClosed(notice?.key),
  };
  const isEnding = notice?.kind === 'ending-soon';

  const account = session.account;
  const isSignedIn = session.status === 'signed-in';
  const label = isSignedIn
    ? (account?.displayName ?? account?.username ?? '')
    : text(session.status === 'expired' ? 'session.expired' : 'session.signed-out');
  return (
    <div className="oa-session" data-cy="azure-session" data-status={session.status} ref={root}>
      <button
        type="button"
        className="oa-chip"
        aria-expanded={isOpen}
        aria-controls={menuId}
        title={text('session.menu')}
        data-cy="azure-session-menu"
        onClick={() => setOpen(!isOpen)}
      >
        <span className={isSignedIn && !isEnding ? 'oa-dot oa-on' : 'oa-dot'} aria-hidden="true" />
        <span className="oa-name">{label}</span>
      </button>
      <div className="oa-menu" id={menuId} hidden={!isOpen}>
        {isSignedIn && account && (
          <p>
            <strong>{text('session.signed-in', { account: account.displayName })}</strong>
            <br />
            <span className="oa-muted">{account.username}</span>
          </p>
        )}
        {archives.map(archive => (
          <p key={archive}>{text('session.service', { archive })}</p>
        ))}
        <p>{text(SAVING_TEXT[saving])}</p>
        {session.renewal === 'failing' && <p>{text('session.renewal-failing')}</p>}
        {session.sessionEndsAt !== undefined && isSignedIn && (
          <p className="oa-muted">
            {text('session.until', { time: formatTime(session.sessionEndsAt) })}
          </p>
        )}
        {account && !isSignedIn && (
          <button type="button" className="oa-button" data-cy="azure-sign-out" onClick={signOut}>
            {text('action.sign-out')}
          </button>
        )}
      </div>
      {session.renewal === 'failing' && (
        <span className="oa-unseen" role="alert">
          {text('session.renewal-failing')}
        </span>
      )}
      {isEnding && notice.key === closed && (
        <button
          type="button"
          className="oa-chip oa-warn oa-again"
          data-cy="azure-sign-in-again"
          onClick={signIn}
        >
          {text('action.sign-in-again')}
        </button>
      )}
      {!isSignedIn && canSignIn && (
        <button
          type="button"
          className="oa-chip oa-primary"
          data-cy="azure-sign-in"
          onClick={signIn}
        >
          {text('action.sign-in')}
        </button>
      )}
      {account && isSignedIn && (
        <button
          type="button"
          className="oa-chip oa-icon"
          data-cy="azure-sign-out"
          title={text('action.sign-out')}
          aria-label={text('action.sign-out')}
          onClick={signOut}
        >
          <svg width="15" height="15" viewBox="0 0 16 16" aria-hidden="true">
            <path
              d="M6 2H3v12h3M7 8h7m-3-3 3 3-3 3"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.5"
            />
          </svg>
        </button>
      )}
      {/* The live region is there before its text, else screen readers do not read it. */}
      <div role="status" aria-live="polite">
        {notice && notice.key !== closed && (
          <SessionNoticeCard key={notice.kind} notice={notice} run={action => run[action]()} />
        )}
      </div>
    </div>
  );
}

const SAVING_TEXT = {
  'may-save': 'session.may-save',
  'view-only': 'session.view-only',
  'step-up': 'session.step-up',
  link: 'session.link',
  'signed-out': 'session.signed-out',
} as const;

function formatTime(at: number): string {
  return new Date(at).toLocaleString(undefined, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
}

function useCloseOutside(
  root: { readonly current: HTMLElement | null },
  isOpen: boolean,
  close: () => void
) {
  useEffect(() => {
    if (!isOpen) return undefined;
    const onPointer = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) close();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close();
    };
    document.addEventListener('pointerdown', onPointer, true);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', onPointer, true);
      document.removeEventListener('keydown', onKey, true);
    };
  });
}
