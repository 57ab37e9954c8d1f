import type { Wanted } from './wanted.ts';

/** What is known of a series before its frames come. */
export interface SeriesOutline {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly instances: number;
  /** Of all instances. */
  readonly frames: number;
  /** One frame without compression, in bytes. */
  readonly frameBytes: number;
}

/** One streamed reading of a series. */
export interface SeriesReading {
  /** The line is held up, since nobody takes what came. */
  isPaused: boolean;
  arrivedFrames: number;
  readonly stop: AbortController;
}

/** Where a series stands. */
export class SeriesState {
  outline: SeriesOutline | undefined;
  reading: SeriesReading | undefined;
  wasRead = false;
  /** The archive does not stream it, or not so that its frames can be told apart. */
  isUnstreamable = false;
  isAsked = false;
  /** Frames that are asked for and have not come, by key. */
  readonly wanted = new Map<string, Wanted>();
  /** Frames that somebody got since the stream began, by key: when it brings them, too, they need no room. */
  readonly delivered = new Set<string>();
  readonly #asked: Promise<void>;
  #onAsked!: () => void;

  constructor() {
    this.#asked = new Promise(resolve => {
      this.#onAsked = resolve;
    });
  }

  /** Somebody wants to see it. */
  ask(): void {
    this.isAsked = true;
    this.#onAsked();
  }

  /** Until somebody asks for it, or the signal is aborted. */
  async untilAsked(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const aborted = new Promise(resolve => {
      signal.addEventListener('abort', resolve, { once: true });
    });
    await Promise.race([this.#asked, aborted]);
  }
}
