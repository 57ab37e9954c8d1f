import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileOutcome } from './file-outcome.ts';
import type { StoreFilesOptions, StoreFilesResult, StoringClient } from './store-files-options.ts';
import { StoreRun } from './store-run.ts';

/**
 * Stores files and folder trees: Part 10 files are found by their content, other files are left aside, and each file has one outcome.
 * Files are packed into requests by size and count, several are in flight, and files are read only as they are sent. What is transient is
 * tried again; a request that is refused as a whole is halved until the culprit is found; an outcome that was lost is asked for, and
 * nothing is sent again without asking. Of two files with the same SOP Instance UID the second waits for the first.
 * @param paths - files and folders, in any mixture; folders are walked to their leaves.
 * @returns when every file has its outcome, also when the run was stopped (`stoppedBy`).
 * @throws TypeError for an option out of its bounds, or a journal of another service.
 * @throws {JournalError} ERR_STORE_JOURNAL_NOT_WRITABLE; what `onOutcome` and `onProgress` throw. Nothing more is sent then.
 * @see PS3.18 10.5 Store Transaction
 */
export async function storeFiles(
  client: StoringClient,
  paths: Iterable<string> | AsyncIterable<string>,
  options: StoreFilesOptions = {}
): Promise<StoreFilesResult> {
  const given: string[] = [];
  for await (const file of paths) given.push(file);
  return new StoreRun(client, options).run(given);
}

/**
 * Stores one instance that comes as a stream. It is first written to a temporary file (readable by this user alone), since it may have to
 * be sent again (401, 429, 503), and is removed afterwards.
 * @param name - stands as `file` in the outcome.
 * @param options - as of {@link storeFiles}, without a journal: a stream cannot be read again.
 * @throws what the stream and the file system throw; as {@link storeFiles}.
 */
export async function storeStream(
  client: StoringClient,
  stream: AsyncIterable<Uint8Array>,
  name: string,
  options: Omit<StoreFilesOptions, 'journal' | 'onOutcome'> = {}
): Promise<FileOutcome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ohif-azure-store-'));
  try {
    const file = path.join(folder, 'instance');
    const handle = await open(file, 'wx', 0o600);
    try {
      for await (const piece of stream) {
        options.signal?.throwIfAborted();
        await handle.appendFile(piece);
      }
    } finally {
      await handle.close();
    }
    let outcome: FileOutcome | undefined;
    const onOutcome = (told: FileOutcome): void => void (outcome = told);
    await storeFiles(client, [file], { ...options, onOutcome });
    return { ...(outcome as FileOutcome), file: name };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
