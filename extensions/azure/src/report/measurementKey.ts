import type { Measurement } from '../ohif.ts';

/**
 * A measurement as it is now: another key once it is moved or given another label. (The viewer's own
 * `modifiedTimestamp` also changes when it merely draws the measurement again.)
 */
export function keyOf({ uid, points, label, finding }: Measurement): string {
  const rounded = JSON.stringify(points ?? [], (_key, value: unknown) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value
  );
  return [uid, rounded, label ?? '', finding?.CodeValue ?? ''].join('@');
}
