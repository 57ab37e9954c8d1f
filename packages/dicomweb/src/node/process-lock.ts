import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';

/** How often the holder of a lock says that it is alive, and after how long a holder on another machine counts as gone (milliseconds). */
const HEARTBEAT_MS = 5000;
const GONE_AFTER_MS = 60_000;

/** Who has a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts it, where it tells: process ids are given out again. */
  readonly started?: string;
  /** Tells two locks of one process apart. */
  readonly id: string;
}

/** Another process has the lock. */
export class LockedError extends Error {
  readonly holder: LockHolder | undefined;

  constructor(holder: LockHolder | undefined) {
    super('locked');
    this.holder = holder;
  }
}

/** When a process began, in the system's ticks; undefined where the system does not tell, or has no such process. */
function startOf(pid: number): string | undefined {
  try {
    // The name of the program, in parentheses, may have spaces and parentheses itself.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[19];
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function holderOf(path: string): Promise<LockHolder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

async function isGone(path: string, holder: LockHolder | undefined): Promise<boolean> {
  if (holder?.host === hostname()) {
    if (!isAlive(holder.pid)) return true;
    const started = startOf(holder.pid);
    return holder.started !== undefined && started !== undefined && started !== holder.started;
  }
  // On another machine, or written only in part: only its age tells.
  const { mtimeMs } = await stat(path);
  return Date.now() - mtimeMs > GONE_AFTER_MS;
}

async function tryCreate(path: string, holder: LockHolder): Promise<boolean> {
  // Written whole under another name first: nobody ever sees half a lock.
  const own = `${path}.${holder.id}`;
  const handle = await open(own, 'wx', 0o600);
  try {
    await handle.writeFile(JSON.stringify(holder));
  } finally {
    await handle.close();
  }
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

/** Takes a lock away from a holder that is gone. @returns false when it was another's in the end. */
async function clear(path: string, gone: LockHolder | undefined): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    // Somebody else was first.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw error;
  }
  const taken = await holderOf(aside);
  const isTheirs = taken?.id === gone?.id;
  if (!isTheirs) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
  return isTheirs;
}

/**
 * Takes a lock that ends with its process at the latest: a file that names the process. What a process that is gone left behind is taken
 * over: on the same machine by process id and start, else when it gave no sign of life for a minute.
 * @returns gives the lock back.
 * @throws {LockedError}; what the file system throws.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  const holder: LockHolder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    id: randomUUID(),
  };
  for (let attempt = 0; !(await tryCreate(path, holder)); attempt += 1) {
    const other = await holderOf(path);
    const gone = await isGone(path, other).catch(() => false);
    if (attempt >= 3 || (!gone && other !== undefined)) throw new LockedError(other);
    if (gone && !(await clear(path, other))) throw new LockedError(await holderOf(path));
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    const present = await holderOf(path);
    if (present?.id === holder.id) await rm(path, { force: true });
  };
}
