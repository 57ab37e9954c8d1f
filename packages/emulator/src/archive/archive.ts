import { join } from 'node:path';
import type { Part10Header } from '../part10/part10-reader.ts';
import type { Scope } from '../storage/instance-index.ts';
import type { AddOptions, AddOutcome } from '../storage/instance-store.ts';
import { identifierOf } from '../storage/stored-instance.ts';
import type { ApiVersion, InstanceIdentifier, StoredInstance } from '../storage/stored-instance.ts';
import { completeInterrupted, runBulkUpdate } from './bulk-update.ts';
import type { BulkUpdate, BulkUpdateTarget } from './bulk-update.ts';
import { ChangeFeed } from './change-feed.ts';
import { Deletions } from './deletions.ts';
import { Expiry } from './expiry.ts';
import { ExternalMetadata } from './external-metadata.ts';
import { ExtendedQueryTags } from './extended-query-tags.ts';
import type { Located } from './extended-query-tags.ts';
import { Operations } from './operations.ts';
import type { Operation, OperationWork } from './operations.ts';
import { Partitions } from './partitions.ts';
import type { Partition } from './partitions.ts';
import { WorkItems } from './work-items.ts';

const STATE_FOLDER = '.service';

/** Settings of {@link Archive.open}. */
export interface ArchiveOptions {
  dataDir: string;
  /** Whether data partitions are on. */
  partitions: boolean;
  /** Milliseconds between the acceptance of an operation and its beginning. */
  operationDelayMs: number;
  now: () => number;
}

/**
 * All that the service keeps: the instances by partition, and beside them, in `.service` of the
 * data folder, the change feed, the extended query tags, the operations and the work items.
 */
export class Archive {
  readonly partitions: Partitions;
  readonly feed: ChangeFeed;
  readonly tags: ExtendedQueryTags;
  readonly operations: Operations;
  readonly workItems: WorkItems;
  readonly expiry: Expiry;
  readonly external: ExternalMetadata;
  readonly now: () => number;
  readonly #deletions: Deletions;

  private constructor(parts: {
    partitions: Partitions;
    feed: ChangeFeed;
    tags: ExtendedQueryTags;
    operations: Operations;
    workItems: WorkItems;
    expiry: Expiry;
    external: ExternalMetadata;
    deletions: Deletions;
    now: () => number;
  }) {
    this.partitions = parts.partitions;
    this.feed = parts.feed;
    this.tags = parts.tags;
    this.operations = parts.operations;
    this.workItems = parts.workItems;
    this.expiry = parts.expiry;
    this.external = parts.external;
    this.now = parts.now;
    this.#deletions = parts.deletions;
  }

