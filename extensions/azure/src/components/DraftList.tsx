import type { Draft } from '../drafts/draft.ts';
import type { DraftsOff } from '../drafts/Drafts.ts';
import type { Observable } from '../observable.ts';
import { language, text } from '../texts/index.ts';
import { useObservable } from './useObservable.ts';

export interface DraftListProps {
  drafts: Observable<readonly Draft[]>;
  off: Observable<DraftsOff | undefined>;
  /** Whether the page of that study is open. */
  isOpen(studyInstanceUID: string): boolean;
  resume(draft: Draft): void;
  download(draft: Draft): void;
  discard(draft: Draft): void;
}

/** What was not saved when a page was left, reloaded or lost: to go on with, to download, or to discard. */
export function DraftList({ drafts, off, isOpen, resume, download, discard }: DraftListProps) {
  const offered = useObservable(drafts);
  const reason = useObservable(off);
  const isOff = reason === 'forbidden' || reason === 'full';
  return (
    <>
      <div role="status" aria-live="polite">
        {isOff && (
          <p className="oa-drafts-off" data-cy="azure-drafts-off">
            {text(`drafts.off.${reason}`)}
          </p>
        )}
      </div>
      {offered.length > 0 && (
        <section className="oa-drafts" data-cy="azure-drafts" aria-label={text('drafts.title')}>
          <h2>{text('drafts.title')}</h2>
          <ul>
            {offered.map(draft => (
              <li key={draft.id} data-cy="azure-draft" data-kind={draft.kind}>
                <p>
                  <strong>{titleOf(draft)}</strong>
                  <br />
                  <span className="oa-muted">{originOf(draft)}</span>
                </p>
                <div className="oa-actions">
                  <button
                    type="button"
                    className="oa-button oa-primary"
                    data-cy="azure-draft-resume"
                    onClick={() => resume(draft)}
                  >
                    {text(resumeLabel(draft, isOpen(draft.studyInstanceUID)))}
                  </button>
                  {draft.instances.length > 0 && (
                    <button
                      type="button"
                      className="oa-button"
                      data-cy="azure-draft-download"
                      onClick={() => download(draft)}
                    >
                      {text('action.download')}
                    </button>
                  )}
                  <button
                    type="button"
                    className="oa-button"
                    data-cy="azure-draft-discard"
                    onClick={() => window.confirm(text('draft.discard.confirm')) && discard(draft)}
                  >
                    {text('action.discard')}
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function titleOf({ kind, name, measurements }: Draft): string {
  if (kind === 'report') return text('draft.report', { name });
  return text('draft.measurements', { count: String(measurements?.length ?? 0) });
}

function originOf({ studyDescription, madeAt, account }: Draft): string {
  const time = new Date(madeAt).toLocaleString(language(), {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  return [studyDescription, time, account?.displayName].filter(Boolean).join(' · ');
}

function resumeLabel({ kind, annotations }: Draft, isOpen: boolean) {
  if (kind === 'report' || !annotations?.length) return 'action.save';
  return isOpen ? 'action.bring-back' : 'action.open-study';
}
