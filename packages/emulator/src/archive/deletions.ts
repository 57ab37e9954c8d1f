import type { Scope } from '../storage/instance-index.ts';
import type { StoredInstance } from '../storage/stored-instance.ts';
import { JsonFile } from './json-file.ts';

/** A removal of several files, which an end of the process must not leave half done. */
export interface Deletion {
  partitionName: string;
  scope: Scope;
  /** What was stored later stays. */
  lastWatermark: number;
}

/**
 * The removals under way, on the disk: those which an end of the process interrupted are completed
 * at the next start, as the service removes the rows of a study in one transaction.
 */
export class Deletions {
  readonly #file: JsonFile<Deletion[]>;
  readonly #begun = new Set<Deletion>();

  private constructor(path: string) {
    this.#file = new JsonFile(path);
  }

  static async open(path: string): Promise<Deletions> {
    const deletions = new Deletions(path);
    for (const one of (await deletions.#file.read()) ?? []) deletions.#begun.add(one);
    return deletions;
  }

  /** What was begun and not completed. */
  begun(): Deletion[] {
    return [...this.#begun];
  }

  /**
   * Writes down that instances are about to be removed; not for one file alone, which goes whole.
   * On a full disk they can be removed without.
   *
   * @returns to be called when they are removed.
   */
  async begin(
    partitionName: string,
    scope: Scope,
    instances: readonly StoredInstance[]
  ): Promise<() => void> {
    // Oldest first.
    const newest = instances.at(-1);
    if (!newest || (instances.length === 1 && !newest.original)) return () => undefined;
    const deletion = { partitionName, scope, lastWatermark: newest.watermark };
    this.#begun.add(deletion);
    await this.#save();
    return () => {
      this.#begun.delete(deletion);
      void this.#save();
    };
  }

  /** All of them are completed. */
  async forgetAll(): Promise<void> {
    if (this.#begun.size === 0) return;
    this.#begun.clear();
    await this.#save();
  }

  settle(): Promise<void> {
    return this.#file.settle();
  }

  #save(): Promise<void> {
    return this.#file.write([...this.#begun]).catch(() => undefined);
  }
}
