import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { EmulatorStartError } from '../emulator-start-error.ts';
import { checkPixelData, readHeader, withFile } from '../part10/part10-file.ts';
import { Part10FormatError } from '../part10/part10-reader.ts';
import type { Part10Header } from '../part10/part10-reader.ts';
import { filesBelow, flush, moveDurably, removeDurably } from './durable-files.ts';
import { InstanceIndex } from './instance-index.ts';
import type { Scope } from './instance-index.ts';
import { describeInstance, identifierOf } from './stored-instance.ts';
import type { ApiVersion, StoredInstance } from './stored-instance.ts';

const INCOMING = '.incoming';
const FILES_READ_AT_ONCE = 16;
/** `<SOP Instance UID>_<watermark>_v<API version>.dcm` */
const FILE_NAME = /_(\d+)_v([12])\.dcm$/;

/** How an attempt to keep an instance ended. */
export type AddOutcome = 'stored' | 'alreadyStored' | 'beingStored';

/**
 * The instances on disk and their index. The Part 10 files are the truth:
 * `<data folder>/<study>/<series>/<instance>_<watermark>_v<API version>.dcm`.
 * A file gets its name only when all of it is on the disk; the index is read from the files at start.
 */
export class InstanceStore {
  readonly #root: string;
  readonly #now: () => number;
  readonly #beingStored = new Set<string>();
  readonly index = new InstanceIndex();
  #lastWatermark = 0;
  #changes: Promise<unknown> = Promise.resolve();

  private constructor(root: string, now: () => number) {
    this.#root = root;
    this.#now = now;
  }

  /**
   * Opens a data folder, making it if need be, and reads its files. Leftovers of an interrupted
   * Store are removed; files which are no Part 10 files are left alone.
   *
   * @throws {EmulatorStartError} ERR_EMULATOR_DATA_FOLDER
   */
  static async open(dataDir: string, now: () => number): Promise<InstanceStore> {
    const store = new InstanceStore(resolve(dataDir), now);
    try {
      await mkdir(store.#root, { recursive: true });
      await access(store.#root, constants.R_OK | constants.W_OK | constants.X_OK);
      await rm(join(store.#root, INCOMING), { recursive: true, force: true });
      await mkdir(join(store.#root, INCOMING));
      await store.#readFiles();
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
      throw new EmulatorStartError(
        'ERR_EMULATOR_DATA_FOLDER',
        `The data folder ${dataDir} cannot be used (${reason}). Choose a folder which this user may read and write.`,
        { cause }
      );
    }
    return store;
  }

  /** A new path on the store's disk for bytes which are not an instance yet. */
  temporaryPath(): string {
    return join(this.#root, INCOMING, `${randomUUID()}.part`);
  }

  /** Removes a temporary file, if it is still there. */
  async discard(temporaryPath: string): Promise<void> {
    await rm(temporaryPath, { force: true });
  }

  /**
   * Keeps a temporary file as an instance. Its data set must have its three UIDs.
   * When this gives `'stored'`, the instance survives any crash.
   */
  async add(temporaryPath: string, header: Part10Header, version: ApiVersion): Promise<AddOutcome> {
    const identifier = identifierOf(header);
    const { studyInstanceUID, seriesInstanceUID, sopInstanceUID } = identifier;
    const key = `${studyInstanceUID}/${seriesInstanceUID}/${sopInstanceUID}`;
    if (this.index.has(identifier)) return 'alreadyStored';
    if (this.#beingStored.has(key)) return 'beingStored';
    this.#beingStored.add(key);
    try {
      await flush(temporaryPath);
      const { size } = await stat(temporaryPath);
      const watermark = this.#nextWatermark();
      const name = `${sopInstanceUID}_${watermark}_v${version}.dcm`;
      const path = join(this.#root, studyInstanceUID, seriesInstanceUID, name);
      const instance = describeInstance(header, version, { path, size, watermark });
      await this.#change(() => moveDurably(temporaryPath, path, this.#root));
      this.index.add(instance);
      return 'stored';
    } finally {
      this.#beingStored.delete(key);
    }
  }

  /** Removes the instances of a scope. @returns how many there were. */
  async remove(scope: Scope): Promise<number> {
    const instances = this.index.find(scope);
    for (const instance of instances) this.index.remove(instance);
    await this.#change(async () => {
      for (const instance of instances) await removeDurably(instance.path, this.#root);
    });
    return instances.length;
  }

  /** Waits until what is being moved or removed is done. */
  async settle(): Promise<void> {
    await this.#changes;
  }

  /** One change of folders after the other: a removal must not take a folder from an addition. */
  #change<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#changes.then(change);
    this.#changes = next.catch(() => undefined);
    return next;
  }

  #nextWatermark(): number {
    this.#lastWatermark = Math.max(this.#lastWatermark + 1, this.#now());
    return this.#lastWatermark;
  }

  async #readFiles(): Promise<void> {
    const paths = await filesBelow(this.#root);
    for (let start = 0; start < paths.length; start += FILES_READ_AT_ONCE) {
      const some = paths.slice(start, start + FILES_READ_AT_ONCE);
      for (const instance of await Promise.all(some.map(readStoredFile))) {
        if (instance) this.#adopt(instance);
      }
    }
  }

  /** Of two files with the same UIDs the older one counts, as it would have been stored first. */
  #adopt(instance: StoredInstance): void {
    const [present] = this.index.find(instance);
    if (!present || instance.watermark < present.watermark) this.index.add(instance);
    this.#lastWatermark = Math.max(this.#lastWatermark, instance.watermark);
  }
}

/** `undefined` for files which are no instance: the folder may hold others. */
async function readStoredFile(path: string): Promise<StoredInstance | undefined> {
  try {
    return await withFile(path, async file => {
      const header = await readHeader(file);
      await checkPixelData(file, header);
      if (Object.values(identifierOf(header)).includes('')) return undefined;
      const { size, mtimeMs } = await file.stat();
      const [, watermark, version] = FILE_NAME.exec(basename(path)) ?? [];
      return describeInstance(header, version === '1' ? 1 : 2, {
        path,
        size,
        watermark: watermark === undefined ? Math.floor(mtimeMs) : Number(watermark),
      });
    });
  } catch (error) {
    if (error instanceof Part10FormatError) return undefined;
    throw error;
  }
}
