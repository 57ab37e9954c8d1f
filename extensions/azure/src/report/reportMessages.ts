import { text } from '../texts/index.ts';
import type { ReportJob } from './reportJob.ts';
import type { ReportState } from './reportState.ts';
import { informationView, type ReportView } from './reportView.ts';

export const savingView = (): ReportView =>
  informationView('saving', { lines: [text('report.saving.body')] });

export function savedLine(state: ReportState, { name, archive, observer }: ReportJob): string {
  if (state === 'saved' && observer) return text('report.saved.body', { name, archive, observer });
  if (state === 'saved') return text('report.saved.unsigned', { name, archive });
  if (state === 'already-saved') return text('report.already-saved.body', { name, archive });
  return text('report.saved-with-warnings.body', { name, archive });
}

/** What to say of a sign-in that did not succeed; nothing of one that the user closed. */
export function signInNotice(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code === 'ERR_AUTH_SIGNIN_CANCELLED') return undefined;
  if (code === 'ERR_AUTH_POPUP_BLOCKED') return text('report.popup-blocked');
  const reason = error instanceof Error ? error.message : '';
  return text('report.sign-in-failed', { reason });
}
