import { join } from 'node:path';
import type { Part10Header } from '../part10/part10-reader.ts';
import type { Scope } from '../storage/instance-index.ts';
import type { AddOptions, AddOutcome } from '../storage/instance-store.ts';
import { identifierOf } from '../storage/stored-instance.ts';
import type { ApiVersion, InstanceIdentifier, StoredInstance } from '../storage/stored-instance.ts';
import { ChangeFeed } from './change-feed.ts';
import { Expiry } from './expiry.ts';
import { ExtendedQueryTags } from './extended-query-tags.ts';
import type { Located } from './extended-query-tags.ts';
import { Operations } from './operations.ts';
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
  readonly now: () => number;

  private constructor(parts: {
    partitions: Partitions;
    feed: ChangeFeed;
    tags: ExtendedQueryTags;
    operations: Operations;
    workItems: WorkItems;
    expiry: Expiry;
    now: () => number;
  }) {
    this.partitions = parts.partitions;
    this.feed = parts.feed;
    this.tags = parts.tags;
    this.operations = parts.operations;
    this.workItems = parts.workItems;
    this.expiry = parts.expiry;
    this.now = parts.now;
  }

  /** Opens a data folder. @throws {EmulatorStartError} ERR_EMULATOR_DATA_FOLDER */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const { dataDir, now } = options;
    const state = (name: string) => join(dataDir, STATE_FOLDER, name);
    const partitions = await Partitions.open(
      dataDir,
      state('partitions.json'),
      now,
      options.partitions
    );
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
    return new Archive({ partitions, feed, tags, operations, workItems, expiry, now });
  }

  /** How many instances there are in all partitions. */
  get instanceCount(): number {
    return this.partitions.list().reduce((sum, { store }) => sum + store.index.count, 0);
  }

  /** All instances of all partitions. */
  instances(): Located[] {
    return [...located(this.partitions)];
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
    const updated = replaced && options.replace === 'keepOriginal';
    this.feed.append(subject, updated ? 'Update' : 'Create', instance.watermark);
    return outcome;
  }

  /** Removes what a scope names. @returns how many instances there were. */
  async remove(partition: Partition, scope: Scope): Promise<number> {
    const { store, name: partitionName } = partition;
    const instances = [...store.index.find(scope)];
    if (instances.length === 0) return 0;
    await store.remove(scope);
    for (const instance of instances) {
      const subject = { ...uidsOf(instance), partitionName };
      this.tags.remove(subject);
      this.feed.append(subject, 'Delete', instance.watermark);
    }
    return instances.length;
  }

  /** Removes the studies whose time has come. */
  async removeExpired(): Promise<void> {
    for (const { partitionName, studyInstanceUID } of await this.expiry.due(this.now())) {
      const partition = this.partitions.get(partitionName);
      if (partition) await this.remove(partition, { studyInstanceUID });
    }
  }

  /** Waits for what is being done and closes the files. */
  async close(): Promise<void> {
    await this.operations.stop();
    await this.partitions.settle();
    await this.feed.close();
    await this.tags.settle();
    await this.expiry.settle();
  }
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
