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

/** The neighbours of the image that is shown, before and behind. */
const A_FEW = 4;

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
  #askedAhead = 0;

  constructor() {
    this.#asked = new Promise(resolve => {
      this.#onAsked = resolve;
    });
  }

  /** A frame was asked for ahead; with more than a few the viewer wants the whole, and has drawn what it shows first. */
  askAhead(): void {
    this.#askedAhead += 1;
    const frames = this.outline?.frames ?? Number.POSITIVE_INFINITY;
    if (this.#askedAhead > A_FEW || this.#askedAhead >= frames - 1) this.#ask();
  }

  #ask(): void {
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
