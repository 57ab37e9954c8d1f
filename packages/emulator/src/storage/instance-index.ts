import type { InstanceIdentifier, StoredInstance } from './stored-instance.ts';

type Series = Map<string, StoredInstance>;
type Study = Map<string, Series>;

/** A study, a series or an instance: what is named is matched. */
export interface Scope {
  studyInstanceUID: string;
  seriesInstanceUID?: string;
  sopInstanceUID?: string;
}

/** The instances by study and series, in memory. UIDs are given without padding. */
export class InstanceIndex {
  readonly #studies = new Map<string, Study>();
  #count = 0;

  /** How many instances there are. */
  get count(): number {
    return this.#count;
  }

  has({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: InstanceIdentifier): boolean {
    return !!this.#studies.get(studyInstanceUID)?.get(seriesInstanceUID)?.has(sopInstanceUID);
  }

  add(instance: StoredInstance): void {
    const study = getOrAdd(this.#studies, instance.studyInstanceUID);
    const series = getOrAdd(study, instance.seriesInstanceUID);
    if (!series.has(instance.sopInstanceUID)) this.#count += 1;
    series.set(instance.sopInstanceUID, instance);
  }

  remove({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: InstanceIdentifier): void {
    const study = this.#studies.get(studyInstanceUID);
    const series = study?.get(seriesInstanceUID);
    if (!study || !series?.delete(sopInstanceUID)) return;
    this.#count -= 1;
    if (series.size === 0) study.delete(seriesInstanceUID);
    if (study.size === 0) this.#studies.delete(studyInstanceUID);
  }

  /** The instances of a scope, oldest first; none when it is unknown. */
  find(scope: Scope): StoredInstance[] {
    const study = this.#studies.get(scope.studyInstanceUID);
    if (!study) return [];
    const seriesList =
      scope.seriesInstanceUID === undefined
        ? [...study.values()]
        : [study.get(scope.seriesInstanceUID) ?? new Map<string, StoredInstance>()];
    return seriesList
      .flatMap(series => [...series.values()])
      .filter(
        one => scope.sopInstanceUID === undefined || one.sopInstanceUID === scope.sopInstanceUID
      )
      .sort((a, b) => a.watermark - b.watermark);
  }

  /** The UIDs of all studies. */
  studyInstanceUIDs(): string[] {
    return [...this.#studies.keys()];
  }
}

function getOrAdd<K, V extends Map<unknown, unknown>>(map: Map<K, V>, key: K): V {
  const present = map.get(key);
  if (present) return present;
  const added = new Map() as unknown as V;
  map.set(key, added);
  return added;
}
