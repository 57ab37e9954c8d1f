import { badRequest } from '../http/service-error.ts';
import type { Exchange } from './exchange.ts';
import type { PartOutcome } from './store-part.ts';

const OPTION = 'msdicom-expiry-option';
const TIME = 'msdicom-expiry-time-milliseconds';

/**
 * After how many milliseconds the studies of a Store request are to go. Only the hosted service
 * has it; the texts are ours. [reference 1.7]
 *
 * @throws {ServiceError} 400 when one header is wrong or lacks the other.
 */
export function expiryOf({ request, profile }: Exchange): number | undefined {
  const { [OPTION]: option, [TIME]: time } = request.headers;
  if (profile !== 'hosted' || (option === undefined && time === undefined)) return undefined;
  if (String(option).toLowerCase() !== 'relativetonow') {
    throw badRequest(`The header '${OPTION}' must be 'RelativeToNow'.`);
  }
  const milliseconds = Number(time);
  if (!/^\d+$/.test(String(time)) || milliseconds < 1 || !Number.isSafeInteger(milliseconds)) {
    throw badRequest(`The header '${TIME}' must be an integer greater than 0.`);
  }
  return milliseconds;
}

/** Sets when the studies go of which something was stored. */
export async function applyExpiry(
  { archive, partition }: Exchange,
  outcomes: readonly PartOutcome[],
  expiryMs: number | undefined
): Promise<void> {
  if (expiryMs === undefined) return;
  const studies = new Set(
    outcomes
      .filter(outcome => outcome.failureReason === undefined)
      .map(outcome => outcome.instance?.studyInstanceUID ?? '')
  );
  const at = archive.now() + expiryMs;
  for (const study of studies) await archive.expiry.set(partition.name, study, at);
}
