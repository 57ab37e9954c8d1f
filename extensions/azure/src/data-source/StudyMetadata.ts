import type { Clock } from '@ohif-azure/core';
import {
  heal,
  isHealable,
  seriesPages,
  streamMetadata,
  stringOf,
  type DicomJson,
  type DicomwebClient,
} from '@ohif-azure/dicomweb';
import { Fingerprints, type StudySeries } from './studyChanges.ts';
import type { Unread } from './unread.ts';

/** What the viewer asks of each series before it reads its instances. */
const SERIES_FIELDS = [
  'SeriesDescription',
  'SeriesDate',
  'SeriesTime',
  'SeriesNumber',
  'NumberOfSeriesRelatedInstances',
] as const;

/** Tags of the series level, as the viewer sorts and shows them. */
const SERIES_TAGS = '00080005 00080021 00080031 00080060 0008103E 0020000D 0020000E 00200011'.split(
  ' '
);

/** Larger studies are read series by series: the first image must not wait for the last instance. */
const MAX_WHOLE = 1_000;
/** What was read ahead is used within this time, in milliseconds; later it is read again, as it may have changed. */
const AHEAD_MS = 30_000;
/** What was read when a study was opened before is shown again so long, in milliseconds, until it is read anew. */
const REMEMBERED_MS = 600_000;
/** Studies whose metadata are kept: one is tens of megabytes. */
const MAX_STUDIES = 4;

/** How long what fails is tried again, in milliseconds; nothing is said until then. */
const HEAL_MS = 10_000;

/** One reading of a study. */
interface Reading {
  readonly startedMs: number;
  /** Somebody waits for it, or had it. */
  isOpened: boolean;
  /** The reading of the whole goes on. */
  isUnderway: boolean;
  /** It failed; who opens the study now may have more luck. */
  isFailed: boolean;
  /** By series; undefined when the study is read series by series. */
  whole: Promise<StudySeries> | undefined;
  /** What an opening before had; shown until the whole is there. */
  remembered: StudySeries | undefined;
  /** Ends the reading of the whole. */
  readonly stop: AbortController;
  list: Promise<DicomJson[]> | undefined;
  readonly series: Map<string, Promise<DicomJson[]>>;
  /** Series that could not be read. */
  readonly unread: Set<string>;
}

interface SeriesUIDs {
  studyInstanceUID: string;
  seriesInstanceUID?: string;
}

export interface StudyMetadataParts {
  /** Its transport should stream. */
  client: DicomwebClient;
  clock: Clock;
  /** Told of the instances of each series as soon as they are there. */
  onSeries(instances: DicomJson[]): void;
  /** Told once a study was read whole. */
  onStudy(series: StudySeries): void;
  /** Told of series with instances that were added since the study was opened before, which is how it is shown. */
  onAdded?(studyInstanceUID: string, seriesInstanceUIDs: string[]): void;
  /** Told of a study that has lost instances since it was read before, or has other attributes: the viewer keeps what it was told. */
  onChanged?(studyInstanceUID: string): void;
  /** Told of a study that is opened, and cannot be read, or a series of it. */
  onUnread?(unread: Unread): void;
}

/**
 * The metadata of studies: one request for a study where the stock source makes one for the series and then one for
 * each, and begun as soon as something hints that the study is going to be opened.
 */
export class StudyMetadata {
  readonly #parts: StudyMetadataParts;
  readonly #readings = new Map<string, Reading>();
  readonly #counts = new Map<string, number>();
  readonly #remembered = new Map<string, { series: StudySeries; atMs: number }>();
  readonly #fingerprints = new Fingerprints();

  constructor(parts: StudyMetadataParts) {
    this.#parts = parts;
  }

