import { ProjectError } from '@ohif-azure/core';
import type { Retry } from '@ohif-azure/core';

/** Codes of {@link FolderError}. */
export type FolderErrorCode = 'ERR_RETRIEVE_DISK_FULL' | 'ERR_RETRIEVE_FOLDER';

/**
 * The folder to retrieve to cannot be written.
 * - ERR_RETRIEVE_DISK_FULL: the disk, or the user's share of it, is full. What is there is whole; go on when there is room.
 * - ERR_RETRIEVE_FOLDER: it cannot be made or written, or leads outside itself (a symbolic link).
 */
export class FolderError extends ProjectError {
  override readonly code: FolderErrorCode;
  override readonly retry: Retry = 'permanent';

  constructor(code: FolderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What the system says of a file that cannot be written, as a {@link FolderError}; other errors stay what they are. */
export function asFolderError(folder: string, error: unknown): unknown {
  if (error instanceof FolderError) return error;
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof syscall !== 'string') return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new FolderError(
      'ERR_RETRIEVE_DISK_FULL',
      `${folder}: the disk is full (${code}); what is there is whole, and a new run goes on from it`,
      { cause: error }
    );
  }
  return new FolderError('ERR_RETRIEVE_FOLDER', `${folder}: cannot be written (${code})`, {
    cause: error,
  });
}
