import type { Measurement } from '../ohif.ts';

/** The report these measurements came from, if they all came from one. */
export function predecessorOf(measurements: readonly Measurement[]): string | undefined {
  const ids = new Set(measurements.flatMap(({ predecessorImageId }) => predecessorImageId ?? []));
  return ids.size === 1 ? [...ids][0] : undefined;
}
