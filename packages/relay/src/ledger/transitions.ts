import type { Entry, Feed, SeenInstance, Selection, Transition } from './ledger.ts';

/**
 * A new entry, for an instance that came in. A de-identified copy of what it was before is not taken over: it may be of another content, and is removed
 * with the leftovers of its study.
 */
export function seenEntry({ id, study, seq }: SeenInstance, epoch: number, now: number): Entry {
  return { id, study, state: 'waiting', seq, epoch, seenAt: now, at: now, attempts: 0 };
}

/**
 * What a change of the feed makes of an entry; undefined: nothing new. The same change read twice (after a crash, by two relays) is nothing new; one
 * with a higher number is: the instance was deleted and came again, perhaps with another content.
 */
export function seenAgain(
  before: Entry | undefined,
  seen: SeenInstance,
  { epoch }: Feed,
  now: number
): Entry | undefined {
  if (!before) return seenEntry(seen, epoch, now);
  if (before.epoch === epoch && before.seq >= seen.seq) return undefined;
  return seenEntry(seen, epoch, now);
}

/** The entry after a transition; undefined for one that is not waiting any more: what was decided meanwhile stays. */
export function afterTransition(before: Entry, change: Transition, now: number): Entry | undefined {
  const { id, study, seq, epoch, seenAt, attempts, copy } = before;
  if (change.to === 'copied') return { ...before, copy: change.copy };
  // A fact is recorded whoever has decided otherwise meanwhile.
  if (change.to !== 'sent' && before.state !== 'waiting') return undefined;
  const common = {
    id,
    study,
    seq,
    epoch,
    seenAt,
    at: now,
    ...(copy === undefined ? {} : { copy }),
  };
  switch (change.to) {
    case 'sent': {
      const { server, bytes } = change;
      return { ...common, state: 'sent', attempts, server, bytes };
    }
    case 'waiting': {
      const { reason, retryInMs, counts, server, sopInstanceUID } = change;
      const retry = { retryAt: now + retryInMs, attempts: attempts + (counts ? 1 : 0) };
      return { ...common, state: 'waiting', ...retry, reason, server, sopInstanceUID };
    }
    case 'dead': {
      const { reason, server, sopInstanceUID } = change;
      return { ...common, state: 'dead', attempts: attempts + 1, reason, server, sopInstanceUID };
    }
    default:
      return { ...common, state: change.to, attempts, reason: change.reason };
  }
}

/** The entry that an operator wants sent again. */
export function retried(before: Entry, now: number): Entry {
  const { retryAt: _, reason, ...kept } = before;
  // A held one goes by the same rules again; the reason tells them that it was released.
  const isReleased = before.state === 'held' && reason !== undefined;
  return {
    ...kept,
    state: 'waiting',
    at: now,
    attempts: 0,
    ...(isReleased ? { reason: { ...reason, code: 'released' } } : {}),
  };
}

/** The entry that an operator has given up. */
export function dropped(before: Entry, now: number): Entry {
  const { retryAt: _, ...kept } = before;
  return { ...kept, state: 'dropped', at: now };
}

/** Whether an operator means this entry. */
export function isSelected(entry: Entry, { state, ids, study }: Selection): boolean {
  return (
    entry.state === state &&
    (study === undefined || entry.study === study) &&
    (ids === undefined || ids.includes(entry.id))
  );
}
