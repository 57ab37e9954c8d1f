import { sleep, type Clock } from '@ohif-azure/core';
import type { Measurement, Services } from '../ohif.ts';
import { keyOf } from '../report/measurementKey.ts';
import { annotationsOf, isContourOfSegment } from './annotations.ts';
import type { Draft } from './draft.ts';
import type { Drafts } from './Drafts.ts';

/** What of a draft depends on the archive and the account. */
export type DraftDescription = Omit<Draft, 'id' | 'kind' | 'measurements' | 'annotations'>;

/**
 * Describes a draft of these measurements; undefined where none is to be kept. It takes the measurements in the same
 * turn: they may be gone in the next.
 */
export type DescribeDraft = (
  studyInstanceUID: string,
  measurements: readonly Measurement[]
) => Promise<DraftDescription | undefined>;

export interface MeasurementDraftsParts {
  drafts: Pick<Drafts, 'keep' | 'forget' | 'release'>;
  /** Whether a measurement is in a report, stored or on its way. */
  isInReport(key: string): boolean;
  /** A measurement was drawn from a stored report: it is in that report until it is changed. */
  onLoaded(key: string): void;
  clock: Clock;
}

/** How long measuring must rest before it is written down. */
const QUIET_MS = 700;

const CHANGES = [
  'MEASUREMENT_ADDED',
  'RAW_MEASUREMENT_ADDED',
  'MEASUREMENT_UPDATED',
  'MEASUREMENT_REMOVED',
  'MEASUREMENTS_CLEARED',
];

/**
 * Keeps measurements that are in no report as a draft, one for each study, while they are made: a reload, a crash or
 * another study does not lose them.
 */
export class MeasurementDrafts {
  readonly #parts: MeasurementDraftsParts;
  /** Draft of each study that is open here, and the keys of the measurements that it has. */
  readonly #kept = new Map<string, { id: string; keys: ReadonlySet<string> }>();
  #services: Pick<Services, 'measurementService'> | undefined;
  #describe: DescribeDraft = async () => undefined;
  #unsubscribe: (() => void)[] = [];
  #changes = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(parts: MeasurementDraftsParts) {
    this.#parts = parts;
  }

  /** Begins to watch; called when the viewer opens a study. */
  start(services: Pick<Services, 'measurementService'>, describe: DescribeDraft): void {
    this.#stopWatching();
    this.#services = services;
    this.#describe = describe;
    const { measurementService } = services;
    this.#unsubscribe = CHANGES.flatMap(name => {
      const event = measurementService.EVENTS[name];
      if (!event) return [];
      const subscription = measurementService.subscribe(event, ({ measurement }) => {
        const isLoaded = name === 'RAW_MEASUREMENT_ADDED' && measurement?.predecessorImageId;
        if (isLoaded) this.#parts.onLoaded(keyOf(measurement));
        void this.#changed();
      });
      return [() => subscription.unsubscribe()];
    });
  }

  /** The viewer is left, and its measurements are about to go: what is not written yet is written now. */
  async stop(): Promise<void> {
    this.#stopWatching();
    const written = this.flush();
    this.#services = undefined;
    await written;
    const ids = [...this.#kept.values()].map(({ id }) => id);
    this.#kept.clear();
    await this.#parts.drafts.release(...ids);
  }

  /** Writes down what is not written yet. Settles when it is on disk, or cannot be. */
  flush(): Promise<void> {
    this.#changes += 1;
    const services = this.#services;
    if (!services) return this.#work;
    // The measurements as they are in this turn.
    const byStudy = this.#unsavedByStudy(services);
    const described = [...byStudy].map(([study, measurements]) => ({
      study,
      measurements,
      annotations: annotationsOf(measurements),
      description: this.#isKept(study, measurements)
        ? undefined
        : this.#describe(study, measurements).catch(() => undefined),
    }));
    this.#work = this.#work.then(async () => {
      for (const { study, measurements, annotations, description } of described) {
        const rest = await description;
        if (rest) await this.#keep(study, measurements, { ...rest, annotations });
      }
      const gone = [...this.#kept].filter(([study]) => !byStudy.has(study));
      gone.forEach(([study]) => this.#kept.delete(study));
      await this.#parts.drafts.forget(...gone.map(([, { id }]) => id));
    });
    return this.#work;
  }

  /** Whether there are measurements that neither a report nor a draft has. */
  hasUnkept(): boolean {
    const measurements = this.#services ? measured(this.#services) : [];
    const drafts = [...this.#kept.values()];
    return measurements
      .map(keyOf)
      .some(key => !this.#parts.isInReport(key) && !drafts.some(({ keys }) => keys.has(key)));
  }

  /** A report takes the place of the study's draft. @returns the draft's id, if there is one */
  supersede(studyInstanceUID: string): string[] {
    const kept = this.#kept.get(studyInstanceUID);
    this.#kept.delete(studyInstanceUID);
    // What the report does not hold gets a draft of its own again.
    void this.#changed();
    return kept ? [kept.id] : [];
  }

  /** A draft of these measurements is there already: they were brought back from it. */
  adopt(studyInstanceUID: string, id: string): void {
    this.#kept.set(studyInstanceUID, { id, keys: new Set() });
    void this.#changed();
  }

  async #changed(): Promise<void> {
    this.#changes += 1;
    const change = this.#changes;
    await sleep(this.#parts.clock, QUIET_MS);
    if (change === this.#changes) await this.flush();
  }

  #isKept(study: string, measurements: readonly Measurement[]): boolean {
    const keys = this.#kept.get(study)?.keys;
    return keys?.size === measurements.length && measurements.every(each => keys.has(keyOf(each)));
  }

  async #keep(
    study: string,
    measurements: readonly Measurement[],
    rest: Omit<Draft, 'id' | 'kind' | 'measurements'>
  ): Promise<void> {
    const keys = measurements.map(keyOf);
    // Meanwhile a report may have taken them.
    if (keys.every(key => this.#parts.isInReport(key))) return;
    const id = this.#kept.get(study)?.id ?? crypto.randomUUID();
    const draft: Draft = { ...rest, id, kind: 'measurements', measurements: keys };
    if (await this.#parts.drafts.keep(draft)) this.#kept.set(study, { id, keys: new Set(keys) });
  }

  #unsavedByStudy({ measurementService }: Pick<Services, 'measurementService'>) {
    const byStudy = new Map<string, Measurement[]>();
    for (const measurement of measured({ measurementService })) {
      const study = measurement.referenceStudyUID;
      if (!study || this.#parts.isInReport(keyOf(measurement))) continue;
      byStudy.set(study, [...(byStudy.get(study) ?? []), measurement]);
    }
    return byStudy;
  }

  #stopWatching(): void {
    this.#unsubscribe.forEach(unsubscribe => unsubscribe());
    this.#unsubscribe = [];
  }
}

/** What somebody measured. */
function measured({ measurementService }: Pick<Services, 'measurementService'>): Measurement[] {
  return measurementService.getMeasurements().filter(each => !isContourOfSegment(each));
}
