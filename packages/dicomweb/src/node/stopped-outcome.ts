import { isProjectError } from '@ohif-azure/core';
import { describeHttpStatus } from '../status-text.ts';
import type { FileOutcome } from './file-outcome.ts';
import { plainOutcome } from './file-to-store.ts';
import type { FileToStore } from './file-to-store.ts';
import type { StoreContext } from './store-context.ts';

/** Why a run was stopped, in words. */
export function describeStop(reason: unknown): Pick<FileOutcome, 'message' | 'remedy'> {
  if (!isProjectError(reason)) return { message: 'The run was stopped before it was sent.' };
  const { httpStatus } = reason as { httpStatus?: unknown };
  const remedy = typeof httpStatus === 'number' ? describeHttpStatus(httpStatus).remedy : undefined;
  return { message: `The run was stopped: ${reason.message}`, remedy };
}

/** The outcome of a file when the run is stopped before it has one. */
export function stoppedOutcome(
  file: FileToStore,
  context: Pick<StoreContext, 'stoppedBy'>
): FileOutcome {
  if (file.mustAsk) {
    return plainOutcome(file, 'unknown', {
      message: 'The run was stopped while it was being sent; the server was not asked yet.',
      remedy:
        'Run it again with the same journal: the server is asked first, and nothing is sent twice.',
      retry: 'ambiguous',
    });
  }
  return plainOutcome(file, 'notSent', {
    ...describeStop(context.stoppedBy()),
    retry: 'transient',
  });
}
