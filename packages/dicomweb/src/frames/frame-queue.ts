import type { DicomwebClient } from '../client.ts';
import { RetrieveError } from '../errors.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import { isHealable } from '../heal.ts';
import { fetchFrames, type FrameReceiver, type Healing } from './fetch-frames.ts';
import { framesByInstance } from './frames-by-instance.ts';
import type { StoredFrame } from './stored-frame.ts';
import type { Urgency, Wanted } from './wanted.ts';

/** What a queue needs. */
export interface FrameQueueOptions {
  readonly client: DicomwebClient;
  readonly healing: Healing;
  onFrame(wanted: Wanted, stored: StoredFrame): void;
  onFailure(wanted: Wanted, error: unknown): void;
  /** All frames of an instance came together. */
  onInstance(uids: InstanceUIDs, frames: readonly StoredFrame[]): void;
  /** Requests of others to the same archive that take long. */
  streams(): number;
}

/** Browsers open six connections to a host (HTTP/1.1); one is left for what somebody looks at. */
const MAX_REQUESTS = 5;
/** Of frames that somebody looks at: who scrolls fast wants the last of them, not all of them first. */
const MAX_HURRIED = 6;
/** Frames on their way, without compression. One frame may be larger. */
const MAX_BYTES_UNDERWAY = 96 * 1024 * 1024;
/** Frames of one instance in one request. */
const MAX_FRAMES_A_REQUEST = 8;
const MAX_BYTES_A_REQUEST = 8 * 1024 * 1024;

const ORDER: Readonly<Record<Urgency, number>> = { now: 0, preview: 1, soon: 2 };

/** Fetches frames by requests of their own: what somebody looks at at once and the last first, the rest a few at a time. */
export class FrameQueue {
  readonly #options: FrameQueueOptions;
  readonly #waiting = new Set<Wanted>();
  readonly #underway = new Map<Wanted, number>();
  #hurried = 0;
  readonly #instances = new Map<string, Promise<unknown>>();
  #requests = 0;
  #stop = new AbortController();

  constructor(options: FrameQueueOptions) {
    this.#options = options;
  }

