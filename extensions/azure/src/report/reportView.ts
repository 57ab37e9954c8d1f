import { text, type TextKey } from '../texts/index.ts';
import type { ReportJob } from './reportJob.ts';
import type { ReportState } from './reportState.ts';

export type ReportAction = 'sign-in' | 'retry' | 'download' | 'discard' | 'dismiss';

/** What the report's message says. */
export interface ReportView {
  state: ReportState;
  title: string;
  lines: string[];
  /** For the administrator; one press away. Without secrets and patient data. */
  details: string[];
  actions: readonly ReportAction[];
  /** Something that happened meanwhile, e.g. a blocked sign-in window. */
  notice?: string;
}

/** States in which a report is kept that is not, or not surely, in the archive. */
type FailureState =
  'rejected' | 'sign-in-required' | 'forbidden' | 'unreachable' | 'throttled' | 'unknown';

const AFTER_FAILURE: Record<FailureState, readonly ReportAction[]> = {
  rejected: ['retry', 'download', 'discard', 'dismiss'],
  'sign-in-required': ['sign-in', 'download', 'discard', 'dismiss'],
  forbidden: ['retry', 'download', 'discard', 'dismiss'],
  unreachable: ['retry', 'download', 'discard', 'dismiss'],
  throttled: ['retry', 'download', 'discard', 'dismiss'],
  unknown: ['retry', 'download', 'discard', 'dismiss'],
};

/** Where else than in the archive a report's content is. */
export interface Refuge {
  /** Whether its measurements are still in the viewer. */
  hasMeasurements: boolean;
  /** Whether it has a draft, which outlives the page. */
  isKept: boolean;
}

/** A report that is not in the archive, or not surely: what happened, whether it is safe, what to do next. */
export function failureView(
  state: ReportState,
  { name, archive, account }: ReportJob,
  details: string[],
  refuge: Refuge
): ReportView {
  const known = (state in AFTER_FAILURE ? state : 'unknown') as FailureState;
  const values = { name, archive, account: account?.displayName ?? '' };
  return {
    state,
    title: text(`report.${known}.title`),
    lines: [text(`report.${known}.failure`, values), refugeLine(refuge)],
    details,
    actions: AFTER_FAILURE[known],
  };
}

function refugeLine({ hasMeasurements, isKept }: Refuge): string {
  if (hasMeasurements) return text(isKept ? 'report.kept-and-here' : 'report.measurements-here');
  return text(isKept ? 'report.kept' : 'report.measurements-gone');
}

/** Something that needs no report to be kept: in progress, saved, or nothing was sent. */
export function informationView(state: ReportState, view: Partial<ReportView>): ReportView {
  const title = `report.${state}.title` as TextKey;
  return {
    state,
    title: view.title ?? text(title),
    lines: [],
    details: [],
    actions: state === 'saving' ? [] : ['dismiss'],
    ...view,
  };
}
