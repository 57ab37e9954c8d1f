import { checkPart } from './store-part.ts';
import type { CheckedPart, PartOutcome, StoreRules, StoreTarget } from './store-part.ts';

/** Parts which wait for the disk together: it makes several files durable in the time of one. */
const PARTS_AT_ONCE = 16;

/**
 * Validates temporary files in their order and keeps them as instances, several at a time; of the
 * same instance twice the first one is kept. [reference 1.5]
 *
 * @returns an outcome for each, in their order.
 */
export async function storeParts(
  target: StoreTarget,
  temporaryPaths: readonly string[],
  rules: StoreRules
): Promise<PartOutcome[]> {
  const running = new Map<string, Promise<PartOutcome>>();
  const keepInTurn = ({ key, keep }: CheckedPart): Promise<PartOutcome> => {
    const earlier = running.get(key);
    const own = (earlier ? earlier.then(keep) : keep()).finally(() => {
      if (running.get(key) === own) running.delete(key);
    });
    running.set(key, own);
    return own;
  };
  const outcomes: (PartOutcome | Promise<PartOutcome>)[] = [];
  try {
    for (const path of temporaryPaths) {
      while (running.size >= PARTS_AT_ONCE) await Promise.race(running.values());
      const checked = await checkPart(target, path, rules);
      outcomes.push('keep' in checked ? keepInTurn(checked) : checked);
    }
    return await Promise.all(outcomes);
  } finally {
    // The temporary files are removed next: nothing may be using one.
    await Promise.allSettled(outcomes);
  }
}
