import { useState } from 'react';
import type { ReportController } from '../report/ReportController.ts';
import type { ReportAction, ReportView } from '../report/reportView.ts';
import { SAVED_STATES } from '../report/reportState.ts';
import { text, type TextKey } from '../texts/index.ts';
import { useObservable } from './useObservable.ts';

const LABELS: Record<ReportAction, TextKey> = {
  'sign-in': 'action.sign-in',
  retry: 'action.retry',
  download: 'action.download',
  discard: 'action.discard',
  dismiss: 'action.dismiss',
};

/** The report's status: stays until it is dismissed, and says whether the report is safe and what to do next. */
export function ReportStatus({ controller }: { controller: ReportController }) {
  const view = useObservable(controller.view);
  const putAside = useObservable(controller.putAside);
  // The live region is there before its text, else screen readers do not read it.
  return (
    <>
      <div role="status" aria-live="polite">
        {view && <StatusCard key={view.state} view={view} controller={controller} />}
      </div>
      {!view && (
        <div className="oa-aside">
          {putAside.map(({ job, view: { state } }) => (
            <button
              key={job.instances[0]?.sopInstanceUID ?? job.name}
              type="button"
              className="oa-chip oa-warn"
              data-cy="azure-report-reopen"
              onClick={() => controller.reopen(job)}
            >
              <span className="oa-name">
                {text(state === 'unknown' ? 'report.aside.unknown' : 'report.aside.unsaved', {
                  name: job.name,
                })}
              </span>
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function StatusCard({ view, controller }: { view: ReportView; controller: ReportController }) {
  const [isOpen, setOpen] = useState(false);
  const run: Record<ReportAction, () => unknown> = {
    'sign-in': () => controller.signIn(),
    retry: () => controller.retry(),
    download: () => controller.download(),
    discard: () => window.confirm(text('discard.confirm')) && controller.discard(),
    dismiss: () => controller.dismiss(),
  };
  return (
    <section
      className={`oa-status oa-${tone(view)}`}
      data-cy="azure-report-status"
      data-state={view.state}
      aria-label={view.title}
    >
      <h2>
        <span className="oa-mark" aria-hidden="true">
          {MARKS[tone(view)]}
        </span>
        {view.title}
      </h2>
      {view.lines.map(line => (
        <p key={line}>{line}</p>
      ))}
      {view.notice && (
        <p className="oa-notice" role="alert">
          {view.notice}
        </p>
      )}
      {isOpen && <Details lines={view.details} />}
      <div className="oa-actions">
        {view.actions.map((action, index) => (
          <button
            key={action}
            type="button"
            className={index === 0 && action !== 'dismiss' ? 'oa-button oa-primary' : 'oa-button'}
            data-cy={`azure-report-${action}`}
            onClick={() => void run[action]()}
          >
            {text(LABELS[action])}
          </button>
        ))}
        {view.details.length > 0 && (
          <button
            type="button"
            className="oa-button oa-quiet"
            data-cy="azure-report-details"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {text('action.details')}
          </button>
        )}
      </div>
    </section>
  );
}

function Details({ lines }: { lines: readonly string[] }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(lines.join('\n'));
    setCopied(true);
  };
  return (
    <div className="oa-details">
      <pre>{lines.join('\n')}</pre>
      <button type="button" className="oa-button oa-quiet" onClick={() => void copy()}>
        {text(isCopied ? 'action.copied' : 'action.copy')}
      </button>
    </div>
  );
}

type Tone = 'busy' | 'good' | 'remark' | 'bad';
const MARKS: Record<Tone, string> = { busy: '…', good: '✓', remark: '!', bad: '✕' };

function tone({ state }: ReportView): Tone {
  if (state === 'saving') return 'busy';
  if (state === 'saved-with-warnings' || state === 'draft') return 'remark';
  if (SAVED_STATES.includes(state)) return 'good';
  return state === 'rejected' || state === 'forbidden' ? 'bad' : 'remark';
}
