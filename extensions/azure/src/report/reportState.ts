import { hasCode, type ProjectErrorCode } from '@ohif-azure/core';
import type { InstanceOutcome, StoreResult } from '@ohif-azure/dicomweb';

/** `data-state` of the report's status; what the clinician is told follows from it (docs/create-report.md). */
export type ReportState =
  | 'saving'
  | 'saved'
  | 'saved-with-warnings'
  | 'already-saved'
  | 'rejected'
  | 'sign-in-required'
  | 'forbidden'
  | 'unreachable'
  | 'throttled'
  | 'unknown'
  | 'draft';

/** States in which the report is in the archive. Nothing else may look like it. */
export const SAVED_STATES: readonly ReportState[] = [
  'saved',
  'saved-with-warnings',
  'already-saved',
];

const BY_OUTCOME: Record<InstanceOutcome['outcome'], ReportState> = {
  stored: 'saved',
  storedWithWarnings: 'saved-with-warnings',
  alreadyStored: 'already-saved',
  rejected: 'rejected',
  unknown: 'unknown',
};

/** From best to worst: a report of several instances is as good as its worst one. */
const WORST_LAST: readonly ReportState[] = [
  'already-saved',
  'saved',
  'saved-with-warnings',
  'unknown',
  'rejected',
];

export function stateOfResult(result: StoreResult): ReportState {
  const states = result.instances.map(({ outcome }) => BY_OUTCOME[outcome]);
  return WORST_LAST.findLast(state => states.includes(state)) ?? 'unknown';
}

const BY_CODE: readonly [code: ProjectErrorCode, state: ReportState][] = [
  ['ERR_AUTH_SIGNIN_REQUIRED', 'sign-in-required'],
  ['ERR_STORE_UNAUTHORIZED', 'sign-in-required'],
  ['ERR_STORE_FORBIDDEN', 'forbidden'],
  ['ERR_STORE_THROTTLED', 'throttled'],
  ['ERR_STORE_UNREACHABLE', 'unreachable'],
  ['ERR_STORE_OUTCOME_UNKNOWN', 'unknown'],
  ['ERR_STORE_REFUSED', 'rejected'],
];

/** An error we do not know says nothing about the archive: it may hold the report, so `unknown`. */
export function stateOfError(error: unknown): ReportState {
  return BY_CODE.find(([code]) => hasCode(error, code))?.[1] ?? 'unknown';
}