  /** A frame that is underway already is not fetched twice. */
  add(...several: readonly Wanted[]): void {
    for (const wanted of several) {
      if (this.#underway.has(wanted)) continue;
      // What is looked at now stands behind what was looked at before.
      if (wanted.urgency === 'now') this.#waiting.delete(wanted);
      this.#waiting.add(wanted);
    }
    this.run();
  }

  /** It came by another way, or is not needed any more. */
  remove(wanted: Wanted): void {
    this.#waiting.delete(wanted);
  }

  stop(reason: unknown): void {
    this.#waiting.clear();
    this.#stop.abort(reason);
    this.#stop = new AbortController();
  }

  /** Starts what may be started now. */
  run(): void {
    for (let next = this.#next(); next; next = this.#next()) void this.#fetch(next);
  }

  #next(): Wanted[] | undefined {
    let first: Wanted | undefined;
    for (const wanted of this.#waiting) {
      const isNewest = wanted.urgency === 'now' && first?.urgency === 'now';
      if (!first || isNewest || ORDER[wanted.urgency] < ORDER[first.urgency]) first = wanted;
    }
    if (!first) return undefined;
    if (first.urgency === 'now') return this.#hurried < MAX_HURRIED ? [first] : undefined;
    if (!this.#hasRoom(first)) return undefined;
    return first.isAlone ? [first] : this.#together(first);
  }

  #hasRoom({ expectedBytes }: Wanted): boolean {
    if (this.#requests + this.#options.streams() >= MAX_REQUESTS) return false;
    let bytes = expectedBytes;
    for (const underway of this.#underway.values()) bytes += underway;
    return this.#underway.size === 0 || bytes <= MAX_BYTES_UNDERWAY;
  }

  /** Frames of the same instance go in one request. */
  #together(first: Wanted): Wanted[] {
    const most = Math.min(
      MAX_FRAMES_A_REQUEST,
      Math.max(1, Math.floor(MAX_BYTES_A_REQUEST / (first.expectedBytes || MAX_BYTES_A_REQUEST)))
    );
    const found: Wanted[] = [];
    for (const wanted of this.#waiting) {
      if (found.length === most) break;
      const isSame = wanted.resource.sopInstanceUID === first.resource.sopInstanceUID;
      if (isSame && !wanted.isAlone && wanted.urgency === first.urgency) found.push(wanted);
    }
    return found;
  }

  async #fetch(batch: Wanted[]): Promise<void> {
    const { signal } = this.#stop;
    for (const wanted of batch) {
      this.#waiting.delete(wanted);
      this.#underway.set(wanted, wanted.expectedBytes);
    }
    const isHurried = batch[0]?.urgency === 'now';
    this.#requests += 1;
    if (isHurried) this.#hurried += 1;
    let again: readonly Wanted[] = [];
    try {
      again = await this.#request(batch, signal);
    } finally {
      this.#requests -= 1;
      if (isHurried) this.#hurried -= 1;
      for (const wanted of batch) this.#underway.delete(wanted);
      this.add(...again);
    }
  }

  /** @returns frames to be asked for again, each by a request of its own. */
  async #request(batch: readonly Wanted[], signal: AbortSignal): Promise<readonly Wanted[]> {
    const { client, healing, onFrame, onFailure } = this.#options;
    const left = new Map(batch.map(wanted => [wanted.resource.frame, wanted]));
    const failed = () => [...left.values()].filter(({ isSettled }) => !isSettled);
    const [first] = batch;
    if (!first) return [];
    const receiver: FrameReceiver = {
      onFrame(frame, stored) {
        const wanted = left.get(frame);
        left.delete(frame);
        if (wanted) onFrame(wanted, stored);
      },
      isNeeded: frame => left.get(frame)?.isSettled === false,
    };
    const fetchLeft = (policy: Healing) =>
      fetchFrames(client, first.resource, [...left.keys()], receiver, policy, signal);
    try {
      await fetchLeft({ ...healing, isGivenUp: isRefused });
      return [];
    } catch (error) {
      if (signal.aborted) return [];
      if (failed().length > 1 && isOfOne(error)) {
        for (const wanted of failed()) wanted.isAlone = true;
        return failed();
      }
      let told: unknown = error;
      if (isRefused(error)) {
        await this.#byInstance(first.resource, signal);
        // That did not help; this may still heal.
        if (isHealable(error) && failed().length > 0) told = await tried(fetchLeft(healing));
      }
      if (signal.aborted) return [];
      for (const wanted of failed()) onFailure(wanted, told);
    }
    return [];
  }

  /** Gets an instance once, however many of its frames ask for it. Never rejects. */
  #byInstance(uids: InstanceUIDs, signal: AbortSignal): Promise<unknown> {
    const { client, healing, onInstance } = this.#options;
    const underway = this.#instances.get(uids.sopInstanceUID);
    if (underway) return underway;
    const reading = tried(
      framesByInstance(client, uids, healing, signal).then(found => {
        if (found && !signal.aborted) onInstance(uids, found.frames);
      })
    ).finally(() => this.#instances.delete(uids.sopInstanceUID));
    this.#instances.set(uids.sopInstanceUID, reading);
    return reading;
  }
}

/** The archive answers for the instance, but not with its frames: another way may be open. */
function isRefused(error: unknown): boolean {
  return error instanceof RetrieveError && error.code === 'ERR_RETRIEVE_REFUSED';
}

/** What a promise was rejected with; undefined when it was fulfilled. */
async function tried(promise: Promise<void>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error ?? new Error('Unknown failure');
  }
}

/** One frame that is not there must not take its neighbours with it; what keeps the archive from answering at all concerns every one. */
function isOfOne(error: unknown): boolean {
  return error instanceof RetrieveError && /_(NOT_FOUND|REFUSED|UNREADABLE)$/.test(error.code);
}
