import type { SessionNotice, SessionNoticeAction } from '../session/sessionNotice.ts';

export interface SessionNoticeCardProps {
  notice: SessionNotice;
  run(action: SessionNoticeAction): void;
}

/** A sign-in that is under way, about to be needed, or did not come about; at the bottom left, where it covers no image. */
export function SessionNoticeCard({ notice, run }: SessionNoticeCardProps) {
  const { kind, title, lines, technical, actions } = notice;
  return (
    <section
      className={kind === 'sign-in-open' ? 'oa-note oa-busy' : 'oa-note'}
      data-cy="azure-session-notice"
      data-kind={kind}
      aria-label={title}
    >
      <h2>{title}</h2>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
      {technical && <p className="oa-muted">{technical}</p>}
      <div className="oa-actions">
        {actions.map(({ name, label }, index) => (
          <button
            key={name}
            type="button"
            className={index === 0 ? 'oa-button oa-primary' : 'oa-button'}
            data-cy={`azure-notice-${name}`}
            onClick={() => run(name)}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}
