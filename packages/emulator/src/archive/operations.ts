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
  /** From where a bulk update goes on after an interruption. */
  checkpoint?: unknown;
}

/** What the work of an operation may use. */
export interface OperationContext {
  /** Says how far it is. */
  report(percentComplete: number): void;
  /**
   * Keeps a checkpoint: when this resolves, a killed process goes on from there.
   *
   * @throws a system error when the disk takes nothing.
   */
  save(checkpoint: unknown): Promise<void>;
  /** The process is about to end: the work is to give {@link INTERRUPTED} when it next can. */
  readonly stopping: boolean;
}

/** What work gives which stopped at a checkpoint, to go on at the next start. */
export const INTERRUPTED = Symbol('interrupted');

/** The work of an operation. @returns its results; with `errors` among them it has failed. */
export type OperationWork = (
  context: OperationContext
) => Promise<Record<string, unknown> | typeof INTERRUPTED | undefined>;

/** What an operation is about. */
export interface OperationSubject {
  tagPaths?: string[];
  checkpoint?: unknown;
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
   * Reads the operations. Re-indexing which an end of the process interrupted has succeeded, as
   * every start completes it; what has a checkpoint goes on by {@link Operations.resume}.
   *
   * @param delayMs - between the acceptance of an operation and its beginning.
   */
  static async open(path: string, now: () => number, delayMs: number): Promise<Operations> {
    const operations = new Operations(new JsonFile(path), now, delayMs);
    for (const one of (await operations.#file.read()) ?? []) {
      operations.#operations.set(one.id, one);
      if (isOver(one) || one.checkpoint !== undefined) continue;
      const status = one.type === 'reindex' ? 'succeeded' : 'failed';
      operations.#change(one, { status, percentComplete: 100 });
      await operations.#save();
    }
    return operations;
  }

  /** An operation by its id, with or without hyphens. */
  get(id: string): Operation | undefined {
    return this.#operations.get(id.replaceAll('-', '').toLowerCase());
  }

  /** The operation of a type which is not over. */
  active(type: OperationType): Operation | undefined {
    return [...this.#operations.values()].find(one => one.type === type && !isOver(one));
  }

  /**
   * Accepts an operation, whose work begins soon.
   *
   * @returns the operation, which no end of the process makes undone.
   * @throws a system error when the disk takes nothing; nothing is begun then.
   */
  async start(
    type: OperationType,
    work: OperationWork,
    subject: OperationSubject = {}
  ): Promise<Operation> {
    const now = this.#now();
    const operation: Operation = {
      id: randomUUID().replaceAll('-', ''),
      type,
      createdTime: now,
      lastUpdatedTime: now,
      status: 'notStarted',
      percentComplete: 0,
      ...subject,
    };
    this.#operations.set(operation.id, operation);
    try {
      await this.#write();
    } catch (error) {
      this.#operations.delete(operation.id);
      throw error;
    }
    this.resume(operation, work);
    return operation;
  }

  /** Goes on with an operation which is not over. */
  resume(operation: Operation, work: OperationWork): void {
    this.#running = this.#running.then(() => this.#run(operation, work));
  }

  /** Keeps a checkpoint. @throws a system error when the disk takes nothing. */
  async save(operation: Operation, checkpoint: unknown): Promise<void> {
    operation.checkpoint = checkpoint;
    await this.#write();
  }

  /** Starts no more work and waits until what runs is done or at a checkpoint. */
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
      const results = await work(this.#contextOf(operation));
      if (results === INTERRUPTED) return;
      const failed = results !== undefined && 'errors' in results;
      const status = failed ? 'failed' : 'succeeded';
      this.#change(operation, { status, percentComplete: 100, results, checkpoint: undefined });
    } catch {
      this.#change(operation, { status: 'failed', checkpoint: undefined });
    }
    await this.#save();
  }

  #contextOf(operation: Operation): OperationContext {
    const stopping = () => this.#stopped;
    return {
      report: percentComplete => this.#change(operation, { percentComplete }),
      save: checkpoint => this.save(operation, checkpoint),
      get stopping() {
        return stopping();
      },
    };
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

  #write(): Promise<void> {
    return this.#file.write([...this.#operations.values()]);
  }

  /** How an operation ended is a convenience: a full disk does not undo it. */
  #save(): Promise<void> {
    return this.#write().catch(() => undefined);
  }
}

const isOver = ({ status }: Operation) => status === 'succeeded' || status === 'failed';
