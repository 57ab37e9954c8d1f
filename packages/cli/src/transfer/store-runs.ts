import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { makeFolder } from '../files/make-folder.ts';
import { writeWhole } from '../files/write-whole.ts';

/** A run of `store`, as it is kept for `--resume`. */
export interface StoreRun {
  readonly folder: string;
  /** The DICOMweb root it stores to. */
  readonly serviceUrl: string;
  /** What it was given, absolute. */
  readonly paths: readonly string[];
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly journal: string;
  /** Where its report goes unless `--report` says otherwise. */
  readonly report: string;
}

/** Runs older than this are forgotten when a new one begins, in milliseconds: 90 days. */
const KEPT_MS = 90 * 24 * 3_600_000;
const RUN_FILE = 'run.json';

/**
 * Where runs are kept: `OHIF_AZURE_STATE`, else `$XDG_STATE_HOME/ohif-azure`, else `~/.local/state/ohif-azure`; on Windows
 * `%LOCALAPPDATA%\ohif-azure`.
 * @see XDG Base Directory Specification, XDG_STATE_HOME
 */
export function stateFolder(
  env: Readonly<Record<string, string | undefined>> = process.env
): string {
  const { OHIF_AZURE_STATE, XDG_STATE_HOME, LOCALAPPDATA } = env;
  if (OHIF_AZURE_STATE) return path.resolve(OHIF_AZURE_STATE);
  if (process.platform === 'win32' && LOCALAPPDATA) return path.join(LOCALAPPDATA, 'ohif-azure');
  return path.join(XDG_STATE_HOME || path.join(homedir(), '.local', 'state'), 'ohif-azure');
}

function runOf(
  folder: string,
  facts: Pick<StoreRun, 'serviceUrl' | 'paths' | 'startedAt'>
): StoreRun {
  return {
    folder,
    ...facts,
    journal: path.join(folder, 'journal.jsonl'),
    report: path.join(folder, 'report.jsonl'),
  };
}

async function readRun(folder: string): Promise<StoreRun | undefined> {
  try {
    const facts = JSON.parse(await readFile(path.join(folder, RUN_FILE), 'utf8')) as Record<
      string,
      unknown
    >;
    const { serviceUrl, paths, startedAt } = facts;
    if (typeof serviceUrl !== 'string' || typeof startedAt !== 'number' || !Array.isArray(paths))
      return undefined;
    return runOf(folder, { serviceUrl, startedAt, paths: paths.map(String) });
  } catch {
    return undefined;
  }
}

/** All runs that are kept, the newest first. */
export async function storeRuns(state: string): Promise<StoreRun[]> {
  const folder = path.join(state, 'store');
  const names = await readdir(folder).catch(() => []);
  const runs = await Promise.all(names.map(name => readRun(path.join(folder, name))));
  return runs.filter(run => run !== undefined).sort((a, b) => b.startedAt - a.startedAt);
}

/**
 * Begins a run; only this user may look into its folder.
 * @throws the error of `node:fs` when it cannot be made.
 */
export async function beginRun(
  state: string,
  facts: Pick<StoreRun, 'serviceUrl' | 'paths'>,
  now: number
): Promise<StoreRun> {
  for (const old of await storeRuns(state)) {
    if (now - old.startedAt > KEPT_MS) await rm(old.folder, { recursive: true, force: true });
  }
  const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const folder = path.join(state, 'store', `${stamp}-${randomBytes(3).toString('hex')}`);
  await makeFolder(folder, 0o700);
  const run = runOf(folder, { ...facts, startedAt: now });
  const { serviceUrl, paths, startedAt } = run;
  await writeWhole(
    path.join(folder, RUN_FILE),
    `${JSON.stringify({ serviceUrl, paths, startedAt }, null, 2)}\n`
  );
  return run;
}

/** Two runs are of the same files when they were given the same paths, in any order. */
export function hasPaths({ paths }: StoreRun, wanted: readonly string[]): boolean {
  return [...paths].sort().join('\0') === [...wanted].sort().join('\0');
}
