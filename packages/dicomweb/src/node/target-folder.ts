import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { link, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { asFolderError, FolderError } from './folder-error.ts';
import { safeName } from './layout.ts';

const INCOMING = '.incoming-';

/** A file that has not its final name yet. */
export interface IncomingFile {
  readonly path: string;
  readonly handle: FileHandle;
}

/** How files are opened for writing; a parameter, so that a full disk can be had in a test. */
export type OpenFile = (path: string, flags: string, mode: number) => Promise<FileHandle>;

/** Whether a process of this machine runs. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The folder that is retrieved to: files come under a temporary name in a folder of this run, are synced, and get their final name. Nothing
 * is written outside it, not even where a symbolic link in it leads there.
 */
export class TargetFolder {
  /** As it was given. */
  readonly name: string;
  readonly #root: string;
  readonly #incoming: string;
  readonly #openFile: OpenFile;
  readonly #checked = new Set<string>();

  private constructor(name: string, root: string, incoming: string, openFile: OpenFile) {
    this.name = name;
    this.#root = root;
    this.#incoming = incoming;
    this.#openFile = openFile;
  }

  /**
   * Makes the folder where it is not there, and removes what runs left behind that were killed on this machine.
   * @throws {FolderError}
   */
  static async open(name: string, openFile: OpenFile = open): Promise<TargetFolder> {
    const own = `${INCOMING}${safeName(hostname())}-`;
    try {
      await mkdir(name, { recursive: true });
      const root = await realpath(name);
      for (const entry of await readdir(root)) {
        const pid = entry.startsWith(own) ? Number.parseInt(entry.slice(own.length), 10) : NaN;
        if (Number.isNaN(pid) || pid === process.pid || isRunning(pid)) continue;
        await rm(path.join(root, entry), { recursive: true, force: true });
      }
      const incoming = path.join(root, `${own}${process.pid}-${randomUUID()}`);
      await mkdir(incoming, { mode: 0o700 });
      return new TargetFolder(name, root, incoming, openFile);
    } catch (error) {
      throw asFolderError(name, error);
    }
  }

  /** The final path of a file. @param relative - of safe names, with `/`. */
  pathOf(relative: string): string {
    return path.join(this.#root, ...relative.split('/'));
  }

  /** A path as it is told: the folder as it was given, and the path in it. */
  shown(relative: string): string {
    return path.join(this.name, ...relative.split('/'));
  }

  /** A new temporary file. @throws {FolderError} */
  async receive(): Promise<IncomingFile> {
    const file = path.join(this.#incoming, `${randomUUID()}.part`);
    try {
      return { path: file, handle: await this.#openFile(file, 'wx', 0o644) };
    } catch (error) {
      throw asFolderError(this.name, error);
    }
  }

  async discard(file: IncomingFile): Promise<void> {
    await file.handle.close().catch(() => undefined);
    await rm(file.path, { force: true });
  }

  /**
   * Gives a file, which is synced and closed, its final name.
   * @returns false when there is a file already, which stays.
   * @throws {FolderError} also when the place is outside the folder.
   */
  async keep(file: string, relative: string): Promise<boolean> {
    const target = this.pathOf(relative);
    try {
      await this.#makeParent(path.dirname(target));
      try {
        // Unlike a renaming, a link never takes the place of another file.
        await link(file, target);
        await rm(file);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST') {
          await rm(file, { force: true });
          return false;
        }
        // File systems without hard links (FAT, some network shares).
        if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'EMLINK') {
          throw error;
        }
        await rename(file, target);
      }
      return true;
    } catch (error) {
      throw asFolderError(this.name, error);
    }
  }

  async #makeParent(parent: string): Promise<void> {
    if (this.#checked.has(parent)) return;
    // From the top: a symbolic link that leads outside must not have folders made behind it.
    const steps = path.relative(this.#root, parent).split(path.sep).filter(Boolean);
    let at = this.#root;
    for (const step of steps) {
      at = path.join(at, step);
      if (this.#checked.has(at)) continue;
      await mkdir(at).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      const real = await realpath(at);
      if (real !== this.#root && !real.startsWith(this.#root + path.sep)) {
        throw new FolderError('ERR_RETRIEVE_FOLDER', `${at}: leads outside ${this.name}`);
      }
      this.#checked.add(at);
    }
  }

  /** Syncs the folders that have new files, and removes the temporary one. */
  async close(): Promise<void> {
    for (const folder of [...this.#checked, this.#root]) {
      // Not every system can open a folder; a name that is lost then is only fetched again.
      const handle = await open(folder, 'r').catch(() => undefined);
      await handle?.sync().catch(() => undefined);
      await handle?.close().catch(() => undefined);
    }
    await rm(this.#incoming, { recursive: true, force: true });
  }
}
