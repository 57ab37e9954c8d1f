import { backOffMs, isProjectError, sleep } from '@ohif-azure/core';
import type { StudyResource } from '../client.ts';
import { RetrieveError } from '../errors.ts';
import { retrieveInstances } from '../retrieve-stream.ts';
import type { RetrievedPart } from '../retrieve-stream.ts';
import { describeHttpStatus } from '../status-text.ts';
import { FolderError } from './folder-error.ts';
import type { InstanceToRetrieve } from './instances-to-retrieve.ts';
import { isInstance, receivePart, settlePart } from './receive-part.ts';
import type { RetrieveContext } from './retrieve-context.ts';
import type { IncomingFile } from './target-folder.ts';

/** How often an instance is asked for when its answer is cut or wrong while others come. */
const MAX_ATTEMPTS = 4;
const RETRY_BOUNDS = { minDelayMs: 250, baseDelayMs: 1000, maxDelayMs: 8000 };
/** Instances of a series that are synced while the next ones come. */
const SYNCS_AT_ONCE = 4;

/** One request: a whole series of which nothing is there, or one instance. */
export interface FetchTask {
  readonly instances: readonly InstanceToRetrieve[];
  readonly isSeries: boolean;
}

/** Fetches instances until each has its outcome. */
export class InstanceFetcher {
  readonly #context: RetrieveContext;

  constructor(context: RetrieveContext) {
    this.#context = context;
  }

  /**
   * One task.
   * @returns what is left of a series, to be fetched one by one.
   * @throws what the caller's callbacks throw.
   */
  async fetch(task: FetchTask): Promise<FetchTask[]> {
    if (!task.isSeries) {
      for (const instance of task.instances) await this.#fetchOne(instance);
      return [];
    }
    const left = await this.#fetchSeries(task.instances);
    return left.map(instance => ({ instances: [instance], isSeries: false }));
  }

  /** @returns the instances that did not come. */
  async #fetchSeries(instances: readonly InstanceToRetrieve[]): Promise<InstanceToRetrieve[]> {
    const { clock, patience, signal } = this.#context;
    const expected = new Map(instances.map(instance => [instance.sopInstanceUID, instance]));
    const { studyInstanceUID = '', seriesInstanceUID = '' } = instances[0] ?? {};
    if (!(await this.#mayGo(instances))) return [];
    const startedMs = clock.now();
    try {
      await this.#receive({ studyInstanceUID, seriesInstanceUID }, expected);
    } catch (error) {
      this.#weigh(error, startedMs);
      if (signal.aborted) return this.#stopped([...expected.values()]);
    }
    if (expected.size < instances.length) patience.succeeded();
    return [...expected.values()];
  }

  async #fetchOne(instance: InstanceToRetrieve): Promise<void> {
    const { clock, random, patience, signal, finish } = this.#context;
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
    for (let attempt = 1; ; attempt += 1) {
      if (!(await this.#mayGo([instance]))) return;
      const startedMs = clock.now();
      const expected = new Map([[sopInstanceUID, instance]]);
      let failure: unknown;
      try {
        await this.#receive({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }, expected);
        patience.succeeded();
        if (expected.size === 0) return;
      } catch (error) {
        failure = error;
        this.#weigh(error, startedMs);
        if (signal.aborted) {
          this.#stopped([instance]);
          return;
        }
        if (isWeather(error)) {
          // All wait; it does not count, unless others come through meanwhile.
          if (!patience.hasSucceededSince(startedMs)) attempt -= 1;
        }
      }
      const isFinal = failure instanceof RetrieveError && failure.retry === 'permanent';
      if (isFinal || attempt >= MAX_ATTEMPTS) {
        finish(instance, { outcome: 'failed', ...describeFailure(failure) });
        return;
      }
      await sleep(clock, backOffMs(RETRY_BOUNDS, attempt - 1, random), signal).catch(
        () => undefined
      );
    }
  }

  /** Waits while all wait. @returns false: the run was stopped, and these are finished. */
  async #mayGo(instances: readonly InstanceToRetrieve[]): Promise<boolean> {
    const { patience, signal } = this.#context;
    try {
      await patience.pass(signal);
      return true;
    } catch {
      this.#stopped(instances);
      return false;
    }
  }

  #stopped(instances: readonly InstanceToRetrieve[]): InstanceToRetrieve[] {
    for (const instance of instances) {
      const message = 'The run was stopped before it came.';
      this.#context.finish(instance, { outcome: 'notRetrieved', message });
    }
    return [];
  }

