import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmulatorStartError } from '../emulator-start-error.ts';
import { InstanceStore } from '../storage/instance-store.ts';
import { JsonFile } from './json-file.ts';

/** The partition which is there from the beginning, and the only one without data partitions. */
export const DEFAULT_PARTITION = 'Microsoft.Default';

const FOLDER = '.partitions';
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Part of the data, with its own studies. */
export interface Partition {
  key: number;
  name: string;
  /** Milliseconds since 1970. */
  createdDate: number;
  store: InstanceStore;
}

type Entry = Pick<Partition, 'key' | 'name' | 'createdDate'>;

/** Whether a name may be given to a partition. [reference 4, Data partitions] */
export const isPartitionName = (name: string): boolean => NAME.test(name);

/**
 * The partitions: the default one lies in the data folder itself, the others in folders of
 * `.partitions`.
 */
export class Partitions {
  readonly #root: string;
  readonly #file: JsonFile<Entry[]>;
  readonly #now: () => number;
  readonly #partitions = new Map<string, Partition>();
  /** By names as the database compares them: without regard to case. */
  readonly #folded = new Map<string, Partition>();
  readonly #adding = new Map<string, Promise<Partition>>();
  /** Whether the feature is on. */
  readonly enabled: boolean;
  readonly default: Partition;

  private constructor(
    root: string,
    file: JsonFile<Entry[]>,
    now: () => number,
    enabled: boolean,
    first: Partition
  ) {
    this.#root = root;
    this.#file = file;
    this.#now = now;
    this.enabled = enabled;
    this.default = first;
    this.#keep(first);
  }

  /**
   * Opens the stores.
   *
   * @param statePath - the file of the list.
   * @throws {EmulatorStartError} ERR_EMULATOR_DATA_FOLDER; also when partitions are there and the
   *   feature is off.
   */
  static async open(
    root: string,
    statePath: string,
    now: () => number,
    enabled: boolean
  ): Promise<Partitions> {
    const store = await InstanceStore.open(root, now);
    const file = new JsonFile<Entry[]>(statePath);
    const entries = (await file.read()) ?? [];
    const first = entries.find(one => one.name === DEFAULT_PARTITION);
    const partitions = new Partitions(root, file, now, enabled, {
      key: 1,
      name: DEFAULT_PARTITION,
      createdDate: first?.createdDate ?? now(),
      store,
    });
    const folders = await foldersOf(join(root, FOLDER));
    if (!enabled && folders.length > 0) {
      throw new EmulatorStartError(
        'ERR_EMULATOR_DATA_FOLDER',
        `Data partitions feature cannot be disabled while existing data has already been partitioned: ${root} has ${folders.length} partitions.`
      );
    }
    for (const folder of folders) {
      const name = folder.slice(1);
      const known = entries.find(one => one.name === name);
      const key = known?.key ?? Math.max(1, ...entries.map(one => one.key)) + 1;
      const entry = known ?? { key, name, createdDate: now() };
      if (!known) entries.push(entry);
      await partitions.#open(entry);
    }
    return partitions;
  }

  /** All partitions, oldest first. */
  list(): Partition[] {
    return [...this.#partitions.values()].sort((a, b) => a.key - b.key);
  }

  /**
   * The partition of a name, in any case; it keeps the name under which it was made.
   * [source Partition.sql without a collation of its own, default-azuredeploy.json with
   * SQL_Latin1_General_CP1_CI_AS]
   */
  get(name: string): Partition | undefined {
    return this.#partitions.get(name) ?? this.#folded.get(name.toLowerCase());
  }

  /** Gives a partition, making it if need be. @param name - a valid one. */
  async getOrAdd(name: string): Promise<Partition> {
    const present = this.get(name);
    if (present) return present;
    const folded = name.toLowerCase();
    const adding = this.#adding.get(folded) ?? this.#add(name);
    this.#adding.set(folded, adding);
    try {
      return await adding;
    } finally {
      this.#adding.delete(folded);
    }
  }

  async settle(): Promise<void> {
    for (const { store } of this.#partitions.values()) await store.settle();
    await this.#file.settle();
  }

  async #add(name: string): Promise<Partition> {
    const key = Math.max(...this.list().map(one => one.key)) + 1;
    const partition = await this.#open({ key, name, createdDate: this.#now() });
    await this.#file.write(this.list().map(({ store, ...entry }) => (void store, entry)));
    return partition;
  }

  async #open(entry: Entry): Promise<Partition> {
    // The letter in front keeps names such as `..` below the folder.
    const store = await InstanceStore.open(join(this.#root, FOLDER, `_${entry.name}`), this.#now);
    const partition = { ...entry, store };
    this.#keep(partition);
    return partition;
  }

  #keep(partition: Partition): void {
    this.#partitions.set(partition.name, partition);
    const folded = partition.name.toLowerCase();
    if (!this.#folded.has(folded)) this.#folded.set(folded, partition);
  }
}

async function foldersOf(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter(one => one.isDirectory() && one.name.startsWith('_') && NAME.test(one.name.slice(1)))
      .map(one => one.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
