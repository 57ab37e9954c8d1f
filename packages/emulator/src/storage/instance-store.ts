import { randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { access, constants, mkdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { EmulatorStartError } from '../emulator-start-error.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { CommitQueue } from './commit-queue.ts';
import { makeFoldersFor, moveInto, removeFrom } from './durable-files.ts';
import { InstanceIndex } from './instance-index.ts';
import type { Scope } from './instance-index.ts';
import { InstanceJournal } from './instance-journal.ts';
import { movedTo, ORIGINAL_SUFFIX, readInstances } from './read-instances.ts';
import { heldFile, removeReceived, spillToDisk } from './received-files.ts';
import { stateOf } from './scan-folder.ts';
import { describeInstance, identifierOf } from './stored-instance.ts';
import type { ApiVersion, InstanceIdentifier, StoredInstance } from './stored-instance.ts';

const INCOMING = '.incoming';

/** How an attempt to keep an instance ended. */
export type AddOutcome = 'stored' | 'alreadyStored' | 'beingStored';

/** How {@link InstanceStore.add} treats an instance which is there already. */
export interface AddOptions {
  /** Puts the new file in its place and forgets the old one. Without it the old one stays. */
  replace?: boolean;
}

/** A new version of an instance. */
export interface Replacement {
  /** The version which it replaces. */
  replaced: StoredInstance;
  /** The new version, in a temporary file; its watermark does not count. */
  file: StoredInstance;
}

/**
 * The instances on disk and their index. The Part 10 files are the truth:
 * `<data folder>/<study>/<series>/<instance>_<watermark>_v<API version>.dcm`.
 * A file gets its name only when all of it was received. The index beside the files, in
 * `<data folder>/.index`, spares reading them at start and is made anew where it does not match.
 */
export class InstanceStore {
  readonly #root: string;
  readonly #now: () => number;
  readonly #beingStored = new Set<string>();
  readonly #commits = new CommitQueue();
  #journal: InstanceJournal;
  #lastWatermark = 0;
  readonly index = new InstanceIndex();

  private constructor(root: string, now: () => number, journal: InstanceJournal) {
    this.#root = root;
    this.#now = now;
    this.#journal = journal;
  }

  /**
   * Opens a data folder, making it if need be. Leftovers of an interrupted Store are removed;
   * files which are no Part 10 files are left alone.
   *
   * @throws {EmulatorStartError} ERR_EMULATOR_DATA_FOLDER
   */
  static async open(dataDir: string, now: () => number): Promise<InstanceStore> {
    const root = resolve(dataDir);
    try {
      await mkdir(root, { recursive: true });
      await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
      await rm(join(root, INCOMING), { recursive: true, force: true });
      await mkdir(join(root, INCOMING));
      const store = new InstanceStore(root, now, InstanceJournal.open(root));
      const read = await readInstances(root, store.#journal, store.index);
      store.#journal = read.journal;
      store.#lastWatermark = read.lastWatermark;
      return store;
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
      throw new EmulatorStartError(
        'ERR_EMULATOR_DATA_FOLDER',
        `The data folder ${dataDir} cannot be used (${reason}). Choose a folder which this user may read and write.`,
        { cause }
      );
    }
  }

  /** A new path on the store's disk for bytes which are not an instance yet. */
  temporaryPath(): string {
    return join(this.#root, INCOMING, `${randomUUID()}.part`);
  }

  /** Removes a temporary file, if it is still there. */
  async discard(temporaryPath: string): Promise<void> {
    removeReceived(temporaryPath);
  }

  /**
   * Keeps a temporary file as an instance. Its data set must have its three UIDs.
   * When this gives `'stored'`, the instance survives any crash.
   *
   * @throws a system error when the disk takes nothing; see `isDiskFailure`. Nothing is changed then.
   */
  async add(
    temporaryPath: string,
    header: Part10Header,
    version: ApiVersion,
    { replace }: AddOptions = {}
  ): Promise<AddOutcome> {
    const identifier = identifierOf(header);
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = identifier;
    const key = keyOf(identifier);
    if (!replace && this.index.has(identifier)) return 'alreadyStored';
    if (this.#beingStored.has(key)) return 'beingStored';
    this.#beingStored.add(key);
    try {
      const watermark = this.#nextWatermark();
      const name = `${sopInstanceUID}_${watermark}_v${version}.dcm`;
      const path = join(this.#root, studyInstanceUID, seriesInstanceUID, name);
      const describe = (size: number) =>
        describeInstance(header, version, { path, size, watermark });
      const present = replace ? this.index.get(identifier) : undefined;
      const held = present ? undefined : heldFile(temporaryPath);
      const instance = held
        ? await this.#write(describe(held.length), temporaryPath, held)
        : await this.#move(describe, temporaryPath, path, present);
      this.index.add(instance);
      return 'stored';
    } finally {
      this.#beingStored.delete(key);
    }
  }

  /**
   * Puts new versions in the place of instances, all at once for whoever reads, and keeps the first
   * version of each. Instances which are no longer what was to be replaced stay as they are.
   *
   * @param told - learns of the new versions when they are in place.
   * @returns when they survive any crash.
   * @throws a system error when the disk takes nothing. Nothing is changed then.
   */
  async replaceAll(
    replacements: readonly Replacement[],
    told: (instances: readonly StoredInstance[]) => void
  ): Promise<void> {
    const current = replacements.filter(
      ({ replaced }) => this.index.get(replaced) === replaced && !this.#isBeingStored(replaced)
    );
    await this.#commits.run(touched => {
      const moved = current.map(({ replaced, file }) => this.#newVersion(replaced, file));
      const done: typeof moved = [];
      try {
        for (const one of moved) {
          keepOriginal(one.replaced);
          done.push(one);
          moveInto(one.temporaryPath, one.instance.path, this.#root, touched);
          touched.add(one.instance.path);
        }
      } catch (error) {
        for (const { replaced, instance } of done.reverse()) {
          removeFrom(instance.path, this.#root, touched);
          giveBack(replaced);
        }
        throw error;
      }
      const instances = moved.map(({ replaced, instance, state }) => {
        const known = this.#journal.add(instance, state);
        known.original = this.#originalOf(replaced);
        this.index.add(known);
        return known;
      });
      for (const { replaced } of moved) {
        if (replaced.original) removeFrom(replaced.path, this.#root, touched);
      }
      told(instances);
    });
  }

  #newVersion(replaced: StoredInstance, file: StoredInstance) {
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = replaced;
    const watermark = this.#nextWatermark();
    const name = `${sopInstanceUID}_${watermark}_v${replaced.version}.dcm`;
    const path = join(this.#root, studyInstanceUID, seriesInstanceUID, name);
    const state = { path: relative(this.#root, path), ...stateOf(file.path) };
    const instance = { ...file, path, watermark };
    return { replaced, instance, state, temporaryPath: file.path };
  }

  /** Removes the instances of a scope, with their originals. @returns how many there were. */
  async remove(scope: Scope): Promise<number> {
    const instances = this.index.find(scope);
    for (const instance of instances) this.index.remove(instance);
    await this.#commits.run(touched => {
      for (const { path, original } of instances) {
        if (original) removeFrom(original.path, this.#root, touched);
        removeFrom(path, this.#root, touched);
      }
    });
    return instances.length;
  }

  /** Waits until what is being moved or removed is done, and closes the files of the index. */
  async settle(): Promise<void> {
    await this.#commits.settle();
    this.#journal.close();
  }

  /** Keeps a file which is in memory. */
  async #write(
    described: StoredInstance,
    temporaryPath: string,
    bytes: Uint8Array
  ): Promise<StoredInstance> {
    const { path, size } = described;
    const mtimeMs = await this.#commits.write({ temporaryPath, path, bytes }, touched =>
      makeFoldersFor(path, this.#root, touched)
    );
    return this.#journal.add(described, { path: relative(this.#root, path), size, mtimeMs });
  }

  /** Keeps a file which is on the disk, in the place of `present` if that is given. */
  async #move(
    describe: (size: number) => StoredInstance,
    temporaryPath: string,
    path: string,
    present: StoredInstance | undefined
  ): Promise<StoredInstance> {
    spillToDisk(temporaryPath);
    const state = { path: relative(this.#root, path), ...stateOf(temporaryPath) };
    const described = describe(state.size);
    await this.#commits.run(touched => {
      // Its bytes are flushed together with its name, which costs half the time. A power failure
      // in between may leave the name with a part of the bytes, which is not taken up at start.
      moveInto(temporaryPath, path, this.#root, touched);
      touched.add(path);
      if (!present) return;
      removeFrom(present.path, this.#root, touched);
      if (present.original) removeFrom(present.original.path, this.#root, touched);
    });
    return this.#journal.add(described, state);
  }

  #originalOf(present: StoredInstance): StoredInstance {
    if (present.original) return present.original;
    const path = present.path + ORIGINAL_SUFFIX;
    const state = { path: relative(this.#root, path), ...stateOf(path) };
    return this.#journal.add(movedTo(present, path), state);
  }

  #isBeingStored(identifier: InstanceIdentifier): boolean {
    return this.#beingStored.has(keyOf(identifier));
  }

  #nextWatermark(): number {
    this.#lastWatermark = Math.max(this.#lastWatermark + 1, this.#now());
    return this.#lastWatermark;
  }
}

const keyOf = ({ studyInstanceUID, seriesInstanceUID, sopInstanceUID }: InstanceIdentifier) =>
  `${studyInstanceUID}/${seriesInstanceUID}/${sopInstanceUID}`;

/** The first version moves aside; of later ones nothing is kept. */
function keepOriginal(present: StoredInstance): void {
  if (!present.original) renameSync(present.path, present.path + ORIGINAL_SUFFIX);
}

function giveBack(present: StoredInstance): void {
  if (!present.original) renameSync(present.path + ORIGINAL_SUFFIX, present.path);
}
