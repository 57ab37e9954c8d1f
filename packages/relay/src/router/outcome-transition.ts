import { describeFailureReason, formatReasonCode } from '@ohif-azure/dicomweb';
import type { Entry, Reason, Transition } from '../ledger/index.ts';
import type { DuplicateDoubt, InstanceReport, StoreFailure } from '../store-server.ts';
import { pauseMs } from './service-gate.ts';

/** FailureReason: an instance with the same UIDs is there already. */
const ALREADY_EXISTS = 45070;

/** What decides about another attempt. */
export interface AttemptPolicy {
  readonly maxAttempts: number;
  readonly maxPauseMs: number;
  readonly random: () => number;
}

/** One instance that was to be stored. */
export interface Attempted {
  readonly entry: Entry;
  readonly server: string;
  readonly bytes: number;
  readonly sopInstanceUID?: string;
}

/** Again later, and apart from others; after `maxAttempts` never again. */
export function suspect(
  { entry, server, sopInstanceUID }: Attempted,
  reason: Reason,
  { maxAttempts, maxPauseMs, random }: AttemptPolicy
): Transition {
  const { id, attempts } = entry;
  const common = { id, reason, server, sopInstanceUID };
  if (attempts + 1 >= maxAttempts) return { ...common, to: 'dead' };
  const retryInMs = pauseMs(attempts, maxPauseMs, random);
  return { ...common, to: 'waiting', retryInMs, counts: true };
}

/** What the comparison with the instance that is there has given. */
const DUPLICATES: Readonly<Record<DuplicateDoubt, string>> = {
  different: 'The DICOM service has another instance under the same UIDs: its data set differs.',
  notCompared:
    'The DICOM service has an instance under the same UIDs, and it could not be compared with this one.',
};

function rejection({ failureReason, duplicate }: InstanceReport): Reason {
  if (failureReason === undefined) {
    return { code: 'rejected', text: 'The DICOM service refused the instance without a reason.' };
  }
  const { name, meaning } = describeFailureReason(failureReason);
  return {
    code: `FailureReason ${formatReasonCode(failureReason)}`,
    text: `${name}. ${duplicate ? DUPLICATES[duplicate] : meaning}`,
  };
}

/**
 * What the outcome of an instance makes of its entry; undefined: it stays as it is, and is tried again with the others.
 * `stored`, `storedWithWarnings` and `alreadyStored` are `sent`: the relay has made sure that what is there already is this instance.
 */
export function outcomeTransition(
  attempted: Attempted,
  report: InstanceReport,
  policy: AttemptPolicy
): Transition | undefined {
  const { entry, server, bytes } = attempted;
  const { id } = entry;
  const { outcome, failureReason, duplicate, sopInstanceUID = attempted.sopInstanceUID } = report;
  switch (outcome) {
    case 'stored':
    case 'storedWithWarnings':
    case 'alreadyStored':
      return { id, to: 'sent', server, bytes, sopInstanceUID };
    case 'rejected': {
      const reason = rejection(report);
      // One that could not be compared may be next time.
      const isFinal =
        duplicate === 'different' ||
        (failureReason !== undefined &&
          failureReason !== ALREADY_EXISTS &&
          describeFailureReason(failureReason).retry === 'permanent');
      return isFinal
        ? { id, to: 'dead', reason, server, sopInstanceUID }
        : suspect({ ...attempted, sopInstanceUID }, reason, policy);
    }
    case 'unknown':
    case 'notSent':
      return undefined;
  }
}

/** Statuses by which a service says that the request itself is at fault. 404 and 405 are none: there the address is wrong. */
const REQUEST_FAULTS = new Set([400, 406, 409, 411, 413, 414, 415, 422, 501]);
/** Reasons of the relay for which another request would fare no better. */
const OUTAGES = new Set<string>([
  'access-token',
  'access-token-refused',
  'redirect',
  'not-connected',
  'stopping',
  'no-credentials',
]);

/**
 * Whose fault a failed Store is.
 * - `service`: it is down, throttles, or refuses the relay; no instance is to blame, and nothing is counted.
 * - `request`: it refuses what is in this request.
 * - `unclear`: either; the request is to blame when the service takes others.
 */
export function blame({ reason, upstreamStatus }: StoreFailure): 'service' | 'request' | 'unclear' {
  if (upstreamStatus !== undefined) {
    if (REQUEST_FAULTS.has(upstreamStatus)) return 'request';
    if (upstreamStatus === 500) return 'unclear';
    if (upstreamStatus >= 400) return 'service';
  }
  if (reason === 'malformed-body') return 'request';
  return OUTAGES.has(reason) ? 'service' : 'unclear';
}
