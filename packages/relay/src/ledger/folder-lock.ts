import { randomBytes } from 'node:crypto';
import { link, rename, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { LedgerError, systemCode } from './ledger-error.ts';

const NAME = 'ledger.lock';
/** Longest path of a Unix socket on Linux is 107 bytes, on macOS 103 (sun_path). */
const MAX_SOCKET_PATH = 103;
const SUFFIX_LENGTH = 9;

/** A folder that this process has for itself. */
export interface FolderLock {
  /** Whether it still has. A file system that was unmounted, or a second relay, takes it away. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/** Whether a process listens on the socket; the kernel knows, whatever became of who made it. */
function isListening(socket: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const line = connect(socket);
    line.once('connect', () => {
      line.destroy();
      resolve(true);
    });
    line.once('error', error => {
      const code = systemCode(error);
      if (code === 'ECONNREFUSED' || code === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}

function listen(socket: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(line => line.destroy());
    server.once('error', reject);
    server.listen(socket, () => resolve(server.unref()));
  });
}

const inodeOf = async (file: string): Promise<bigint> => (await stat(file, { bigint: true })).ino;

/**
 * Takes a folder: a Unix socket in it on which this process listens. Node has no file locks, and a file with a process id outlives a crash and
 * lies in containers, where ids repeat; a socket is answered exactly as long as its process lives, across containers of one machine too. It does not
 * reach across machines: a ledger on a network file system must be used by one machine alone.
 * @throws {LedgerError} ERR_RELAY_LEDGER_LOCKED when another relay has it; ERR_RELAY_LEDGER_WRITE when there can be no socket in the folder.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const lock = path.resolve(folder, NAME);
  if (Buffer.byteLength(lock) + SUFFIX_LENGTH > MAX_SOCKET_PATH) {
    throw new LedgerError(
      'ERR_RELAY_LEDGER_WRITE',
      `The path of RELAY_DATA is too long for a lock: expected at most ${MAX_SOCKET_PATH - SUFFIX_LENGTH - NAME.length - 1} bytes.`
    );
  }
  const own = `${lock}.${randomBytes(4).toString('hex')}`;
  let server: Server | undefined;
  try {
    server = await listen(own);
    const inode = await inodeOf(own);
    await take(own, lock);
    const isHeld = async (): Promise<boolean> =>
      inode === (await inodeOf(lock).catch(() => undefined));
    const running = server;
    return {
      isHeld,
      release: async () => {
        if (await isHeld()) await rm(lock, { force: true });
        await new Promise<void>(resolve => running.close(() => resolve()));
      },
    };
  } catch (cause) {
    server?.close();
    await rm(own, { force: true }).catch(() => undefined);
    if (cause instanceof LedgerError) throw cause;
    throw new LedgerError(
      'ERR_RELAY_LEDGER_WRITE',
      `The folder RELAY_DATA cannot be locked (${systemCode(cause)}): expected a folder on a local file system that the relay may write to.`,
      { cause }
    );
  }
}

/** Gives the socket the name that all agree on, when nobody listens under it. */
async function take(own: string, lock: string): Promise<void> {
  try {
    await link(own, lock);
    await rm(own, { force: true });
    return;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
  if (await isListening(lock)) {
    throw new LedgerError(
      'ERR_RELAY_LEDGER_LOCKED',
      'Another relay works with this ledger: expected one relay for each folder RELAY_DATA (several relays share a PostgreSQL, RELAY_DATABASE_URL).'
    );
  }
  // Left by a relay that was killed. Should two relays come here at the same moment, the later takes it, and the earlier notices before it writes.
  await rename(own, lock);
}
