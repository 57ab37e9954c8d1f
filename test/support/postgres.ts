import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';

/** A PostgreSQL of this machine with an empty database. */
export interface Postgres {
  /** `postgres://...` of the database. */
  readonly url: string;
  /** Ends the server at once, as a crash would (SIGQUIT: no checkpoint). */
  crash(): Promise<void>;
  /** Starts it again on the same port and folder after {@link crash}. */
  restart(): Promise<void>;
  /** Ends it and removes the folder. */
  close(): Promise<void>;
}

/** Debian's programs stand in a folder of their version. */
function programs(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const [newest] = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  return newest && path.join(VERSIONS, newest, 'bin');
}

/** The account that the server runs as: it refuses to be root. */
function account(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

/** Why there can be no PostgreSQL for the tests here; undefined: there can. */
export function postgresMissing(): string | undefined {
  if (!programs()) return `no PostgreSQL in ${VERSIONS}`;
  const as = account();
  return as && !Number.isInteger(as.uid)
    ? 'root cannot run PostgreSQL, and there is no account postgres'
    : undefined;
}

/** Starts the machine's own PostgreSQL (Debian: postgresql) on a free port, in a folder of its own. */
export async function startPostgres(): Promise<Postgres> {
  const missing = postgresMissing();
  const bin = programs();
  if (missing !== undefined || !bin) throw new Error(missing);
  const as = account();
  // The account has to reach it; folders of the tests may be root's alone.
  const folder = await mkdtemp('/tmp/ohif-azure-postgres-');
  if (as) await chown(folder, as.uid, as.gid);
  const options = { ...as, cwd: folder };
  const data = path.join(folder, 'data');
  await run(
    path.join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'relay', '-E', 'UTF8', '--no-sync'],
    options
  );
  const port = await freePort();
  let server: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const flags = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder];
    server = spawn(path.join(bin, 'postgres'), flags, { ...options, stdio: 'ignore' });
    for (let tries = 0; tries < 300; tries += 1) {
      const ready = await run(
        path.join(bin, 'pg_isready'),
        ['-h', '127.0.0.1', '-p', String(port)],
        options
      ).then(
        () => true,
        () => false
      );
      if (ready) return;
      if (server.exitCode !== null) break;
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    throw new Error('PostgreSQL did not start');
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    server = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise(resolve => running.once('exit', resolve));
    running.kill(signal);
    await ended;
  };

  await start();
  return {
    url: `postgres://relay@127.0.0.1:${port}/postgres`,
    crash: () => end('SIGQUIT'),
    restart: start,
    close: async () => {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
