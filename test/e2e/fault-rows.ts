import type { Fault } from './support/faults.ts';

/** `data-state` of the report's message. */
export type State =
  | 'saved'
  | 'saved-with-warnings'
  | 'already-saved'
  | 'rejected'
  | 'sign-in-required'
  | 'forbidden'
  | 'unreachable'
  | 'throttled'
  | 'unknown';

/** What goes wrong while a report is saved, and what the clinician is told. */
export interface FaultRow {
  /** What happens, for people. */
  what: string;
  /** To the Store transaction; undefined when it is not the service that fails. */
  fault?: Omit<Fault, 'match'>;
  /** The computer is off the network. */
  isOffline?: true;
  /** The study's own data make the service remark on the report. */
  isRemarkedOn?: true;
  /** Any of these; the first is the usual one. */
  states: readonly [State, ...State[]];
  /** What goes on once the fault is gone; nothing where the report is stored already. */
  next?: 'retry' | 'sign-in';
}

const DICOM_JSON = { 'Content-Type': 'application/dicom+json' };

/** FailedSOPSequence with one item, without UIDs as the service may answer. @see PS3.18 table 10.5.3-1 */
const failure = (reason: number) =>
  JSON.stringify({
    '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [reason] } }] },
  });

const refused = (status: number, reason: number): FaultRow['fault'] => ({
  status,
  headers: DICOM_JSON,
  body: failure(reason),
});

/** The rows; docs/create-report.md shows them. */
export const FAULT_ROWS: readonly FaultRow[] = [
  { what: '401 once', fault: { status: 401, times: 1 }, states: ['saved'] },
  {
    what: '401, also with a new access token',
    fault: { status: 401 },
    states: ['sign-in-required'],
    next: 'sign-in',
  },
  { what: '403', fault: { status: 403 }, states: ['forbidden'], next: 'retry' },
  {
    what: '409, the data set is not valid (43264)',
    fault: refused(409, 43264),
    states: ['rejected'],
    next: 'retry',
  },
  {
    what: '409, “already there” (45070), though it is not',
    fault: refused(409, 45070),
    states: ['rejected'],
    next: 'retry',
  },
  {
    what: '200 with a failure inside',
    fault: refused(200, 272),
    states: ['rejected'],
    next: 'retry',
  },
  {
    what: '202 with a failure inside',
    fault: refused(202, 272),
    states: ['rejected'],
    next: 'retry',
  },
  {
    what: '202 with a remark (the images have no Patient ID)',
    isRemarkedOn: true,
    states: ['saved-with-warnings'],
  },
  { what: '204', fault: { status: 204 }, states: ['rejected'], next: 'retry' },
  { what: '400', fault: { status: 400 }, states: ['rejected'], next: 'retry' },
  { what: '413', fault: { status: 413 }, states: ['rejected'], next: 'retry' },
  { what: '415', fault: { status: 415 }, states: ['rejected'], next: 'retry' },
  {
    what: '429, then an answer',
    fault: { status: 429, headers: { 'Retry-After': '1' }, times: 1 },
    states: ['saved'],
  },
  {
    what: '429 for longer than a minute',
    fault: { status: 429, headers: { 'Retry-After': '120' } },
    states: ['throttled'],
    next: 'retry',
  },
  {
    what: '503 for longer than a minute',
    fault: { status: 503, headers: { 'Retry-After': '120' } },
    states: ['throttled'],
    next: 'retry',
  },
  { what: '500', fault: { status: 500 }, states: ['rejected'], next: 'retry' },
  {
    what: 'the line drops before the report is sent',
    fault: { dropAfterBytes: 0 },
    states: ['unreachable'],
    next: 'retry',
  },
  {
    what: 'the line drops while it is sent',
    fault: { dropAfterBytes: 100 },
    states: ['unreachable'],
    next: 'retry',
  },
  {
    what: 'the line drops when it was sent, before the answer',
    fault: { dropAnswerAfterBytes: 0 },
    states: ['saved', 'already-saved'],
  },
  { what: 'the answer is cut in half', fault: { dropAnswerAfterBytes: 60 }, states: ['saved'] },
  { what: '20 seconds of silence, then the answer', fault: { delayMs: 20_000 }, states: ['saved'] },
  {
    what: 'an answer that is not JSON',
    fault: { status: 200, headers: { 'Content-Type': 'text/html' }, body: '<html>gateway</html>' },
    states: ['rejected'],
    next: 'retry',
  },
  {
    what: 'the computer is off the network',
    isOffline: true,
    states: ['unreachable'],
    next: 'retry',
  },
];