  /** The study is likely to be opened. */
  ahead(studyInstanceUID: string): void {
    const reading = this.#readings.get(studyInstanceUID);
    if (!reading || this.#isStale(reading)) this.#begin(studyInstanceUID);
  }

  /** How many instances a study has, as a search told. */
  learn(studyInstanceUID: string, instances: number): void {
    this.#counts.set(studyInstanceUID, instances);
    const reading = this.#readings.get(studyInstanceUID);
    if (reading?.isUnderway && instances > MAX_WHOLE) this.#readBySeries(reading);
  }

  /**
   * The study is opened: what follows reads what the archive has now. A study that was opened before is shown as it was
   * then, and what was added since is told as soon as it is known.
   */
  open(studyInstanceUID: string): void {
    this.ahead(studyInstanceUID);
    const reading = this.#readings.get(studyInstanceUID);
    if (!reading) return;
    const { series, atMs } = this.#remembered.get(studyInstanceUID) ?? {};
    const isFresh = atMs !== undefined && this.#parts.clock.now() - atMs < REMEMBERED_MS;
    if (series && isFresh && reading.isUnderway && !reading.isOpened) {
      reading.remembered = series;
      this.#tell(series);
    }
    reading.isOpened = true;
  }

  /** The next opening reads anew. */
  forget(studyInstanceUID: string): void {
    const reading = this.#readings.get(studyInstanceUID);
    // Who opens the study just now gets it.
    if (!reading?.isOpened) reading?.stop.abort();
    this.#readings.delete(studyInstanceUID);
    // Not shown again; kept to tell what became of it.
    const known = this.#remembered.get(studyInstanceUID);
    if (known) known.atMs = Number.NEGATIVE_INFINITY;
  }

  /**
   * The series of a study, as a search for series answers.
   * @param seriesInstanceUID - that series alone, asked of the archive at once: it may be new.
   */
  async seriesOf(studyInstanceUID: string, seriesInstanceUID?: string): Promise<DicomJson[]> {
    if (seriesInstanceUID) return this.#search(studyInstanceUID, seriesInstanceUID);
    const reading = this.#readings.get(studyInstanceUID) ?? this.#begin(studyInstanceUID);
    reading.isOpened = true;
    try {
      const whole = await this.#wholeOf(reading);
      if (whole) return [...whole.values()].map(summary);
      return await (reading.list ??= this.#search(studyInstanceUID));
    } catch (error) {
      reading.list = undefined;
      this.#parts.onUnread?.({ studyInstanceUID, what: 'study', error });
      throw error;
    }
  }

  /** The metadata of a series' instances. */
  async instancesOf(studyInstanceUID: string, seriesInstanceUID: string): Promise<DicomJson[]> {
    const reading = this.#readings.get(studyInstanceUID);
    if (reading) reading.isOpened = true;
    const whole = reading && (await this.#wholeOf(reading));
    const known = whole?.get(seriesInstanceUID);
    if (known) return known;
    const underway = reading?.series.get(seriesInstanceUID);
    if (underway) return underway;
    const read = this.#retrieve({ studyInstanceUID, seriesInstanceUID });
    reading?.series.set(seriesInstanceUID, read);
    try {
      const instances = await read;
      this.#parts.onSeries(instances);
      return instances;
    } catch (error) {
      reading?.series.delete(seriesInstanceUID);
      reading?.unread.add(seriesInstanceUID);
      const list = await reading?.list?.catch(() => undefined);
      const what = list && list.length === reading?.unread.size ? 'study' : 'series';
      this.#parts.onUnread?.({ studyInstanceUID, what, error });
      throw error;
    }
  }

  /** What goes on is never begun anew: somebody may wait for it. */
  #isStale({ startedMs, isOpened, isUnderway, isFailed }: Reading): boolean {
    const isOld = this.#parts.clock.now() - startedMs > AHEAD_MS;
    return !isUnderway && (isOpened || isFailed || isOld);
  }

  #begin(studyInstanceUID: string): Reading {
    const stop = new AbortController();
    const reading: Reading = {
      startedMs: this.#parts.clock.now(),
      isOpened: false,
      isUnderway: false,
      isFailed: false,
      whole: undefined,
      remembered: undefined,
      stop,
      list: undefined,
      series: new Map(),
      unread: new Set(),
    };
    this.#readings.delete(studyInstanceUID);
    this.#readings.set(studyInstanceUID, reading);
    this.#keepFew();
    if ((this.#counts.get(studyInstanceUID) ?? 0) <= MAX_WHOLE) {
      reading.isUnderway = true;
      reading.whole = this.#readWhole(studyInstanceUID, reading);
      // Told to whoever opens the study; until then nobody listens.
      reading.whole.then(
        series => this.#remember(studyInstanceUID, reading, series),
        (error: unknown) => this.#tellChecked(studyInstanceUID, reading, error)
      );
    }
    return reading;
  }

  /** Forgets the studies that were begun first. Who asks for more of their series gets them one by one. */
  #keepFew(): void {
    for (const [studyInstanceUID, { isUnderway }] of this.#readings) {
      if (this.#readings.size <= MAX_STUDIES) return;
      if (!isUnderway) this.#readings.delete(studyInstanceUID);
    }
  }

  #tell(series: StudySeries): void {
    for (const instances of series.values()) this.#parts.onSeries(instances);
    this.#parts.onStudy(series);
  }

  #remember(studyInstanceUID: string, reading: Reading, series: StudySeries): void {
    const isShownAsBefore = reading.remembered !== undefined;
    reading.remembered = undefined;
    const before = this.#remembered.get(studyInstanceUID);
    this.#remembered.delete(studyInstanceUID);
    this.#remembered.set(studyInstanceUID, { series, atMs: this.#parts.clock.now() });
    const [oldest] = this.#remembered.keys();
    if (oldest && this.#remembered.size > MAX_STUDIES) this.#remembered.delete(oldest);
    if (!before) return;
    const { added, isOther } = this.#fingerprints.changes(series, before.series);
    if (isShownAsBefore && added.length > 0) this.#parts.onAdded?.(studyInstanceUID, added);
    if (isOther) this.#parts.onChanged?.(studyInstanceUID);
  }

  /** It is shown as it was; that it may be another by now must be said. */
  #tellChecked(studyInstanceUID: string, { remembered, stop }: Reading, error: unknown): void {
    if (!remembered || stop.signal.aborted) return;
    this.#parts.onUnread?.({ studyInstanceUID, what: 'news', error });
  }

