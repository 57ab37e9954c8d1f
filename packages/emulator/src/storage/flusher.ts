import { Worker } from 'node:worker_threads';

/** Bytes of the longest file which can be written, and of all in one list. */
export const MAX_WRITTEN_BYTES = 4 * 1024 * 1024;

/** A file to write. */
export interface NewFile {
  /** Where it is written first, on the same disk. */
  temporaryPath: string;
  /** Its name, once all of it is written. The folder is there. */
  path: string;
  /** At most {@link MAX_WRITTEN_BYTES} of them. */
  bytes: Uint8Array;
}

/** Files to write, and folders and files to make durable. */
export interface FlushJob {
  write?: NewFile;
  flush: ReadonlySet<string>;
}

/**
 * Does lists of jobs, one list after the other: all files are written and renamed, and then files
 * and folders are flushed, each once: the first flush takes the disk's time, and the others hardly
 * any more. A power failure in between may leave a name with a part of the bytes, which is not taken
 * up at start. Answers with the times of the files, and the codes of what failed. A folder which is
 * not there any more needs no flush.
 */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } = require('node:fs');
  const { dirname } = require('node:path');
  function write({ temporaryPath, offset, length }) {
    const bytes = new Uint8Array(workerData, offset, length);
    const file = openSync(temporaryPath, 'wx');
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      return fstatSync(file).mtimeMs;
    } finally {
      closeSync(file);
    }
  }
  function rename({ temporaryPath, path }, paths) {
    try {
      renameSync(temporaryPath, path);
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
      // A removal took the folder, which was empty, in between.
      const folder = dirname(path);
      mkdirSync(folder, { recursive: true });
      renameSync(temporaryPath, path);
      paths.push(dirname(folder), dirname(dirname(folder)));
    }
  }
  function flush(path) {
    const file = openSync(path, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
  parentPort.on('message', ({ writes, paths }) => {
    const times = [];
    const failed = [];
    for (const one of writes) {
      try {
        times.push([one.path, write(one)]);
        rename(one, paths);
        paths.unshift(one.path);
      } catch (error) {
        failed.push([one.path, error.code ?? 'EIO']);
        try {
          rmSync(one.temporaryPath, { force: true });
        } catch {}
      }
    }
    for (const path of paths) {
      try {
        flush(path);
      } catch (error) {
        if (error.code !== 'ENOENT') failed.push([path, error.code ?? 'EIO']);
      }
    }
    parentPort.postMessage({ times, failed });
  });
`;

interface Answer {
  times: [path: string, mtimeMs: number][];
  failed: [path: string, code: string][];
}

interface Waiting extends FlushJob {
  resolve(mtimeMs: number | undefined): void;
  reject(error: Error): void;
}

/** A file in the memory which is shared with a thread: copies would wait there for its garbage collection. */
interface SharedFile {
  temporaryPath: string;
  path: string;
  offset: number;
  length: number;
}

interface Thread {
  thread: Worker;
  shared: Uint8Array;
  /** What it has in hand; none when it is idle. */
  jobs: Waiting[];
}

/** Threads: the disk does the flushes of several together. */
const THREADS = 3;
/** Fewer jobs are not worth waking one more of them. */
const MIN_JOBS = 2;

/**
 * Makes files and folders survive a power failure, in threads of its own: in some versions of Node
 * an asynchronous flush goes through io_uring and holds up its caller for milliseconds, and a new
 * file waits for the flushes of others. What comes while all threads are busy makes the next list.
 */
class Flusher {
  readonly #threads = new Set<Thread>();
  #waiting: Waiting[] = [];
  #soon = false;

  /** @returns the time of the file which was written, in milliseconds since 1970 */
  run(job: FlushJob): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...job, resolve, reject });
      // To wake a thread takes longer than anything else here: what comes in now goes with it.
      if (!this.#soon) setImmediate(() => this.#sendAll());
      this.#soon = true;
    });
  }

  #sendAll(): void {
    this.#soon = false;
    for (let count = THREADS; count > 0 && this.#waiting.length > 0; count -= 1) {
      this.#send(Math.max(MIN_JOBS, Math.ceil(this.#waiting.length / count)));
    }
  }

  /** Hands jobs to a thread, if one is idle. */
  #send(most = Infinity): void {
    const worker = this.#waiting.length > 0 ? this.#idle() : undefined;
    if (!worker) return;
    const { jobs, writes } = this.#take(worker.shared, most);
    worker.jobs = jobs;
    worker.thread.ref();
    const paths = new Set(jobs.flatMap(({ flush }) => [...flush]));
    worker.thread.postMessage({ writes, paths: [...paths] });
  }

  /** As many jobs as have room for their bytes in the memory which is shared with a thread. */
  #take(shared: Uint8Array, most: number): { jobs: Waiting[]; writes: SharedFile[] } {
    const writes: SharedFile[] = [];
    let offset = 0;
    const first = this.#waiting.slice(0, most).findIndex(({ write }) => {
      const length = write?.bytes.length ?? 0;
      if (offset + length > shared.length) return true;
      if (write) {
        const { temporaryPath, path, bytes } = write;
        shared.set(bytes, offset);
        writes.push({ temporaryPath, path, offset, length });
        offset += length;
      }
      return false;
    });
    return { writes, jobs: this.#waiting.splice(0, first < 0 ? most : first) };
  }

  #idle(): Thread | undefined {
    for (const thread of this.#threads) if (thread.jobs.length === 0) return thread;
    return this.#threads.size < THREADS ? this.#start() : undefined;
  }

  #start(): Thread {
    const memory = new SharedArrayBuffer(MAX_WRITTEN_BYTES);
    const thread = new Worker(WORKER, {
      eval: true,
      execArgv: [],
      env: {},
      workerData: memory,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    });
    const started: Thread = { thread, shared: new Uint8Array(memory), jobs: [] };
    this.#threads.add(started);
    thread.on('message', (answer: Answer) => {
      const { jobs } = started;
      started.jobs = [];
      thread.unref();
      settle(jobs, answer);
      this.#send();
    });
    const lost = () => this.#lost(started);
    thread.on('error', lost);
    thread.on('exit', lost);
    return started;
  }

  /** A thread is gone: what it had in hand may or may not be durable. */
  #lost(thread: Thread): void {
    if (!this.#threads.delete(thread)) return;
    for (const { reject } of thread.jobs) reject(failure('EIO'));
    this.#send();
  }
}

function settle(jobs: readonly Waiting[], { times, failed }: Answer): void {
  const timeOf = new Map(times);
  const codes = new Map(failed);
  for (const { write, flush, resolve, reject } of jobs) {
    const paths = write ? [write.path, ...flush] : [...flush];
    const path = paths.find(one => codes.has(one));
    if (path === undefined) resolve(write && timeOf.get(write.path));
    else reject(failure(codes.get(path) ?? 'EIO'));
  }
}

const failure = (code: string) =>
  Object.assign(new Error(`A file cannot be written to the disk (${code}).`), { code });

const FLUSHER = new Flusher();

/**
 * Writes a file and makes files and folders survive a power failure.
 *
 * @returns the time of the file which was written, in milliseconds since 1970.
 * @throws {Error} with the system's `code`
 */
export const flush = (job: FlushJob): Promise<number | undefined> => FLUSHER.run(job);
