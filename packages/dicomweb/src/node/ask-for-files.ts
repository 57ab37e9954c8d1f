import { sleep } from '@ohif-azure/core';
import type { Settlement } from '../settle.ts';
import { isNamed } from './file-identity.ts';
import { plainOutcome, presentOutcome } from './file-to-store.ts';
import type { FileToStore } from './file-to-store.ts';
import type { StoreContext } from './store-context.ts';

/** Questions in flight at once. */
const LANES = 8;
/** How often a question that got no plain answer is asked again. */
const MAX_ROUNDS = 8;
/** A server may still be at work on a request that was cut; how long it is given before an absence counts, in milliseconds. */
const LATE_STORE_PAUSE_MS = 1000;

const NOT_KNOWN = {
  message: 'It is not known whether the server stored it, and the server could not be asked.',
  remedy:
    'Run it again with the same journal: the server is asked first, and nothing is sent twice.',
  retry: 'ambiguous',
} as const;

const NOT_NAMED = {
  message:
    'It is not known whether the server stored it, and it cannot be asked for, since its UIDs are not readable.',
  remedy: 'Check the file. An instance without its UIDs is not stored by a DICOM service.',
  retry: 'permanent',
} as const;

async function settleAll(
  context: StoreContext,
  files: readonly FileToStore[]
): Promise<Map<FileToStore, Settlement>> {
  const { client, requestSignal: signal, onWaiting } = context;
  const settlements = new Map<FileToStore, Settlement>();
  const left = files[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const file of left) {
      settlements.set(file, await client.settle(file.identity, { signal, onWaiting }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, files.length) }, lane));
  return settlements;
}

/** Finishes those that the server has, or has another object for; gives those that it does not have. */
async function askOnce(
  context: StoreContext,
  files: readonly FileToStore[]
): Promise<FileToStore[]> {
  const { clock, patience, signal, finish } = context;
  const absent: FileToStore[] = [];
  let open = files;
  for (let round = 0; open.length > 0; round += 1) {
    const startedMs = clock.now();
    try {
      await patience.pass(signal);
    } catch {
      break;
    }
    const settlements = await settleAll(context, open);
    const unknown: FileToStore[] = [];
    for (const [file, settlement] of settlements) {
      if (settlement === 'present') {
        await finish(file, presentOutcome(file));
      } else if (settlement === 'different') {
        await finish(
          file,
          plainOutcome(file, 'rejected', {
            message: 'The server has another object with the same UID, so this one was not stored.',
            remedy: 'Give it a UID of its own.',
            retry: 'permanent',
            settled: true,
          })
        );
      } else (settlement === 'absent' ? absent : unknown).push(file);
    }
    open = unknown;
    if (open.length === 0) {
      patience.succeeded();
      return absent;
    }
    if (signal.aborted || round + 1 >= MAX_ROUNDS) break;
    if (!patience.failed('unreachable', startedMs)) break;
  }
  for (const file of open) await finish(file, plainOutcome(file, 'unknown', NOT_KNOWN));
  return absent;
}

/**
 * Asks for files that may be stored: their request was cut, or an earlier run was ended while it sent them. An absence counts only when
 * it is the same after a pause.
 * @returns those that the server does not have, and that may be sent; all others are finished.
 */
export async function askForFiles(
  context: StoreContext,
  files: readonly FileToStore[]
): Promise<FileToStore[]> {
  const { clock, signal, finish } = context;
  for (const file of files) {
    if (!isNamed(file.identity)) await finish(file, plainOutcome(file, 'unknown', NOT_NAMED));
  }
  let absent = await askOnce(
    context,
    files.filter(({ identity }) => isNamed(identity))
  );
  for (;;) {
    if (absent.length === 0) return absent;
    try {
      await sleep(clock, LATE_STORE_PAUSE_MS, signal);
    } catch {
      for (const file of absent) await finish(file, plainOutcome(file, 'unknown', NOT_KNOWN));
      return [];
    }
    const before = absent.length;
    absent = await askOnce(context, absent);
    // Some came meanwhile: the server is still at it.
    if (absent.length === before) break;
  }
  for (const file of absent) file.mustAsk = false;
  return absent;
}
