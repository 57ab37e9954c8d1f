/** Lets other tasks of the page run: fulfilled in a later turn of the event loop. */
export type YieldToTasks = () => Promise<void>;

/** Work goes on for at most so long before others may, in milliseconds. */
const WORK_MS = 30;

/**
 * Keeps long work from holding up the page. Reading a body whose bytes are there already goes on in one turn of the event loop, however many
 * promises it awaits: input and drawing would wait for its end. All work that shares a pace gives way together.
 */
export class Pace {
  readonly #yieldToTasks: YieldToTasks;
  readonly #now: () => number;
  #sinceMs = 0;
  /** Fulfilled when the event loop has turned since the work began. */
  #turned: Promise<void> | undefined;

  /**
   * @param yieldToTasks - default: {@link yieldToTasks}.
   * @param now - any clock in milliseconds; default: the platform's monotonic one.
   */
  constructor(yieldTo: YieldToTasks = yieldToTasks, now: () => number = () => performance.now()) {
    this.#yieldToTasks = yieldTo;
    this.#now = now;
  }

  /** To be called now and then during work, and awaited when there is something to await. */
  rest(): Promise<void> | undefined {
    if (!this.#turned) {
      this.#sinceMs = this.#now();
      this.#turned = this.#turn();
      return undefined;
    }
    return this.#now() - this.#sinceMs < WORK_MS ? undefined : this.#turned;
  }

  async #turn(): Promise<void> {
    await this.#yieldToTasks();
    this.#turned = undefined;
  }
}

/** By a message, in its order among the tasks that wait already; a timer, which browsers delay, where there are no messages. */
export function yieldToTasks(): Promise<void> {
  return new Promise(resolve => {
    if (typeof MessageChannel !== 'function') {
      setTimeout(resolve, 0);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