  async #readWhole(studyInstanceUID: string, reading: Reading): Promise<StudySeries> {
    // Not tried again: what is lost on the way is read series by series.
    const instances = await this.#read({ studyInstanceUID }, reading.stop.signal)
      .catch((error: unknown) => {
        reading.isFailed = true;
        throw error;
      })
      .finally(() => {
        reading.isUnderway = false;
      });
    const series = new Map<string, DicomJson[]>();
    for (const instance of instances) {
      const uid = stringOf(instance, 'SeriesInstanceUID') ?? '';
      const known = series.get(uid);
      if (known) known.push(instance);
      else series.set(uid, [instance]);
    }
    this.#tell(series);
    return series;
  }

  /** Undefined: it is to be read series by series. */
  async #wholeOf(reading: Reading): Promise<StudySeries | undefined> {
    if (reading.remembered) return reading.remembered;
    const { whole } = reading;
    if (!whole) return undefined;
    try {
      return await whole;
    } catch (error) {
      const isLost = isHealable(error);
      if (reading.whole && !isLost) throw error;
      reading.whole = undefined;
      return undefined;
    }
  }

  #readBySeries(reading: Reading): void {
    reading.whole = undefined;
    reading.isUnderway = false;
    reading.stop.abort();
  }

  #retrieve(uids: Required<SeriesUIDs>): Promise<DicomJson[]> {
    const policy = { clock: this.#parts.clock, random: Math.random, healMs: HEAL_MS };
    return heal(() => this.#read(uids), policy);
  }

  async #read(uids: SeriesUIDs, signal?: AbortSignal): Promise<DicomJson[]> {
    const instances: DicomJson[] = [];
    for await (const instance of streamMetadata(this.#parts.client, uids, { signal })) {
      this.#fingerprints.note(instance);
      instances.push(instance);
    }
    return instances;
  }

  async #search(studyInstanceUID: string, seriesInstanceUID?: string): Promise<DicomJson[]> {
    const found: DicomJson[] = [];
    const filters: Record<string, string> = seriesInstanceUID
      ? { SeriesInstanceUID: seriesInstanceUID }
      : {};
    for await (const page of seriesPages(this.#parts.client, {
      studyInstanceUID,
      filters,
      includefield: SERIES_FIELDS,
    })) {
      found.push(...page);
    }
    return found;
  }
}

function summary(instances: readonly DicomJson[]): DicomJson {
  const [first = {}] = instances;
  return Object.fromEntries([
    ...SERIES_TAGS.flatMap(tag => (first[tag] ? [[tag, first[tag]] as const] : [])),
    ['00201209', { vr: 'IS', Value: [instances.length] }],
  ]);
}
