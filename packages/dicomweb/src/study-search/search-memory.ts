import { systemClock } from '@ohif-azure/core';
import type { Clock } from '@ohif-azure/core';

/** What searches found, for a short time, so that sorting or one more letter in a filter does not read the archive again. */
export interface SearchMemory {
  /** What `load` gave for `key` a short time ago, or gives now. A failure is not remembered. */
  recall<Found>(key: string, load: () => Promise<Found>): Promise<Found>;
  /** Forgets everything, as something was stored, or somebody else signed in. */
  clear(): void;
}

/** How long a search is remembered, in milliseconds. */
export const SEARCH_MEMORY_MS = 30_000;
/** Searches that are remembered at most; each may hold as many studies as the bound allows. */
const MAX_SEARCHES = 6;

/** A memory of searches. It holds patient data: in memory only, never longer than the page lives. */
export function createSearchMemory(
  clock: Pick<Clock, 'now'> = systemClock,
  lifeMs: number = SEARCH_MEMORY_MS
): SearchMemory {
  const entries = new Map<string, { found: Promise<unknown>; until: number }>();
  return {
    recall<Found>(key: string, load: () => Promise<Found>) {
      const now = clock.now();
      for (const [each, { until }] of entries) if (until <= now) entries.delete(each);
      const known = entries.get(key);
      if (known) return known.found as Promise<Found>;
      const found = load();
      const entry = { found, until: Infinity };
      entries.set(key, entry);
      found.then(
        () => (entry.until = clock.now() + lifeMs),
        () => entries.get(key) === entry && entries.delete(key)
      );
      const [oldest] = entries.keys();
      if (entries.size > MAX_SEARCHES && oldest !== undefined) entries.delete(oldest);
      return found;
    },
    clear: () => entries.clear(),
  };
}
