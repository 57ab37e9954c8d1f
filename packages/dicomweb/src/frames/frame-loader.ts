import { sleep, systemClock, type Clock } from '@ohif-azure/core';
import { withRetryPolicy } from '../client-context.ts';
import type { DicomwebClient } from '../client.ts';
import { RetrieveError } from '../errors.ts';
import { Pace, type YieldToTasks } from '../pace.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import { FrameQueue } from './frame-queue.ts';
import { HeldFrames } from './held-frames.ts';
import { SeriesState, type SeriesOutline } from './series-state.ts';
import { streamSeries } from './stream-series.ts';
import { frameKey, seriesKey, type FrameResource, type StoredFrame } from './stored-frame.ts';
import { type Urgency, Wanted } from './wanted.ts';

/** Options of {@link createFrameLoader}. */
export interface FrameLoaderOptions {
  /** Its transport should stream; the access token is chosen by its authorization source, request by request. */
  readonly client: DicomwebClient;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** For the jitter of the back-off: 0 to below 1. Default: Math.random. */
  readonly random?: () => number;
  /** Compressed frames kept in memory, in bytes; default {@link DEFAULT_HELD_BYTES}. */
  readonly maxHeldBytes?: number;
  /** A series of more bytes (without compression) is read frame by frame, as they are asked for; default {@link DEFAULT_STREAM_BYTES}. */
  readonly maxStreamBytes?: number;
  /** How long what failed is tried again, in milliseconds; default 10,000. */
  readonly healMs?: number;
  /** A stream that brings nothing for so long is helped by single requests, in milliseconds; default 4,000. */
  readonly stallMs?: number;
  /** Called during long work; default: by a message. */
  readonly yieldToTasks?: YieldToTasks;
}

export const DEFAULT_HELD_BYTES = 256 * 1024 * 1024;
export const DEFAULT_STREAM_BYTES = 768 * 1024 * 1024;
const DEFAULT_HEAL_MS = 10_000;
const DEFAULT_STALL_MS = 4_000;
/** Fewer frames than this are quicker one by one. */
const MIN_STREAMED_FRAMES = 4;
/** Series that are streamed at the same time. */
const MAX_STREAMS = 3;
/** As many frames of a series that is streamed are fetched besides: the stream's order is the archive's. */
const BESIDE_STREAM = 6;
/** What is read of a series before anybody asks for it, in bytes: the viewer is starting, and must not be kept from it. */
const UNASKED_BYTES = 16 * 1024 * 1024;
/** So many frames at once are worth a second stream of a series that was streamed before, if at least half of it is not held. */
const WORTH_ANOTHER_STREAM = 12;
/** Instances that are larger are not streamed: one is in memory whole before its first frame is there. */
const MAX_INSTANCE_BYTES = 64 * 1024 * 1024;

/** Gets frames, each as soon as it can be had. */
export interface FrameLoader {
  /** Makes a series known, so that it can be streamed. */
  expect(outline: SeriesOutline): void;
  /** Begins to stream a series that was made known, since its frames are going to be asked for. */
  begin(series: Pick<SeriesOutline, 'studyInstanceUID' | 'seriesInstanceUID'>): void;
  /**
   * One frame.
   * @throws {RetrieveError} after what heals was given its time; AbortError after `stop`; what the authorization source throws.
   */
  load(resource: FrameResource, urgency: Urgency): Promise<StoredFrame>;
  /** Somebody looks at this frame now. */
  hurry(resource: Pick<FrameResource, 'sopInstanceUID' | 'frame'>): void;
  /** Ends all requests; frames that were used are kept. */
  stop(): void;
  /** Ends all requests and forgets all frames. */
  forget(): void;
}

/**
 * Makes a loader for the frames of one archive. A series is read by one streamed request (a request for each frame would take a round trip
 * for each), and whatever somebody looks at, or the stream does not bring, by a request of its own.
 * @see PS3.18 10.4; Azure DICOM service conformance statement v2, Retrieve series, Retrieve frames
 */
export function createFrameLoader(options: FrameLoaderOptions): FrameLoader {
  return new Loader(options);
}

class Loader implements FrameLoader {
  readonly #client: DicomwebClient;
  readonly #clock: Clock;
  readonly #maxStreamBytes: number;
  readonly #stallMs: number;
  readonly #held: HeldFrames;
  readonly #queue: FrameQueue;
  readonly #series = new Map<string, SeriesState>();
  readonly #wanted = new Map<string, Wanted>();
  readonly #pace: Pace;

