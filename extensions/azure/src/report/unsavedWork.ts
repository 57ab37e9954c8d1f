import type { Measurement, Services } from '../ohif.ts';

/** A measurement as it is now: another key once it is changed. */
export function keyOf({ uid, modifiedTimestamp }: Measurement): string {
  return `${uid}@${modifiedTimestamp ?? ''}`;
}

/**
 * Whether leaving the page would lose something.
 *
 * @param saved - keys of the measurements that are in a stored report
 */
export function hasUnsavedWork(
  { measurementService }: Pick<Services, 'measurementService'>,
  saved: ReadonlySet<string>
): boolean {
  return measurementService.getMeasurements().some(measurement => !saved.has(keyOf(measurement)));
}
