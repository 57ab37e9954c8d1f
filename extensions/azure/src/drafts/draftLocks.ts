/**
 * Which drafts are in use in some tab. A tab that dies lets go of its locks by itself, so what it had kept is
 * offered at once, and what is still being saved elsewhere is not.
 */
export interface DraftLocks {
  /** Takes it for this tab. @returns false when another tab has it */
  take(id: string): Promise<boolean>;
  release(id: string): void;
  /** Ids of the drafts that any tab has. */
  taken(): Promise<ReadonlySet<string>>;
}

const PREFIX = 'ohif-azure-draft:';

/** By Web Locks; where a browser has none, this tab's own. */
export function openDraftLocks(locks: LockManager | undefined = navigator.locks): DraftLocks {
  const held = new Map<string, () => void>();
  const isOurs = (id: string) => held.has(id);
  return {
    async take(id) {
      if (isOurs(id)) return true;
      // Reserved at once: a second call meanwhile must not ask for it again.
      held.set(id, () => undefined);
      if (!locks) return true;
      return new Promise(resolve => {
        void locks
          .request(PREFIX + id, { ifAvailable: true }, lock => {
            resolve(lock !== null);
            if (!lock) {
              held.delete(id);
              return undefined;
            }
            return new Promise<void>(release => held.set(id, release));
          })
          .catch(() => resolve(true));
      });
    },
    release(id) {
      held.get(id)?.();
      held.delete(id);
    },
    async taken() {
      const state = await locks?.query().catch(() => undefined);
      const names = (state?.held ?? []).flatMap(({ name }) =>
        name?.startsWith(PREFIX) ? name.slice(PREFIX.length) : []
      );
      return new Set([...names, ...held.keys()]);
    },
  };
}
