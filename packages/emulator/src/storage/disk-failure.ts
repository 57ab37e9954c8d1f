/** Codes of Node's system errors which mean that the disk takes or gives nothing now. */
const DISK_CODES: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
]);

/**
 * Whether an error is the disk's: full, over a quota, broken, read-only, or out of file handles.
 * The request may succeed later; what was acknowledged is not touched by it.
 */
export function isDiskFailure(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return error instanceof Error && code !== undefined && DISK_CODES.has(code);
}
