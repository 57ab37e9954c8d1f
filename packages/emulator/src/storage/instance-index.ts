import type { InstanceIdentifier, StoredInstance } from './stored-instance.ts';

/** A study, a series or an instance: what is named is matched. */
export interface Scope {
  studyInstanceUID: string;
  seriesInstanceUID?: string;
  sopInstanceUID?: string;
}

/** Instances by UID, and the same in order of their watermarks, worked out when it is asked for. */
interface Series {
  instances: Map<string, StoredInstance>;
  inOrder?: readonly StoredInstance[];
}

interface Study {
  series: Map<string, Series>;
  inOrder?: readonly StoredInstance[];
}

const NONE: readonly StoredInstance[] = [];

/** The instances by study and series, in memory. UIDs are given without padding. */
export class InstanceIndex {
  readonly #studies = new Map<string, Study>();
  #count = 0;

  /** How many instances there are. */
  get count(): number {
    return this.#count;
  }

  has(identifier: InstanceIdentifier): boolean {
    return this.get(identifier) !== undefined;
  }

  /** One instance. */
  get(identifier: InstanceIdentifier): StoredInstance | undefined {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = identifier;
    const series = this.#studies.get(studyInstanceUID)?.series.get(seriesInstanceUID);
    return series?.instances.get(sopInstanceUID);
  }

  /** Adds an instance, or puts it in the place of the one with its UIDs. */
  add(instance: StoredInstance): void {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
    let study = this.#studies.get(studyInstanceUID);
    if (!study) this.#studies.set(studyInstanceUID, (study = { series: new Map() }));
    let series = study.series.get(seriesInstanceUID);
    if (!series) study.series.set(seriesInstanceUID, (series = { instances: new Map() }));
    if (!series.instances.has(sopInstanceUID)) this.#count += 1;
    series.instances.set(sopInstanceUID, instance);
    series.inOrder = study.inOrder = undefined;
  }

  remove({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: InstanceIdentifier): void {
    const study = this.#studies.get(studyInstanceUID);
    const series = study?.series.get(seriesInstanceUID);
    if (!study || !series?.instances.delete(sopInstanceUID)) return;
    this.#count -= 1;
    series.inOrder = study.inOrder = undefined;
    if (series.instances.size === 0) study.series.delete(seriesInstanceUID);
    if (study.series.size === 0) this.#studies.delete(studyInstanceUID);
  }

  /**
   * The instances of a scope, oldest first; none when it is unknown. For a study or a series the
   * same array comes back until something in it changes, so that what is worked out from it can be
   * kept beside it.
   */
  find(scope: Scope): readonly StoredInstance[] {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = scope;
    const study = this.#studies.get(studyInstanceUID);
    if (!study) return NONE;
    if (seriesInstanceUID === undefined) {
      const all = () => [...study.series.values()].flatMap(one => [...one.instances.values()]);
      const inOrder = (study.inOrder ??= oldestFirst(all()));
      return sopInstanceUID === undefined
        ? inOrder
        : inOrder.filter(one => one.sopInstanceUID === sopInstanceUID);
    }
    const series = study.series.get(seriesInstanceUID);
    if (!series) return NONE;
    if (sopInstanceUID === undefined) {
      return (series.inOrder ??= oldestFirst([...series.instances.values()]));
    }
    const instance = series.instances.get(sopInstanceUID);
    return instance ? [instance] : NONE;
  }

  /** Puts each study and series in order now, rather than during the first search. */
  putInOrder(): void {
    for (const [studyInstanceUID, { series }] of this.#studies) {
      this.find({ studyInstanceUID });
      for (const seriesInstanceUID of series.keys()) {
        this.find({ studyInstanceUID, seriesInstanceUID });
      }
    }
  }

  /** The UIDs of all studies. */
  studyInstanceUIDs(): string[] {
    return [...this.#studies.keys()];
  }

  /** The UIDs of a study's series. */
  seriesInstanceUIDs(studyInstanceUID: string): string[] {
    return [...(this.#studies.get(studyInstanceUID)?.series.keys() ?? [])];
  }

  /** All instances, study by study, in no order within one. */
  *all(): Generator<StoredInstance> {
    for (const study of this.#studies.values()) {
      for (const series of study.series.values()) yield* series.instances.values();
    }
  }
}

function oldestFirst(instances: StoredInstance[]): readonly StoredInstance[] {
  return instances.sort((a, b) => a.watermark - b.watermark);
}
