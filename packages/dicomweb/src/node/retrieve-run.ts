import { systemClock } from '@ohif-azure/core';
import type { StudyResource } from '../client.ts';
import type { RequestOptions } from '../exchange.ts';
import { resourcePath } from '../resource.ts';
import { InstanceFetcher } from './fetch-instances.ts';
import type { FetchTask } from './fetch-instances.ts';
import { integerOption } from './integer-option.ts';
import { instancesToRetrieve } from './instances-to-retrieve.ts';
import type { InstanceToRetrieve } from './instances-to-retrieve.ts';
import { parseLayout } from './layout.ts';
import type { Layout } from './layout.ts';
import { Patience } from './patience.ts';
import { whatIsThere } from './receive-part.ts';
import type { RetrieveContext } from './retrieve-context.ts';
import { DEFAULT_LAYOUT, DEFAULT_RETRIEVE_CONCURRENCY } from './retrieve-options.ts';
import type {
  RetrieveToFolderOptions,
  RetrieveToFolderResult,
  RetrievingClient,
} from './retrieve-options.ts';
import { RetrieveTally } from './retrieve-tally.ts';
import { Slots } from './slots.ts';
import { DEFAULT_PATIENCE_MS } from './store-files-options.ts';
import { TargetFolder } from './target-folder.ts';
import type { OpenFile } from './target-folder.ts';

/** A series with fewer instances than this is fetched one by one. */
const LEAST_SERIES = 4;

/** Whole series in one request each, where nothing of them is there; the rest one by one. */
export function planTasks(
  listed: readonly InstanceToRetrieve[],
  missing: readonly InstanceToRetrieve[]
): FetchTask[] {
  const listedIn = new Map<string, number>();
  for (const { seriesInstanceUID } of listed) {
    listedIn.set(seriesInstanceUID, (listedIn.get(seriesInstanceUID) ?? 0) + 1);
  }
  const missingIn = new Map<string, InstanceToRetrieve[]>();
  for (const instance of missing) {
    const others = missingIn.get(instance.seriesInstanceUID);
    if (others) others.push(instance);
    else missingIn.set(instance.seriesInstanceUID, [instance]);
  }
  const tasks: FetchTask[] = [];
  for (const [seriesInstanceUID, instances] of missingIn) {
    const isNothingThere = instances.length === listedIn.get(seriesInstanceUID);
    if (isNothingThere && instances.length >= LEAST_SERIES) {
      tasks.push({ instances, isSeries: true });
    } else tasks.push(...instances.map(one => ({ instances: [one], isSeries: false })));
  }
  return tasks;
}

/** One run of `retrieveToFolder`. */
export class RetrieveRun {
  readonly #client: RetrievingClient;
  readonly #uids: StudyResource;
  readonly #folderName: string;
  readonly #options: RetrieveToFolderOptions;
  readonly #layout: Layout;
  readonly #concurrency: number;
  readonly #patience: Patience;
  readonly #tally: RetrieveTally;
  readonly #openFile: OpenFile | undefined;
  readonly #stopping = new AbortController();
  #fatal: { readonly error: unknown } | undefined;

  /** @param openFile - for tests of a full disk. */
  constructor(
    client: RetrievingClient,
    uids: StudyResource,
    folder: string,
    options: RetrieveToFolderOptions,
    openFile?: OpenFile
  ) {
    const {
      layout = DEFAULT_LAYOUT,
      concurrency = DEFAULT_RETRIEVE_CONCURRENCY,
      patienceMs = DEFAULT_PATIENCE_MS,
      clock = systemClock,
      random = Math.random,
    } = options;
    resourcePath(uids);
    this.#client = client;
    this.#uids = uids;
    this.#folderName = folder;
    this.#options = options;
    this.#layout = parseLayout(layout);
    this.#concurrency = integerOption('concurrency', concurrency, 1, 64);
    this.#tally = new RetrieveTally(options, () => this.#patience.pause);
    this.#patience = new Patience(clock, random, patienceMs, () => this.#tally.tell());
    this.#openFile = openFile;
  }

