import type { InstanceIdentity } from './part10.ts';
import { describeFailureReason, describeWarningReason } from './reasons.ts';
import type { ReasonText } from './reasons.ts';
import { describeSituation } from './situations.ts';
import type { Situation } from './situations.ts';
import type { ResponseItem, StoreResponse } from './store-response.ts';

/**
 * What became of one instance.
 * - `stored`: the server has it.
 * - `storedWithWarnings`: the server has it, and remarked on it.
 * - `alreadyStored`: the server had it before, and it is ours: same SOP Class, study and series.
 * - `rejected`: the server does not have it.
 * - `unknown`: it is not known; ask before sending it again.
 */
export type Outcome = 'stored' | 'storedWithWarnings' | 'alreadyStored' | 'rejected' | 'unknown';

/** The outcome of one instance, in the order in which they were given. */
export interface InstanceOutcome {
  readonly outcome: Outcome;
  readonly sopClassUID?: string;
  readonly sopInstanceUID?: string;
  /** FailureReason (0008,1197). */
  readonly failureReason?: number;
  /** WarningReason (0008,1196). */
  readonly warningReason?: number;
  /** The server's remarks: without the values that it quoted, each at most 500 characters. */
  readonly comments: readonly string[];
  /** The reason in words; absent for `stored`. */
  readonly reason?: ReasonText;
  /** The server was asked for the instance afterwards, and this is what it said. */
  readonly settled?: true;
}

type Identity = Pick<InstanceIdentity, 'sopClassUID' | 'sopInstanceUID'>;

/** The instance's own names; where they are not readable, what the server read. */
function names(identity: Identity, item?: ResponseItem): Identity {
  return {
    sopClassUID: identity.sopClassUID ?? item?.sopClassUID,
    sopInstanceUID: identity.sopInstanceUID ?? item?.sopInstanceUID,
  };
}

/** Stored, by an item of ReferencedSOPSequence. */
export function storedOutcome(identity: Identity, item: ResponseItem): InstanceOutcome {
  const { warningReason, comments } = item;
  const isWarned = warningReason !== undefined || comments.length > 0;
  return {
    outcome: isWarned ? 'storedWithWarnings' : 'stored',
    ...names(identity, item),
    warningReason,
    comments,
    // Remarks without a code are validation warnings.
    reason: isWarned ? describeWarningReason(warningReason ?? 1) : undefined,
  };
}

/** Not stored, by an item of FailedSOPSequence. */
export function failedOutcome(identity: Identity, item: ResponseItem): InstanceOutcome {
  const { failureReason, comments } = item;
  return {
    outcome: 'rejected',
    ...names(identity, item),
    failureReason,
    comments,
    reason:
      failureReason === undefined
        ? describeSituation('failedWithoutReason')
        : describeFailureReason(failureReason),
  };
}

/** An outcome that no item says. */
export function situationOutcome(
  identity: Identity,
  outcome: Outcome,
  situation: Situation,
  comments: readonly string[] = []
): InstanceOutcome {
  return { outcome, ...names(identity), comments, reason: describeSituation(situation) };
}

/** Gives each item with a known SOPInstanceUID to the next instance with that UID; the items that found none are returned. */
function assignByUID(
  identities: readonly Identity[],
  taken: (InstanceOutcome | undefined)[],
  items: readonly ResponseItem[],
  outcomeOf: (identity: Identity, item: ResponseItem) => InstanceOutcome
): ResponseItem[] {
  return items.filter(item => {
    const index = identities.findIndex(
      (identity, i) =>
        !taken[i] &&
        item.sopInstanceUID !== undefined &&
        identity.sopInstanceUID === item.sopInstanceUID
    );
    const identity = identities[index];
    if (!identity) return true;
    taken[index] = outcomeOf(identity, item);
    return false;
  });
}

/**
 * One outcome for each instance sent, from what the server said. Items are counted, since a failed one may lack its UIDs; an instance that the
 * answer does not account for is `unknown`, and is to be asked for.
 *
 * 1. Items with the UID of an instance are its; the same instance sent twice has two items.
 * 2. With one instance sent, any failed item is its.
 * 3. As many (or more) failed items left as instances left: all of these failed, in the order of the request.
 * 4. No failed item left, and as many referenced items without UID left as instances left: all of these are stored.
 * 5. Whatever is left is `unknown`.
 * @see PS3.18 10.5.3; Azure DICOM service conformance statement v2, Store response payload
 */
export function outcomesOf(
  identities: readonly Identity[],
  response: StoreResponse
): InstanceOutcome[] {
  const { referenced, failed } = response;
  const taken: (InstanceOutcome | undefined)[] = identities.map(() => undefined);
  const referencedLeft = assignByUID(identities, taken, referenced, storedOutcome);
  const failedLeft = assignByUID(identities, taken, failed, failedOutcome);

  const only = identities[0];
  if (identities.length === 1 && only && failed[0]) {
    // Both stored and failed: the answer contradicts itself.
    const isContradicted = referenced.length > 0;
    return [
      isContradicted
        ? situationOutcome(only, 'unknown', 'notSettled', failed[0].comments)
        : failedOutcome(only, failed[0]),
    ];
  }

  const left = identities.flatMap((identity, index) => (taken[index] ? [] : [{ identity, index }]));
  if (failedLeft.length > 0 && failedLeft.length >= left.length && referencedLeft.length === 0) {
    left.forEach(({ identity, index }, i) => {
      taken[index] = failedOutcome(identity, failedLeft[i] as ResponseItem);
    });
  } else if (
    failedLeft.length === 0 &&
    referencedLeft.length === left.length &&
    left.every(
      ({ identity }, i) =>
        identity.sopInstanceUID === undefined || referencedLeft[i]?.sopInstanceUID === undefined
    )
  ) {
    left.forEach(({ identity, index }, i) => {
      taken[index] = storedOutcome(identity, referencedLeft[i] as ResponseItem);
    });
  }
  return identities.map(
    (identity, index) => taken[index] ?? situationOutcome(identity, 'unknown', 'notSettled')
  );
}

/** How many are on the server. */
export function countStored(outcomes: readonly InstanceOutcome[]): number {
  return outcomes.filter(({ outcome }) => outcome !== 'rejected' && outcome !== 'unknown').length;
}
