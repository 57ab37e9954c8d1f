import { stringOf, type DicomJson } from '@ohif-azure/dicomweb';

/** Instances by Series Instance UID. */
export type StudySeries = ReadonlyMap<string, DicomJson[]>;

/** What a study has become since it was read before. */
export interface StudyChanges {
  /** Series with instances that are new. */
  added: string[];
  /** Instances are gone, or have other attributes. */
  isOther: boolean;
}

/**
 * Notes what an instance is like as it comes: later it is in the hands of the viewer, which may write into it. A number for each, as
 * two texts of each would be tens of megabytes.
 */
export class Fingerprints {
  readonly #known = new WeakMap<DicomJson, number>();

  note(instance: DicomJson): void {
    this.#known.set(instance, fnv1a(JSON.stringify(instance)));
  }

  /** What became of the study. */
  changes(now: StudySeries, before: StudySeries): StudyChanges {
    const known = new Map<string, number | undefined>();
    for (const instances of before.values()) {
      for (const each of instances) known.set(keyOf(each), this.#known.get(each));
    }
    const added: string[] = [];
    let isOther = false;
    let found = 0;
    for (const [seriesInstanceUID, instances] of now) {
      let isMore = false;
      for (const each of instances) {
        const key = keyOf(each);
        if (!known.has(key)) isMore = true;
        else {
          found += 1;
          isOther ||= known.get(key) !== this.#known.get(each);
        }
      }
      if (isMore) added.push(seriesInstanceUID);
    }
    return { added, isOther: isOther || found < known.size };
  }
}

const keyOf = (instance: DicomJson): string =>
  `${stringOf(instance, 'SeriesInstanceUID')}/${stringOf(instance, 'SOPInstanceUID')}`;

/** Fowler, Noll and Vo's hash of 32 bits. It only has to tell two states of one instance apart; nobody gains by a collision. */
function fnv1a(value: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < value.length; at += 1) {
    hash = Math.imul(hash ^ value.charCodeAt(at), 0x01000193);
  }
  return hash;
}
