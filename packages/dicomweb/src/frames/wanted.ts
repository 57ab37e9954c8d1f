import type { FrameResource, StoredFrame } from './stored-frame.ts';

/** `now`: somebody looks at it. `soon`: it is going to be looked at. `preview`: a thumbnail. */
export type Urgency = 'now' | 'soon' | 'preview';

/** A frame that is asked for and has not come. */
export class Wanted {
  readonly resource: FrameResource;
  urgency: Urgency;
  /** Without compression; 0 when it is not known. */
  readonly expectedBytes: number;
  /** It came, or failed. */
  isSettled = false;
  /** A request for several frames failed for it: it gets one of its own. */
  isAlone = false;
  readonly promise: Promise<StoredFrame>;
  resolve!: (stored: StoredFrame) => void;
  reject!: (error: unknown) => void;

  constructor(resource: FrameResource, urgency: Urgency, expectedBytes: number) {
    this.resource = resource;
    this.urgency = urgency;
    this.expectedBytes = expectedBytes;
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}