  get #requestOptions(): RequestOptions {
    const { signal, onWaiting } = this.#options;
    return {
      signal,
      onWaiting: waiting => {
        this.#patience.pauseUntil(waiting.untilMs, 'throttled');
        onWaiting?.(waiting);
      },
    };
  }

  async run(): Promise<RetrieveToFolderResult> {
    const { signal, clock = systemClock } = this.#options;
    const startedMs = clock.now();
    signal?.throwIfAborted();
    const stop = (): void => this.#stopping.abort(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const listed = await this.#list();
      const folder = await TargetFolder.open(this.#folderName, this.#openFile);
      try {
        const missing = await this.#missing(listed, folder);
        await this.#fetchAll(planTasks(listed, missing), folder);
      } finally {
        await folder.close();
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    if (this.#fatal) throw this.#fatal.error;
    const { signal: stopSignal } = this.#stopping;
    return {
      summary: this.#tally.counts,
      receivedBytes: this.#tally.receivedBytes,
      durationMs: clock.now() - startedMs,
      stoppedBy: stopSignal.aborted ? (stopSignal.reason as unknown) : undefined,
    };
  }

  async #list(): Promise<InstanceToRetrieve[]> {
    const listed: InstanceToRetrieve[] = [];
    const list = instancesToRetrieve(this.#client, this.#uids, this.#layout, this.#requestOptions);
    for await (const instance of list) {
      listed.push(instance);
      if (listed.length % 100 === 0) this.#tally.found(listed.length, false);
    }
    this.#tally.found(listed.length, true);
    return listed;
  }

  readonly #finish: RetrieveContext['finish'] = (instance, outcome) => {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
    this.#tally.done({ studyInstanceUID, seriesInstanceUID, sopInstanceUID, ...outcome });
  };

  /** Those of which there is no file yet; all others are finished. */
  async #missing(
    listed: readonly InstanceToRetrieve[],
    folder: TargetFolder
  ): Promise<InstanceToRetrieve[]> {
    const missing: InstanceToRetrieve[] = [];
    for (const instance of listed) {
      const { path } = instance;
      if (path === undefined) {
        this.#finish(instance, {
          outcome: 'failed',
          message: 'The server names it by UIDs that are none (PS3.5 9.1), so it has no file name.',
          remedy: 'Have the instance corrected on the server.',
        });
        continue;
      }
      const there = await whatIsThere(folder.pathOf(path), instance);
      const file = folder.shown(path);
      if (there === 'nothing') missing.push(instance);
      else if (there === 'it') this.#finish(instance, { outcome: 'alreadyThere', file });
      else {
        this.#finish(instance, {
          outcome: 'failed',
          file,
          message: 'Another file is at its place, and is left there.',
          remedy: 'Move that file away and run it again.',
        });
      }
    }
    return missing;
  }

  async #fetchAll(tasks: FetchTask[], folder: TargetFolder): Promise<void> {
    const { clock = systemClock, random = Math.random } = this.#options;
    const fetcher = new InstanceFetcher({
      client: this.#client,
      folder,
      clock,
      random,
      patience: this.#patience,
      slots: new Slots(this.#concurrency),
      tally: this.#tally,
      requestOptions: this.#requestOptions,
      signal: this.#stopping.signal,
      stop: reason => this.#stopping.abort(reason),
      finish: this.#finish,
    });
    let running = 0;
    let wake: (() => void)[] = [];
    const worker = async (): Promise<void> => {
      while (!this.#fatal) {
        const task = tasks.shift();
        if (!task) {
          // What is left of a series that another one fetches may still come to be done.
          if (running === 0) return;
          await new Promise<void>(resolve => wake.push(resolve));
          continue;
        }
        running += 1;
        try {
          tasks.push(...(await fetcher.fetch(task)));
        } catch (error) {
          this.#fatal ??= { error };
          this.#stopping.abort(error);
        }
        running -= 1;
        for (const resolve of wake) resolve();
        wake = [];
      }
    };
    await Promise.all(Array.from({ length: this.#concurrency }, worker));
  }
}
