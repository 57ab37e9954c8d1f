import { randomUUID } from 'node:crypto';
import { JsonFile } from './json-file.ts';

/** What an operation does. */
export type OperationType = 'reindex' | 'update';

/** How far an operation is; v1 calls `succeeded` `completed`. [reference 4, Operations] */
export type OperationStatus = 'notStarted' | 'running' | 'succeeded' | 'failed';

/** A long-running operation. */
export interface Operation {
  /** 32 hex digits. */
  id: string;
  type: OperationType;
  /** Milliseconds since 1970. */
  createdTime: number;
  lastUpdatedTime: number;
  status: OperationStatus;
  percentComplete: number;
  /** Tag paths which a re-index makes searchable. */
  tagPaths?: string[];
  /** What a bulk update did. */
  results?: Record<string, unknown>;
}

/** What the work of an operation may report. */
export interface OperationWork {
  (report: (percentComplete: number) => void): Promise<Record<string, unknown> | undefined>;
}

/** The operations of the service, kept over a restart. One runs after the other. */
export class Operations {
  readonly #file: JsonFile<Operation[]>;
  readonly #now: () => number;
  readonly #delayMs: number;
  readonly #operations = new Map<string, Operation>();
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  readonly #timers = new Map<NodeJS.Timeout, () => void>();

  private constructor(file: JsonFile<Operation[]>, now: () => number, delayMs: number) {
    this.#file = file;
    this.#now = now;
    this.#delayMs = delayMs;
  }

  /**
   * Reads the operations. Those that an end of the process interrupted have failed, but for
   * re-indexing, which every start completes.
   *
   * @param delayMs - between the acceptance of an operation and its beginning.
   */
  static async open(path: string, now: () => number, delayMs: number): Promise<Operations> {
    const operations = new Operations(new JsonFile(path), now, delayMs);
    for (const one of (await operations.#file.read()) ?? []) {
      const interrupted = one.status === 'notStarted' || one.status === 'running';
      if (interrupted) one.status = one.type === 'reindex' ? 'succeeded' : 'failed';
      operations.#operations.set(one.id, one);
    }
    return operations;
  }

  /** An operation by its id, with or without hyphens. */
  get(id: string): Operation | undefined {
    return this.#operations.get(id.replaceAll('-', '').toLowerCase());
  }

  /** The operation of a type which is not over. */
  active(type: OperationType): Operation | undefined {
    return [...this.#operations.values()].find(
      one => one.type === type && (one.status === 'notStarted' || one.status === 'running')
    );
  }

  /** Accepts an operation, whose work begins soon. */
  start(type: OperationType, work: OperationWork, tagPaths?: string[]): Operation {
    const now = this.#now();
    const operation: Operation = {
      id: randomUUID().replaceAll('-', ''),
      type,
      createdTime: now,
      lastUpdatedTime: now,
      status: 'notStarted',
      percentComplete: 0,
      tagPaths,
    };
    this.#operations.set(operation.id, operation);
    void this.#save();
    this.#running = this.#running.then(() => this.#run(operation, work));
    return operation;
  }

  /** Starts no more work and waits for what runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const [timer, resolve] of this.#timers) {
      clearTimeout(timer);
      resolve();
    }
    await this.#running;
    await this.#file.settle();
  }

  async #run(operation: Operation, work: OperationWork): Promise<void> {
    if (this.#delayMs > 0 && !this.#stopped) await this.#wait(this.#delayMs);
    if (this.#stopped) return;
    this.#change(operation, { status: 'running' });
    try {
      const results = await work(percentComplete => this.#change(operation, { percentComplete }));
      const failed = results !== undefined && 'errors' in results;
      const status = failed ? 'failed' : 'succeeded';
      this.#change(operation, { status, percentComplete: 100, results });
    } catch {
      this.#change(operation, { status: 'failed' });
    }
    await this.#save();
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, milliseconds);
      this.#timers.set(timer, resolve);
    });
  }

  #change(operation: Operation, changes: Partial<Operation>): void {
    Object.assign(operation, changes, { lastUpdatedTime: this.#now() });
  }

  /** The record of operations is a convenience: a full disk does not stop the work. */
  #save(): Promise<void> {
    return this.#file.write([...this.#operations.values()]).catch(() => undefined);
  }
}