  /** What a failure means for all others. */
  #weigh(error: unknown, startedMs: number): void {
    const { patience, stop, requestOptions, slots } = this.#context;
    if (requestOptions.signal?.aborted) return;
    if (error instanceof FolderError || !isProjectError(error)) {
      stop(error);
      return;
    }
    const { code, retryAfterMs } = error as RetrieveError;
    if (code === 'ERR_RETRIEVE_THROTTLED') slots.fewer();
    if (isWeather(error)) {
      const why = code === 'ERR_RETRIEVE_THROTTLED' ? 'throttled' : 'unreachable';
      if (!patience.failed(why, startedMs, retryAfterMs)) stop(error);
    } else if (!(error instanceof RetrieveError) || isForAll(error)) stop(error);
  }

  /**
   * One request. Instances that came and are kept are taken out of `expected`.
   * @throws what the request and the folder throw; what came before that is kept.
   */
  async #receive(
    resource: StudyResource,
    expected: Map<string, InstanceToRetrieve>
  ): Promise<void> {
    const { client, folder, tally, requestOptions, slots } = this.#context;
    await slots.use(async () => {
      const settling = new Set<Promise<void>>();
      let failure: { readonly error: unknown } | undefined;
      try {
        for await (const part of retrieveInstances(client, resource, requestOptions)) {
          const file = await receivePart(folder, part as RetrievedPart, bytes =>
            tally.received(bytes)
          );
          const settled: Promise<void> = this.#settle(file, expected)
            .catch((error: unknown) => {
              failure ??= { error };
            })
            .finally(() => settling.delete(settled));
          settling.add(settled);
          if (settling.size >= SYNCS_AT_ONCE) await Promise.race(settling);
          if (failure) break;
        }
      } finally {
        await Promise.all(settling);
      }
      if (failure) throw failure.error;
    });
    slots.succeeded();
  }

  /** A part that came whole: kept when it is what was asked for, else removed. */
  async #settle(
    file: IncomingFile & { readonly bytes: number },
    expected: Map<string, InstanceToRetrieve>
  ): Promise<void> {
    const { folder, finish } = this.#context;
    const identity = await settlePart(folder, file);
    const instance = expected.get(identity?.sopInstanceUID ?? '');
    if (!identity || !instance?.path || !isInstance(identity, instance)) {
      // Nothing that was asked for: an instance that came to the series meanwhile, or a wrong one.
      await folder.discard(file);
      return;
    }
    // Taken out first: the same instance may come twice at once.
    expected.delete(instance.sopInstanceUID);
    const isKept = await folder.keep(file.path, instance.path).catch(async (error: unknown) => {
      expected.set(instance.sopInstanceUID, instance);
      await folder.discard(file);
      throw error;
    });
    const shown = { file: folder.shown(instance.path), bytes: file.bytes };
    if (isKept) finish(instance, { outcome: 'retrieved', ...shown });
    else {
      finish(instance, {
        outcome: 'failed',
        file: shown.file,
        message: 'Another file came to its place meanwhile, and is left there.',
        remedy: 'Move that file away and run it again.',
      });
    }
  }
}

/** Failures that pass by themselves, for all requests at once. */
function isWeather(error: unknown): boolean {
  if (!isProjectError(error) || error.code === 'ERR_RETRIEVE_UNREADABLE') return false;
  return error.retry === 'transient';
}

/** Failures that every other request would meet, too. */
function isForAll({ code }: RetrieveError): boolean {
  return code === 'ERR_RETRIEVE_UNAUTHORIZED' || code === 'ERR_RETRIEVE_FORBIDDEN';
}

function describeFailure(error: unknown): {
  message: string;
  remedy?: string;
  httpStatus?: number;
} {
  if (error === undefined) {
    return {
      message: 'The server sent something else than was asked for.',
      remedy: 'Have the instance checked on the server.',
    };
  }
  const { httpStatus } = error as { httpStatus?: number };
  if (httpStatus === undefined || httpStatus === 200) {
    return {
      message: 'The answer ended too early each time.',
      remedy: 'Run it again. If it fails again, have the instance checked on the server.',
    };
  }
  const { name, meaning, remedy } = describeHttpStatus(httpStatus);
  return { httpStatus, message: `HTTP ${httpStatus} ${name}: ${meaning}`, remedy };
}