  /**
   * Opens a data folder. What an end of the process interrupted is completed or goes on.
   *
   * @throws {EmulatorStartError} ERR_EMULATOR_DATA_FOLDER
   */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const { dataDir, now } = options;
    const state = (name: string) => join(dataDir, STATE_FOLDER, name);
    const partitions = await Partitions.open(
      dataDir,
      state('partitions.json'),
      now,
      options.partitions
    );
    const deletions = await Deletions.open(state('deletions.json'));
    await completeDeletions(partitions, deletions);
    const present = [...located(partitions)];
    const feed = await ChangeFeed.open(state('change-feed.jsonl'), now);
    feed.reconcile(
      present.map(({ subject, instance }) => ({ subject, watermark: instance.watermark }))
    );
    const tags = await ExtendedQueryTags.open(state('extended-query-tags.json'), present, now);
    const operations = await Operations.open(
      state('operations.json'),
      now,
      options.operationDelayMs
    );
    const workItems = await WorkItems.open(state('work-items'));
    const expiry = await Expiry.open(state('expiry.json'));
    const external = await ExternalMetadata.open(state('external-metadata.json'));
    const services = { feed, tags, operations, workItems, expiry, external };
    const archive = new Archive({ partitions, ...services, deletions, now });
    await archive.#resumeBulkUpdate();
    return archive;
  }

  /** How many instances there are in all partitions. */
  get instanceCount(): number {
    return this.partitions.list().reduce((sum, { store }) => sum + store.index.count, 0);
  }

  /** All instances of all partitions. */
  instances(): Located[] {
    return [...located(this.partitions)];
  }

  /** Whether an instance is still the one which the index has for its UIDs. */
  isThere({ subject, instance }: Located): boolean {
    return this.partitions.get(subject.partitionName)?.store.index.get(subject) === instance;
  }

  /** Keeps a temporary file as an instance, and tells the change feed. @see InstanceStore.add */
  async add(
    partition: Partition,
    temporaryPath: string,
    header: Part10Header,
    version: ApiVersion,
    options: AddOptions = {}
  ): Promise<AddOutcome> {
    const { store, name: partitionName } = partition;
    const identifier = identifierOf(header);
    const replaced = options.replace && store.index.get(identifier);
    const outcome = await store.add(temporaryPath, header, version, options);
    const instance = outcome === 'stored' ? store.index.get(identifier) : undefined;
    if (!instance) return outcome;
    const subject = { ...identifier, partitionName };
    if (replaced) this.tags.remove(subject);
    this.tags.add({ subject, instance });
    // An upsert is a new instance in the place of the old one. [inference]
    this.feed.append(subject, 'Create', instance.watermark);
    return outcome;
  }

  /** Removes what a scope names, all of it. @returns how many instances there were. */
  async remove(partition: Partition, scope: Scope): Promise<number> {
    const { store, name: partitionName } = partition;
    const forget = await this.#deletions.begin(partitionName, scope, store.index.find(scope));
    // Another request may have removed them meanwhile.
    const instances = [...store.index.find(scope)];
    if (instances.length === 0) {
      forget();
      return 0;
    }
    try {
      await store.remove(scope);
    } finally {
      for (const instance of instances) {
        const subject = { ...uidsOf(instance), partitionName };
        this.tags.remove(subject);
        this.feed.append(subject, 'Delete', instance.watermark);
      }
    }
    forget();
    const { studyInstanceUID } = scope;
    if (store.index.find({ studyInstanceUID }).length === 0) {
      await this.expiry.forget({ partitionName, studyInstanceUID });
      await this.external.forget(partitionName, studyInstanceUID);
    }
    return instances.length;
  }

  /** Removes the studies whose time has come. */
  async removeExpired(): Promise<void> {
    for (const due of this.expiry.due(this.now())) {
      const { partitionName, studyInstanceUID } = due;
      const partition = this.partitions.get(partitionName);
      const removed = partition ? await this.remove(partition, { studyInstanceUID }) : 0;
      if (removed === 0) await this.expiry.forget(due);
    }
  }

  /**
   * Accepts a bulk update, which begins soon and goes on after an end of the process.
   *
   * @throws a system error when the disk takes nothing; nothing is begun then.
   */
  startBulkUpdate(update: BulkUpdate): Promise<Operation> {
    return this.operations.start('update', this.#bulkUpdate(update), { checkpoint: update });
  }

  #bulkUpdate(update: BulkUpdate): OperationWork {
    return context => runBulkUpdate(this.#targetOf(update), update, context);
  }

  #targetOf({ partitionName }: BulkUpdate): BulkUpdateTarget {
    const { store } = this.partitions.get(partitionName) ?? this.partitions.default;
    return {
      store,
      replaceAll: replacements =>
        store.replaceAll(replacements, instances => {
          for (const instance of instances) {
            const subject = { ...uidsOf(instance), partitionName };
            this.tags.remove(subject);
            this.tags.add({ subject, instance });
            this.feed.append(subject, 'Update', instance.watermark);
          }
        }),
    };
  }

  /** Completes the study in the midst of which the process ended; the others follow as they would have. */
  async #resumeBulkUpdate(): Promise<void> {
    const operation = this.operations.active('update');
    if (!operation) return;
    const update = operation.checkpoint as BulkUpdate;
    // A full disk: the operation tries once more.
    await completeInterrupted(this.#targetOf(update), update).catch(() => undefined);
    this.operations.resume(operation, this.#bulkUpdate(update));
  }

  /** Waits for what is being done and closes the files. */
  async close(): Promise<void> {
    await this.operations.stop();
    await this.partitions.settle();
    await this.feed.close();
    await this.tags.settle();
    await this.expiry.settle();
    await this.external.settle();
    await this.#deletions.settle();
  }
}

/** Removes the rest of what was being removed when the process ended. */
async function completeDeletions(partitions: Partitions, deletions: Deletions): Promise<void> {
  for (const { partitionName, scope, lastWatermark } of deletions.begun()) {
    const store = partitions.get(partitionName)?.store;
    const left = store?.index.find(scope).filter(one => one.watermark <= lastWatermark) ?? [];
    for (const instance of left) await store?.remove(uidsOf(instance));
  }
  await deletions.forgetAll();
}

function* located(partitions: Partitions): Generator<Located> {
  for (const { name: partitionName, store } of partitions.list()) {
    for (const instance of store.index.all()) {
      yield { subject: { ...uidsOf(instance), partitionName }, instance };
    }
  }
}

function uidsOf(instance: StoredInstance): InstanceIdentifier {
  const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = instance;
  return { studyInstanceUID, seriesInstanceUID, sopInstanceUID };
}
