import type { ExchangeContext, RequestOptions } from './exchange.ts';
import type { InstanceIdentity } from './part10.ts';
import { settleInstances } from './settle.ts';
import type { Settlement } from './settle.ts';
import type { InstanceOutcome } from './store-outcome.ts';
import { situationOutcome } from './store-outcome.ts';
import { describeSituation } from './situations.ts';

/** FailureReasons of the Azure DICOM service that are not the last word. */
const ALREADY_EXISTS = 45070;
const BEING_CREATED = 45071;

/** How long an instance that is being created is waited for, in milliseconds. */
const BEING_CREATED_PAUSES_MS = [1000, 2000, 4000];

/** Outcomes of a transaction whose own answer is lost, by what the server said when it was asked. */
export function settledOutcomes(
  identities: readonly InstanceIdentity[],
  settlements: readonly Settlement[]
): InstanceOutcome[] {
  return identities.map((identity, index) => {
    switch (settlements[index]) {
      case 'present':
        return {
          outcome: 'stored',
          sopClassUID: identity.sopClassUID,
          sopInstanceUID: identity.sopInstanceUID,
          comments: [],
          settled: true,
        };
      case 'different':
        return { ...situationOutcome(identity, 'rejected', 'sameUIDOtherObject'), settled: true };
      case 'absent':
        return { ...situationOutcome(identity, 'rejected', 'lineLost'), settled: true };
      default:
        return situationOutcome(identity, 'unknown', 'notSettled');
    }
  });
}

/** Replaces those outcomes that `isOpen` picks, by what the server says of their instances. */
async function settleSome(
  context: ExchangeContext,
  identities: readonly InstanceIdentity[],
  outcomes: readonly InstanceOutcome[],
  options: RequestOptions,
  pausesMs: readonly number[],
  isOpen: (outcome: InstanceOutcome) => boolean,
  replace: (outcome: InstanceOutcome, settlement: Settlement) => InstanceOutcome
): Promise<InstanceOutcome[]> {
  const open = outcomes.flatMap((outcome, index) => (isOpen(outcome) ? [index] : []));
  const result = [...outcomes];
  if (open.length === 0) return result;
  const asked = open.map(index => identities[index] ?? {});
  const settlements = await settleInstances(context, asked, pausesMs, options);
  open.forEach((index, i) => {
    const outcome = outcomes[index];
    if (outcome) result[index] = replace(outcome, settlements[i] ?? 'unknown');
  });
  return result;
}

/** Asks for the instances that the server's answer does not account for. */
export function settleUnknown(
  context: ExchangeContext,
  identities: readonly InstanceIdentity[],
  outcomes: readonly InstanceOutcome[],
  options: RequestOptions
): Promise<InstanceOutcome[]> {
  return settleSome(
    context,
    identities,
    outcomes,
    options,
    [],
    ({ outcome }) => outcome === 'unknown',
    (outcome, settlement) => {
      switch (settlement) {
        case 'present':
          return { ...outcome, outcome: 'stored', reason: undefined, settled: true };
        case 'different':
          return rejected(outcome, 'sameUIDOtherObject');
        case 'absent':
          return rejected(outcome, 'notListed');
        case 'unknown':
          return outcome;
      }
    }
  );
}

function rejected(
  outcome: InstanceOutcome,
  situation: Parameters<typeof describeSituation>[0]
): InstanceOutcome {
  return { ...outcome, outcome: 'rejected', reason: describeSituation(situation), settled: true };
}

/**
 * 45070 and 45071: asks whether the instance that the server has is ours. Ours: `alreadyStored`. Another one: `rejected`. Could not be asked:
 * `unknown`. Still being created after the pauses: stays `rejected` with 45071, which may be tried again.
 */
export async function settleAlreadyExisting(
  context: ExchangeContext,
  identities: readonly InstanceIdentity[],
  outcomes: readonly InstanceOutcome[],
  options: RequestOptions
): Promise<InstanceOutcome[]> {
  const replace = (outcome: InstanceOutcome, settlement: Settlement): InstanceOutcome => {
    switch (settlement) {
      case 'present':
        return { ...outcome, outcome: 'alreadyStored', settled: true };
      case 'different':
        return rejected(outcome, 'sameUIDOtherObject');
      case 'absent':
        return outcome.failureReason === BEING_CREATED
          ? { ...outcome, settled: true }
          : rejected(outcome, 'sameUIDElsewhere');
      case 'unknown':
        return { ...outcome, outcome: 'unknown', reason: describeSituation('notSettled') };
    }
  };
  const isFailedWith = (code: number) => (outcome: InstanceOutcome) =>
    outcome.outcome === 'rejected' && outcome.failureReason === code;
  const existing = await settleSome(
    context,
    identities,
    outcomes,
    options,
    [],
    isFailedWith(ALREADY_EXISTS),
    replace
  );
  return settleSome(
    context,
    identities,
    existing,
    options,
    BEING_CREATED_PAUSES_MS,
    isFailedWith(BEING_CREATED),
    replace
  );
}
