import { stat } from 'node:fs/promises';
import type { FileToStore } from './file-to-store.ts';
import { plainOutcome } from './file-to-store.ts';
import { lookAtFile } from './look-at-file.ts';
import type { StoreContext } from './store-context.ts';
import { describeFileError } from './walk-files.ts';

/**
 * Looks at files again before they are sent again: they may have changed, or be gone.
 * @returns those that can be sent, as they are now; the others are finished.
 */
export async function refreshFiles(
  context: StoreContext,
  files: readonly FileToStore[]
): Promise<FileToStore[]> {
  const fresh: FileToStore[] = [];
  for (const file of files) {
    try {
      const { size, mtimeMs } = await stat(file.path);
      if (size === file.bytes && mtimeMs === file.mtimeMs) {
        fresh.push(file);
        continue;
      }
      const now = { file: file.file, path: file.path, bytes: size, mtimeMs };
      const looked = await lookAtFile(now, undefined);
      if (looked.kind === 'aside') await context.finish(file, looked.outcome);
      else fresh.push({ ...looked.file, mustAsk: file.mustAsk, earlier: file.earlier });
    } catch (error) {
      const message = describeFileError(error);
      await context.finish(file, plainOutcome(file, 'notSent', { message, retry: 'transient' }));
    }
  }
  return fresh;
}