  constructor(options: FrameLoaderOptions) {
    this.#client = options.client;
    this.#clock = options.clock ?? systemClock;
    this.#maxStreamBytes = options.maxStreamBytes ?? DEFAULT_STREAM_BYTES;
    this.#stallMs = options.stallMs ?? DEFAULT_STALL_MS;
    this.#held = new HeldFrames(options.maxHeldBytes ?? DEFAULT_HELD_BYTES);
    this.#pace = new Pace(options.yieldToTasks);
    this.#queue = new FrameQueue({
      // Throttled requests are healed here, within the time that there is for it.
      client: withRetryPolicy(options.client, { maxRetries: 0 }),
      healing: {
        clock: this.#clock,
        random: options.random ?? Math.random,
        healMs: options.healMs ?? DEFAULT_HEAL_MS,
        pace: this.#pace,
      },
      onFrame: (wanted, stored) => this.#arrived(wanted.resource, wanted.resource.frame, stored),
      onFailure: (wanted, error) => this.#failed(wanted, error),
      onInstance: (uids, frames) =>
        frames.forEach((stored, index) => this.#arrived(uids, index + 1, stored)),
      streams: () => this.#streams(),
    });
  }

  expect(outline: SeriesOutline): void {
    this.#seriesOf(outline).outline = outline;
  }

  begin(uids: Pick<SeriesOutline, 'studyInstanceUID' | 'seriesInstanceUID'>): void {
    const series = this.#seriesOf(uids);
    if (!series.wasRead && this.#isStreamable(series)) this.#stream(series);
  }

  load(resource: FrameResource, urgency: Urgency): Promise<StoredFrame> {
    const key = frameKey(resource.sopInstanceUID, resource.frame);
    const held = this.#held.use(key);
    if (held) {
      if (urgency === 'soon') this.#seriesOf(resource).askAhead();
      return Promise.resolve(held);
    }
    const asked = this.#wanted.get(key);
    if (asked) {
      if (urgency === 'now') this.#hurry(asked);
      return asked.promise;
    }
    const series = this.#seriesOf(resource);
    const wanted = new Wanted(resource, urgency, series.outline?.frameBytes ?? 0);
    this.#wanted.set(key, wanted);
    series.wanted.set(key, wanted);
    if (urgency === 'soon') series.askAhead();
    if (urgency !== 'preview' && this.#isWorthStream(series)) this.#stream(series);
    if (this.#isFetchedAlone(series, urgency)) this.#queue.add(wanted);
    else void this.#watch(series);
    return wanted.promise;
  }

  hurry({ sopInstanceUID, frame }: Pick<FrameResource, 'sopInstanceUID' | 'frame'>): void {
    const wanted = this.#wanted.get(frameKey(sopInstanceUID, frame));
    if (wanted) this.#hurry(wanted);
  }

  stop(): void {
    const reason = new DOMException('The study was left.', 'AbortError');
    for (const { reading } of this.#series.values()) reading?.stop.abort(reason);
    this.#queue.stop(reason);
    for (const wanted of [...this.#wanted.values()]) this.#failed(wanted, reason);
    this.#series.clear();
    this.#held.dropUnused();
  }

  forget(): void {
    this.stop();
    this.#held.clear();
  }

  #seriesOf(uids: Pick<SeriesOutline, 'studyInstanceUID' | 'seriesInstanceUID'>): SeriesState {
    const key = seriesKey(uids);
    let series = this.#series.get(key);
    if (!series) {
      series = new SeriesState();
      this.#series.set(key, series);
    }
    return series;
  }

  #streams(): number {
    return [...this.#series.values()].filter(({ reading }) => reading && !reading.isPaused).length;
  }

  #isStreamable({ outline, reading, isUnstreamable }: SeriesState): boolean {
    if (reading || isUnstreamable || !outline) return false;
    const { instances, frames, frameBytes } = outline;
    return (
      instances > 1 &&
      frames - this.#held.count(seriesKey(outline)) >= MIN_STREAMED_FRAMES &&
      frames * frameBytes <= Math.min(this.#maxStreamBytes, instances * MAX_INSTANCE_BYTES) &&
      this.#streams() < MAX_STREAMS
    );
  }

  #isWorthStream(series: SeriesState): boolean {
    if (!this.#isStreamable(series)) return false;
    const { outline, wasRead, wanted } = series;
    if (!wasRead || !outline) return true;
    const missing = outline.frames - this.#held.count(seriesKey(outline));
    return wanted.size >= WORTH_ANOTHER_STREAM && missing * 2 >= outline.frames;
  }

  #isFetchedAlone({ reading, wanted }: SeriesState, urgency: Urgency): boolean {
    return urgency !== 'soon' || !reading || reading.isPaused || wanted.size <= BESIDE_STREAM;
  }

  #hurry(wanted: Wanted): void {
    wanted.urgency = 'now';
    this.#queue.add(wanted);
  }

  #arrived(uids: InstanceUIDs, frame: number, stored: StoredFrame): void {
    const key = frameKey(uids.sopInstanceUID, frame);
    const wanted = this.#wanted.get(key);
    const series = this.#seriesOf(uids);
    if (!wanted) {
      if (!series.delivered.has(key)) this.#held.putUnused(key, stored, seriesKey(uids));
      return;
    }
    series.delivered.add(key);
    this.#held.putUsed(key, stored, seriesKey(uids));
    this.#settled(wanted);
    wanted.resolve(stored);
  }

  #failed(wanted: Wanted, error: unknown): void {
    this.#settled(wanted);
    wanted.reject(error);
  }

  #settled(wanted: Wanted): void {
    const { resource } = wanted;
    const key = frameKey(resource.sopInstanceUID, resource.frame);
    wanted.isSettled = true;
    this.#queue.remove(wanted);
    // It may have been asked for again.
    if (this.#wanted.get(key) !== wanted) return;
    this.#wanted.delete(key);
    this.#series.get(seriesKey(resource))?.wanted.delete(key);
  }

  /** What waits for the stream is fetched one by one instead. */
  #fetchAlone(series: SeriesState): void {
    this.#queue.add(...series.wanted.values());
  }

  #stream(series: SeriesState): void {
    const { outline } = series;
    if (!outline) return;
    const reading = { isPaused: false, arrivedFrames: 0, stop: new AbortController() };
    series.reading = reading;
    series.wasRead = true;
    series.delivered.clear();
    const { signal } = reading.stop;
    let bytes = 0;
    const run = async (): Promise<void> => {
      try {
        const streamed = streamSeries(this.#client, outline, this.#pace, signal);
        for await (const { byteLength, instance } of streamed) {
          if (!instance && reading.arrivedFrames === 0) {
            // So will be the others: reading them would bring nothing, and keep waiting who waits for them.
            series.isUnstreamable = true;
            return;
          }
          const { sopInstanceUID = '', frames = [] } = instance ?? {};
          bytes += byteLength;
          reading.arrivedFrames += frames.length;
          frames.forEach((stored, index) => {
            this.#arrived({ ...outline, sopInstanceUID }, index + 1, stored);
          });
          if (!series.isAsked && bytes > UNASKED_BYTES) await series.untilAsked(signal);
          if (this.#held.isFull) {
            // The line is held up until there is room; who waits must not wait for that.
            reading.isPaused = true;
            this.#fetchAlone(series);
            await this.#held.room();
            reading.isPaused = false;
          }
          signal.throwIfAborted();
        }
      } catch (error) {
        // Whatever it was: the single requests below meet it again, heal it or tell it.
        series.isUnstreamable ||= error instanceof RetrieveError && error.retry === 'permanent';
      } finally {
        if (series.reading === reading) series.reading = undefined;
        if (!signal.aborted) this.#fetchAlone(series);
        // Nobody needs to watch it any more.
        reading.stop.abort();
        this.#queue.run();
      }
    };
    void run();
  }

  /** Once for each wait: a stream that brings nothing is helped. */
  async #watch(series: SeriesState): Promise<void> {
    const { reading } = series;
    if (!reading || this.#watched.has(reading)) return;
    this.#watched.add(reading);
    const { signal } = reading.stop;
    for (let before = -1; series.reading === reading && reading.arrivedFrames !== before;) {
      before = reading.arrivedFrames;
      const isOver = await this.#pause(signal);
      if (isOver) return;
    }
    this.#watched.delete(reading);
    if (series.reading === reading) this.#fetchAlone(series);
  }

  readonly #watched = new WeakSet<object>();

  async #pause(signal: AbortSignal): Promise<boolean> {
    try {
      await sleep(this.#clock, this.#stallMs, signal);
      return false;
    } catch {
      return true;
    }
  }
}
